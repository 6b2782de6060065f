"""backfill_due(): import what was said before, page by page backwards, without starting promises for it."""

from datetime import datetime, timedelta
from typing import Final

from app.agents.permit import Actor, require, sees
from app.brands.account import account_at_work
from app.brands.models import Brand, BrandAccount
from app.core import claim as queue
from app.core.clock import now
from app.core.db import Tx
from app.core.errors import Invalid
from app.core.transaction import record, transaction
from app.core.wake import wake
from app.ingest.budget import wait_for_month
from app.ingest.context import with_context
from app.ingest.events import HealthChanged
from app.ingest.models import Backfill
from app.ingest.outcome import pause_after
from app.ingest.queries import AccountNotFound, health_of
from app.ingest.receive import receive
from app.ingest.views import HealthView
from app.ledger.charge import charged, metered
from app.networks.errors import NetworkError, Unauthorized
from app.networks.port import Account
from app.networks.registry import network

LEASE: Final = timedelta(seconds=20)
MOST_DAYS: Final = 366


class TooFarBack(Invalid):
    """An import reaches back between 1 and 366 days."""


async def plan_backfill(tx: Tx, account_id: str, days: int) -> None:
    """Plan the import of the last `days` days. Raises TooFarBack."""
    if not 1 <= days <= MOST_DAYS:
        raise TooFarBack(field="days")
    await tx.merge(
        Backfill(
            account_id=account_id,
            created_at=now(),
            since=now() - timedelta(days=days),
            before=None,
            reached=None,
            taken=0,
            due_at=now(),
            lease_until=None,
            attempts=0,
            failures=0,
            problem=None,
            finished_at=None,
        ),
    )
    await wake(tx, "backfills")


async def ask_for_backfill(tx: Tx, actor: Actor, account_id: str, days: int) -> HealthView:
    """A lead asks for an import. Raises NotAllowed, AccountNotFound or TooFarBack."""
    require(actor, "connect_account")
    account = await tx.get(BrandAccount, account_id)
    if account is None or not sees(actor, account.brand_id):
        raise AccountNotFound
    await plan_backfill(tx, account_id, days)
    await tx.flush()
    health = await health_of(tx, account_id)
    record(tx, HealthChanged(brand_id=account.brand_id, health=health), agent_id=actor.agent_id)
    return health


async def backfill_due() -> bool:
    """Import one page of one account; whether there was one to import."""
    async with transaction() as tx:
        claimed = await queue.claim(tx, Backfill, lease=LEASE)
        if not claimed:
            return False
        work = claimed[0]
        account = await tx.get_one(BrandAccount, work.account_id)
        brand = await tx.get_one(Brand, account.brand_id)
        if await wait_for_month(tx, work, account):
            return True
    try:
        opened = account_at_work(account)
        async with metered(opened):
            await _import_page(opened, work, account, brand)
    except NetworkError as problem:
        await _note_failure(work, brand.id, problem)
    return True


async def _import_page(opened: Account, work: Backfill, account: BrandAccount, brand: Brand) -> None:
    adapter = network(account.network)
    async with queue.kept(work, LEASE):
        page = await adapter.older_mentions(opened, work.before, since=work.since)
        wanted = [i for i in page.items if i.posted_at >= work.since]
        items = await with_context(adapter, opened, account.id, wanted)
    async with charged(opened) as tx:
        mine = await tx.get(Backfill, work.account_id, with_for_update=True, populate_existing=True)
        if mine is None or mine.attempts != work.attempts:
            return  # asked for anew, or another worker has it
        taken = await receive(
            tx,
            brand,
            account,
            items,
            page.rejects,
            received_at=now(),
            old={i.uri for i in items if i.posted_at < account.connected_at},
        )
        mine.taken += taken.new
        mine.before, mine.lease_until, mine.failures, mine.problem = page.cursor, None, 0, None
        oldest = min((*(i.posted_at for i in page.items), *([page.reached] if page.reached else [])), default=None)
        mine.reached = min((at for at in (mine.reached, oldest) if at is not None), default=None)
        too_old = len(wanted) < len(page.items) or (page.reached is not None and page.reached < work.since)
        over = not page.more or page.cursor is None or too_old
        mine.due_at = None if over else now() + timedelta(seconds=page.again or 0)
        mine.finished_at = now() if over else None
        await tx.flush()
        record(tx, HealthChanged(brand_id=brand.id, health=await health_of(tx, account.id)))


async def _note_failure(work: Backfill, brand_id: str, problem: NetworkError) -> None:
    async with transaction() as tx:
        mine = await tx.get(Backfill, work.account_id, with_for_update=True, populate_existing=True)
        if mine is None or mine.attempts != work.attempts:
            return
        mine.failures += 1
        mine.problem = problem.sentence
        mine.lease_until = None
        mine.due_at = None if isinstance(problem, Unauthorized) else pause_after(mine.failures, problem)
        await tx.flush()
        record(tx, HealthChanged(brand_id=brand_id, health=await health_of(tx, work.account_id)))


async def next_backfill() -> datetime | None:
    """When the next import goes on."""
    async with transaction() as tx:
        return await queue.next_due(tx, Backfill)
