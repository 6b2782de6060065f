"""take_due(): claim deliveries fairly: the first of each ticket's line, a turn for each webhook, with all that leaving needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Integer,
    Text,
    any_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import aliased

from app.core import claim as queue
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import EventRow, Logged
from app.core.secrets import CredentialsUnreadable, unseal
from app.core.transaction import transaction
from app.hooks.backoff import PATIENCE
from app.hooks.body import body_of, message_id
from app.hooks.models import Delivery, Webhook

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=60)
"""Longer than waiting for a hand and the 15 s of a request together."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery, ready to leave: `attempts` fences it, `until` is when its lease ends."""

    id: str
    attempts: int
    tries: int
    webhook_id: str
    url: str
    keys: tuple[str, ...]
    message_id: str
    body: bytes
    until: datetime


def keys_of(webhook: Webhook, at: datetime) -> tuple[str, ...]:
    """The secrets that sign now: the present one, and the one before it while it still holds."""
    opened = unseal(webhook.sealed)
    old = webhook.old_until is not None and webhook.old_until > at and "old" in opened
    return (opened["secret"], opened["old"]) if old else (opened["secret"],)


def _opened(webhook: Webhook, at: datetime) -> tuple[str, ...]:
    """Its secrets; none when no key opens them: it is left alone for a minute, and the others go on."""
    try:
        return keys_of(webhook, at)
    except CredentialsUnreadable:
        log.exception("webhook_secret_unreadable", webhook_id=webhook.id)
        webhook.rests_until = at + timedelta(minutes=1)
        return ()


def _in_turn() -> Any:
    """The ids of due deliveries that are first in their lane: each webhook's first, then each one's second, and so on."""
    ids, rooms = bindparam("ids", type_=ARRAY(Text)), bindparam("rooms", type_=ARRAY(Integer))
    asked = func.unnest(ids, rooms).table_valued("webhook_id", "room").render_derived()
    earlier = aliased(Delivery)
    before = exists().where(
        earlier.webhook_id == Delivery.webhook_id,
        earlier.lane == Delivery.lane,
        earlier.seq < Delivery.seq,
        earlier.due_at.is_not(None),
    )
    free = or_(Delivery.lease_until.is_(None), Delivery.lease_until <= _AT)
    near = (
        select(Delivery.id, Delivery.due_at, Delivery.seq)
        .where(Delivery.webhook_id == asked.c.webhook_id, Delivery.due_at <= _AT, free, ~before)
        .order_by(Delivery.due_at, Delivery.seq)
        .limit(asked.c.room)
        .with_for_update(key_share=True, skip_locked=True, of=Delivery)
        .lateral("near")
    )
    order = (near.c.due_at, near.c.seq)
    turn = func.row_number().over(partition_by=asked.c.webhook_id, order_by=order)
    found = select(near.c.id).select_from(asked.join(near, true()))
    return found.order_by(turn, *order).limit(bindparam("most", type_=Integer))


# Made once: a worker at full speed asks these fifty times a second.
_AT: Final = bindparam("at", type_=DateTime(timezone=True))
_RESTED: Final = select(Webhook).where(Webhook.active, or_(Webhook.rests_until.is_(None), Webhook.rests_until <= _AT))
_IN_TURN: Final = _in_turn()
_EVENTS: Final = select(*(getattr(EventRow, name) for name in Logged.__slots__)).where(
    EventRow.seq == any_(bindparam("numbers", type_=ARRAY(BigInteger)))
)


async def take_due(most: int, each: int, held: Mapping[str, int]) -> list[Parcel]:
    """Claim up to `most` deliveries, of one webhook at most `each` with those `held` already, and one while it fails.

    Rows that were looked at and not chosen are free again at once.
    """
    at = now()
    async with transaction() as tx:
        webhooks = {one.id: one for one in await tx.scalars(_RESTED, {"at": at})}
        keys = {one.id: _opened(one, at) for one in webhooks.values()}
        room = {
            one.id: (each if one.failures < PATIENCE else 1) - held.get(one.id, 0)
            for one in webhooks.values()
            if keys[one.id]
        }
        room = {webhook_id: left for webhook_id, left in room.items() if left > 0}
        if not room:
            return []
        asked = {"ids": list(room), "rooms": list(room.values()), "most": most, "at": at}
        chosen = list(await tx.scalars(_IN_TURN, asked))
        if not chosen:
            return []
        rows = await queue.claim(tx, Delivery, lease=LEASE, limit=len(chosen), where=[Delivery.id.in_(chosen)])
        events = await _events(tx, [row.seq for row in rows])
    return [
        Parcel(
            row.id,
            row.attempts,
            row.tries,
            row.webhook_id,
            webhooks[row.webhook_id].url,
            keys[row.webhook_id],
            message_id(row.seq),
            body_of(events[row.seq], full=webhooks[row.webhook_id].full),
            at + LEASE,
        )
        for row in sorted(rows, key=lambda row: row.seq)
    ]


async def _events(tx: Tx, numbers: Sequence[int]) -> dict[int, Logged]:
    rows = await tx.execute(_EVENTS, {"numbers": list(numbers)})
    return {row.seq: Logged(*row) for row in rows}


async def let_go(parcels: Sequence[Parcel]) -> None:
    """Give back what was claimed and did not leave: nobody need wait for the leases to run out."""
    async with transaction() as tx:
        for parcel in parcels:
            mine = (Delivery.id == parcel.id, Delivery.attempts == parcel.attempts)
            await tx.execute(update(Delivery).where(*mine).values(lease_until=None))


async def next_due(full: Sequence[str]) -> datetime | None:
    """When the next delivery falls due at a webhook that has room; null when none is planned."""
    async with transaction() as tx:
        begins = func.greatest(
            Delivery.due_at,
            func.coalesce(Delivery.lease_until, Delivery.due_at),
            func.coalesce(Webhook.rests_until, Delivery.due_at),
        )
        first = (
            select(func.min(begins))
            .where(Delivery.webhook_id == Webhook.id, Delivery.due_at.is_not(None))
            .correlate(Webhook)
            .scalar_subquery()
        )
        asked = select(func.min(first)).where(Webhook.active, Webhook.id.not_in(full))
        due: datetime | None = await tx.scalar(asked)
    return due
