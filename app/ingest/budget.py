"""wait_for_month(), resume_reading(): paid reading stops with a spent budget, and goes on with the next or a larger one."""

from typing import Final

from sqlalchemy import func, update

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record
from app.core.wake import wake
from app.ingest.events import HealthChanged
from app.ingest.models import Backfill, Poll, Round
from app.ingest.queries import health_of
from app.ledger.events import BudgetChanged
from app.ledger.months import month_ends
from app.ledger.queries import is_spent

SPENT: Final = "The budget of this month is spent: nothing is read before the next month, or until a lead raises it."


async def out_of_budget(tx: Tx, account: BrandAccount) -> bool:
    """Whether reading this account costs something that its budget does not pay; no statement where it costs nothing."""
    return await is_spent(tx, account.id, account.network, "read")


async def wait_for_month(tx: Tx, work: Poll | Backfill, account: BrandAccount) -> bool:
    """Put claimed reading off to the next month if the account's budget is spent; whether it was, which its health says."""
    if not await out_of_budget(tx, account):
        return False
    told = work.problem == SPENT
    work.due_at, work.lease_until, work.problem = month_ends(now()), None, SPENT
    if not told:
        await tx.flush()
        record(tx, HealthChanged(brand_id=account.brand_id, health=await health_of(tx, account.id)))
    return True


async def resume_reading(tx: Tx) -> None:
    """A commit reaction: what waited for an account's budget is due when a lead has changed that."""
    for fact in [noted.fact for noted in tx.noted if isinstance(noted.fact, BudgetChanged)]:
        for table in (Poll, Backfill):
            due = {"due_at": func.least(table.due_at, now()), "problem": func.nullif(table.problem, SPENT)}
            waiting = update(table).where(table.account_id == fact.account_id, table.due_at.is_not(None))
            await tx.execute(waiting.values(due).execution_options(synchronize_session=False))
        # these are not due for being asked for: only what waited goes on
        waited = update(Round).where(Round.account_id == fact.account_id, Round.problem == SPENT)
        resumed = waited.values(due_at=func.least(Round.due_at, now()), problem=None)
        await tx.execute(resumed.execution_options(synchronize_session=False))
        free = update(Poll).where(Poll.account_id == fact.account_id).values(reread_free_at=None)
        await tx.execute(free.execution_options(synchronize_session=False))
        for kind in ("polls", "backfills", "rereads", "rounds"):
            await wake(tx, kind)
