"""attach_account(), disconnect_account(), renew_account(), keep_up(): what a network told us of an account becomes its row."""

from sqlalchemy import column, select, table
from sqlalchemy.dialects.postgresql import insert

from app.agents.permit import Actor, require
from app.brands.account import account_view
from app.brands.errors import AccountAlreadyConnected, StaleAccount
from app.brands.events import AccountChanged, AccountConnected, AccountDisconnected
from app.brands.models import BrandAccount
from app.brands.queries import locked_account
from app.brands.views import BrandAccountView
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.secrets import seal, unseal
from app.core.transaction import record
from app.networks.port import Connected, Credentials

# Tickets stand on a floor above; whether an account has any is asked by the table's name.
_tickets = table("tickets", column("account_id"))


async def attach_account(
    tx: Tx, actor: Actor, brand_id: str, connected: Connected, *, import_days: int = 0
) -> BrandAccountView:
    """Let this account speak for the brand; the same account again gets its new credentials and works again.

    Only leads may. Raises AccountAlreadyConnected when it speaks, or has tickets, for another brand.
    """
    require(actor, "connect_account", brand_id)
    at, account = now(), connected.account
    key = {"network": account.network, "server": account.server, "remote_id": account.remote_id}
    first = {**_looks(connected), "credentials": seal(account.credentials), "state": "working"}
    fresh = await tx.scalar(
        insert(BrandAccount)
        .values(id=new_id("ac"), brand_id=brand_id, **key, **first, created_at=at, connected_at=at)
        .on_conflict_do_nothing()
        .returning(BrandAccount.id),
    )
    row = (await tx.scalars(select(BrandAccount).filter_by(**key).with_for_update(key_share=True))).one()
    if fresh is None:
        if row.brand_id != brand_id and not await _may_move(tx, row):
            raise AccountAlreadyConnected
        if row.state == "disconnected":
            row.connected_at = at
        _renew(row, connected)
        row.brand_id, row.state, row.problem = brand_id, "working", None
        row.revision += 1
        await tx.flush()
    view = account_view(row)
    record(tx, AccountConnected(brand_id=brand_id, account=view, import_days=import_days), agent_id=actor.agent_id)
    return view


async def _may_move(tx: Tx, row: BrandAccount) -> bool:
    """A brand chosen by mistake can be corrected while there is no ticket: take the account off, connect it there."""
    used = await tx.scalar(select(select(_tickets).where(_tickets.c.account_id == row.id).exists()))
    return row.state == "disconnected" and not used


async def disconnect_account(tx: Tx, actor: Actor, account_id: str, revision: int | None = None) -> BrandAccountView:
    """Take an account off and forget its credentials; its tickets stay. Only leads may.

    Raises AccountNotFound, StaleAccount.
    """
    require(actor, "connect_account")
    row = await locked_account(tx, actor, account_id)
    if revision not in {None, row.revision}:
        raise StaleAccount(account=account_view(row).model_dump(mode="json"))
    if row.state != "disconnected":
        row.state, row.problem, row.credentials = "disconnected", None, seal({})
        row.revision += 1
        await tx.flush()
        fact = AccountDisconnected(brand_id=row.brand_id, account=account_view(row))
        record(tx, fact, agent_id=actor.agent_id)
    return account_view(row)


async def renew_account(
    tx: Tx, actor: Actor, account_id: str, connected: Connected, *, opened_with: Credentials
) -> BrandAccountView:
    """Keep what the network says of the account now: its looks and its server's limits. Raises AccountNotFound.

    A broken account that answers works again. Credentials that were renewed since it was `opened_with` others stay.
    """
    require(actor, "connect_account")
    row = await locked_account(tx, actor, account_id)
    if row.state == "disconnected":
        return account_view(row)  # taken off while the network was asked
    return await _kept(tx, row, connected, opened_with, actor.agent_id)


async def keep_up(tx: Tx, account_id: str, connected: Connected, *, opened_with: Credentials) -> None:
    """As renew_account(), when nobody asked for it: an account that broke or was taken off meanwhile stays as it is."""
    query = select(BrandAccount).where(BrandAccount.id == account_id).with_for_update(key_share=True)
    row = await tx.scalar(query.execution_options(populate_existing=True))
    if row is not None and row.state == "working":
        await _kept(tx, row, connected, opened_with, None)


async def _kept(
    tx: Tx, row: BrandAccount, connected: Connected, opened_with: Credentials, by: str | None
) -> BrandAccountView:
    before, was_broken = account_view(row), row.state == "broken"
    stored = unseal(row.credentials)
    _renew(row, connected)
    if stored != opened_with:
        row.credentials = seal(stored)
    row.state, row.problem = "working", None
    if account_view(row) == before:
        await tx.flush()
        return before
    row.revision += 1
    await tx.flush()
    view = account_view(row)
    fact = AccountConnected if was_broken else AccountChanged
    record(tx, fact(brand_id=row.brand_id, account=view), agent_id=by)
    return view


def _looks(connected: Connected) -> dict[str, object]:
    return {
        "handle": connected.account.handle,
        "name": connected.name,
        "avatar_url": connected.avatar_url,
        "url": connected.url,
        "traits": connected.account.traits,
        "warnings": list(connected.warnings),
    }


def _renew(row: BrandAccount, connected: Connected) -> None:
    for name, value in _looks(connected).items():
        setattr(row, name, value)
    row.credentials = seal(connected.account.credentials)
