"""mark_broken(), mark_working(): when a network refuses our credentials, and when it takes them again."""

from sqlalchemy import select

from app.brands.account import account_view
from app.brands.events import AccountBroken, AccountConnected
from app.brands.models import BrandAccount
from app.core.db import Tx
from app.core.transaction import record


async def _in_state(tx: Tx, account_id: str, state: str) -> BrandAccount | None:
    query = select(BrandAccount).where(BrandAccount.id == account_id).with_for_update(key_share=True)
    row = await tx.scalar(query.execution_options(populate_existing=True))
    return row if row is not None and row.state == state else None


async def mark_broken(tx: Tx, account_id: str, sentence: str) -> bool:
    """The network no longer accepts the account's sign-in, for this reason; whether that is news, which is recorded."""
    row = await _in_state(tx, account_id, "working")
    if row is None:
        return False
    row.state, row.problem = "broken", sentence
    row.revision += 1
    await tx.flush()
    record(tx, AccountBroken(brand_id=row.brand_id, account=account_view(row)))
    return True


async def mark_working(tx: Tx, account_id: str, *, by: str | None = None) -> bool:
    """The network accepts the account's sign-in again; whether that is news, which is recorded."""
    row = await _in_state(tx, account_id, "broken")
    if row is None:
        return False
    row.state, row.problem = "working", None
    row.revision += 1
    await tx.flush()
    record(tx, AccountConnected(brand_id=row.brand_id, account=account_view(row)), agent_id=by)
    return True
