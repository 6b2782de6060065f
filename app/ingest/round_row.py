"""The rows of what is done about daily for each account: made with it, held while it is done, planned anew afterwards."""

import random
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record
from app.ingest.events import HealthChanged
from app.ingest.models import SILENT_AFTER, Poll, Round
from app.ingest.queries import health_of

EVERY: Final = timedelta(days=1)
LEASE: Final = timedelta(seconds=20)
"""Renewed while the network is asked: after a crash another worker goes on so soon."""
KINDS: Final = ("look", "check")
_SOON: Final = timedelta(minutes=15)


class RoundLost(Exception):
    """Another worker has taken this over, or the account was connected anew meanwhile; nothing is written down."""


def a_day_later() -> datetime:
    """In about a day, so that accounts which were connected together are not asked for together for ever."""
    return now() + EVERY * random.uniform(0.9, 1.1)  # noqa: S311 - jitter


async def begin_rounds(tx: Tx, account_id: str) -> None:
    """Plan everything for an account that has just been connected or mended.

    Who it is was read with that, so it is due tomorrow; what became of its posts meanwhile is looked at soon.
    """
    due = {"look": a_day_later(), "check": now() + _SOON}
    fresh = insert(Round).values(
        [
            {"id": f"{account_id} {kind}", "account_id": account_id, "kind": kind, "due_at": due[kind]}
            | {"attempts": 0, "failures": 0, "state": {}}
            for kind in KINDS
        ]
    )
    again = {
        "due_at": fresh.excluded.due_at,
        "lease_until": None,
        "attempts": Round.attempts + 1,  # who is at it with the old sign-in writes nothing down
        "failures": 0,
        "problem": None,
    }
    await tx.execute(fresh.on_conflict_do_update(index_elements=["id"], set_=again))


async def end_rounds(tx: Tx, account_id: str) -> None:
    """Do nothing more for an account that was taken off."""
    ended = update(Round).where(Round.account_id == account_id)
    await tx.execute(
        ended.values(due_at=None, lease_until=None, state={}, attempts=Round.attempts + 1).execution_options(
            synchronize_session=False
        )
    )


async def plan_rounds(tx: Tx) -> None:
    """Plan what accounts that are read have no row for yet: they were connected by an earlier version."""
    for kind in KINDS:
        due = case((Poll.due_at.is_not(None), literal(now()) + func.random() * timedelta(hours=1)))
        missing = select(
            Poll.account_id + f" {kind}",
            Poll.account_id,
            literal(kind),
            due,
            literal(0),
            literal(0),
        ).where(~select(Round).where(Round.id == Poll.account_id + f" {kind}").exists())
        columns = ["id", "account_id", "kind", "due_at", "attempts", "failures"]
        await tx.execute(insert(Round).from_select(columns, missing).on_conflict_do_nothing())


async def held(tx: Tx, claimed: Round) -> Round:
    """The row again, locked, if it is still ours. Raises RoundLost."""
    row = await tx.get(Round, claimed.id, with_for_update=True, populate_existing=True)
    if row is None or row.attempts != claimed.attempts:
        raise RoundLost
    return row


async def went_well(tx: Tx, mine: Round, brand_id: str, due_at: datetime) -> None:
    """It was done, or went on a step: the next is due then. What was said of its failing is taken back."""
    was_failing = mine.failures >= SILENT_AFTER
    mine.due_at, mine.lease_until, mine.failures, mine.problem = due_at, None, 0, None
    await tx.flush()
    if was_failing:
        record(tx, HealthChanged(brand_id=brand_id, health=await health_of(tx, mine.account_id)))
