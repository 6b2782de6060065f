"""brought_account(): the account of a brand under which stands what other systems bring; the house makes it itself."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.brands.account import account_view
from app.brands.events import AccountChanged
from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.secrets import seal
from app.core.transaction import record
from app.networks.registry import networks


def _network() -> str:
    """The network that nobody connects."""
    return next(network.name for network in networks().values() if "brought" in network.can)


async def find_brought_account(tx: Tx, brand_id: str) -> BrandAccount | None:
    """The brand's account for what is brought, if anything ever was."""
    theirs = select(BrandAccount).filter_by(brand_id=brand_id, network=_network())
    found: BrandAccount | None = await tx.scalar(theirs.order_by(BrandAccount.id).limit(1))
    return found


async def brought_account(tx: Tx, brand: Brand, *, agent_id: str) -> BrandAccount:
    """The brand's account for what is brought, made at the first time; one that an import left off works again.

    Keys are what lets other systems in and keeps them out, so there is nothing about it to connect or take off.
    """
    account = await find_brought_account(tx, brand.id)
    if account is not None and account.state == "working":
        return account
    if account is None:
        # by the brand's own id, so that two who are first at the same time make one account
        row = {
            "id": new_id("ac"),
            "brand_id": brand.id,
            "network": _network(),
            "server": brand.id,
            "remote_id": brand.id,
            "handle": brand.name,
            "name": brand.name,
            "credentials": seal({}),
            "traits": {},
            "state": "working",
            "created_at": now(),
            "connected_at": now(),
        }
        fresh = await tx.scalar(insert(BrandAccount).values(row).on_conflict_do_nothing().returning(BrandAccount.id))
        account = await find_brought_account(tx, brand.id)
        assert account is not None
        if fresh is None:
            return account
    else:
        account.state, account.problem = "working", None
        account.revision += 1
        await tx.flush()
    record(tx, AccountChanged(brand_id=brand.id, account=account_view(account)), agent_id=agent_id)
    return account
