"""round_due(): what is done for an account about daily; one that fails stops neither reading nor the others."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import func, update

from app.brands.account import account_at_work
from app.brands.models import Brand, BrandAccount
from app.core import claim as queue
from app.core.clock import now
from app.core.sentry import unit
from app.core.transaction import record, transaction
from app.core.wake import wake
from app.ingest.budget import SPENT, out_of_budget
from app.ingest.check import check_posts
from app.ingest.events import HealthChanged
from app.ingest.look import look_at_account
from app.ingest.models import SILENT_AFTER, Poll, Round
from app.ingest.outcome import pause_after
from app.ingest.queries import health_of
from app.ingest.round_row import EVERY, LEASE, RoundLost
from app.ledger.charge import metered
from app.ledger.months import month_ends
from app.networks.errors import NetworkError, RateLimited, Unauthorized
from app.networks.port import Account

log = structlog.get_logger()

_FIRST_PAUSE: Final = timedelta(minutes=10)

_WORK: Final[Mapping[str, Callable[[Account, Round, BrandAccount, Brand], Awaitable[None]]]] = {
    "look": look_at_account,
    "check": check_posts,
}

_MAY_COST: Final = frozenset(("look",))
"""Checking is free wherever it is done at all (`checks` of the port): what must go is found on a spent budget too."""


async def round_due() -> bool:
    """Do one thing for one account whose time has come; whether there was one."""
    async with transaction() as tx:
        claimed = await queue.claim(tx, Round, lease=LEASE, where=(Round.kind.in_(_WORK),))
        if not claimed:
            return False
        row = claimed[0]
        account = await tx.get_one(BrandAccount, row.account_id)
        brand = await tx.get_one(Brand, account.brand_id)
        if account.state != "working":
            row.due_at = row.lease_until = None  # connecting it again plans it anew
            return True
        if row.kind in _MAY_COST and await out_of_budget(tx, account):
            row.due_at, row.lease_until, row.problem = month_ends(now()), None, SPENT
            return True
    with unit("round", f"{row.kind} {account.network}"):
        try:
            opened = account_at_work(account)
            async with metered(opened), queue.kept(row, LEASE):
                await _WORK[row.kind](opened, row, account, brand)
        except RoundLost:
            log.info("lease_lost", account_id=account.id, kind=row.kind)
        except NetworkError as problem:
            await _note(row, brand.id, problem)
    return True


async def _note(row: Round, brand_id: str, problem: NetworkError) -> None:
    """Write down that it failed, to be said once it fails again and again; tried again ever more seldom.

    Whether the sign-in itself is refused is found out by reading, which is due now: not everything that may be
    refused here keeps an account from hearing.
    """
    async with transaction() as tx:
        mine = await tx.get(Round, row.id, with_for_update=True, populate_existing=True)
        if mine is None or mine.attempts != row.attempts:
            return
        mine.failures += 1
        mine.problem, mine.lease_until = problem.sentence, None
        later = now() + min(_FIRST_PAUSE * 2 ** min(mine.failures - 1, 10), EVERY)
        mine.due_at = max(later, pause_after(1, problem)) if isinstance(problem, RateLimited) else later
        if isinstance(problem, Unauthorized):
            reading = update(Poll).where(Poll.account_id == row.account_id, Poll.due_at.is_not(None))
            soon = reading.values(due_at=func.least(Poll.due_at, now()))
            await tx.execute(soon.execution_options(synchronize_session=False))
            await wake(tx, "polls")
        await tx.flush()
        if mine.failures == SILENT_AFTER:
            record(tx, HealthChanged(brand_id=brand_id, health=await health_of(tx, row.account_id)))


async def next_round() -> datetime | None:
    """When the next thing is due."""
    async with transaction() as tx:
        return await queue.next_due(tx, Round)
