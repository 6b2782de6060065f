"""connect_account(), finish_connect(), refresh_account(): the way from a typed-in server to an account that answers.

Each waits for a network, so each opens its own short transactions before and after, and none meanwhile.
"""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.agents.permit import Actor, require
from app.brands.account import open_account
from app.brands.attach import attach_account, renew_account
from app.brands.errors import AccountDisconnectedAlready, ConnectionDeclined, ConnectionExpired
from app.brands.models import Connecting, NetworkApp
from app.brands.network import asked, checked_fields, has_secret, known_network
from app.brands.queries import brand_view, locked_account
from app.brands.views import BrandAccountView, ConnectView
from app.core.clock import now
from app.core.db import Tx
from app.core.secrets import seal, unseal
from app.core.transaction import transaction
from app.ledger.charge import charged, metered, write_uses
from app.networks.errors import Rejected, Unauthorized
from app.networks.port import Authorization, Connected

LASTS: Final = timedelta(minutes=15)
"""How long the browser may stay at the network before it comes back."""

_APP: Final = ("client_id", "client_secret")


async def connect_account(
    actor: Actor, brand_id: str, network: str, fields: dict[str, str], *, import_days: int, return_url: str
) -> ConnectView:
    """Connect at once with a pasted token, or say where the browser must go first; only leads may.

    Raises BrandNotFound, UnknownNetwork, FieldMissing, FieldUnknown, SignInRefused, NetworkRefused, NetworkSilent,
    AccountAlreadyConnected.
    """
    require(actor, "connect_account", brand_id)
    adapter = known_network(network)
    typed = checked_fields(adapter, fields)
    async with transaction() as tx:
        await brand_view(tx, brand_id)
        app = await _known_app(tx, network, typed, return_url)
    if has_secret(adapter, typed):
        connected = await asked(adapter.connect(typed, {}, {}, return_url), typed)
        view = await _attach(actor, brand_id, connected, import_days)
        return ConnectView(account=view, authorize_url=None)
    going = await asked(adapter.authorize({**typed, **app}, return_url), typed)
    async with transaction() as tx:
        await _keep_app(tx, network, typed, return_url, going)
        await tx.execute(delete(Connecting).where(Connecting.created_at < now() - LASTS))
        tx.add(
            Connecting(
                state=going.state,
                brand_id=brand_id,
                agent_id=actor.agent_id,
                network=network,
                fields=_sealed(typed, going.keep, return_url),
                import_days=import_days,
            ),
        )
    return ConnectView(account=None, authorize_url=going.url)


async def finish_connect(actor: Actor, answer: dict[str, str]) -> BrandAccountView:
    """Connect the account with which the browser came back; only whom the network was asked for, and once.

    Raises ConnectionExpired, ConnectionDeclined, and what connect_account() raises.
    """
    require(actor, "connect_account")
    async with transaction() as tx:
        begun = (
            await tx.scalars(
                delete(Connecting)
                .where(Connecting.state == answer.get("state", ""), Connecting.agent_id == actor.agent_id)
                .returning(Connecting)
                .execution_options(synchronize_session=False),
            )
        ).one_or_none()
    if begun is None or begun.created_at < now() - LASTS:
        raise ConnectionExpired
    if not answer.get("code"):
        raise ConnectionDeclined
    typed, keep, return_url = _unsealed(begun.fields)
    try:
        connected = await asked(known_network(begun.network).connect(typed, keep, answer, return_url))
    except Exception as problem:
        if isinstance(problem.__cause__, Rejected | Unauthorized):  # perhaps our registration is gone: make a new one
            async with transaction() as tx:
                await tx.execute(delete(NetworkApp).filter_by(**_app_key(begun.network, typed, return_url)))
        raise
    return await _attach(actor, begun.brand_id, connected, begun.import_days)


async def _attach(actor: Actor, brand_id: str, connected: Connected, import_days: int) -> BrandAccountView:
    """The account becomes ours, and what asking for it cost stands in its ledger from the first."""
    async with transaction() as tx:
        view = await attach_account(tx, actor, brand_id, connected, import_days=import_days)
        await tx.flush()
        await write_uses(tx, [(replace(connected.account, id=view.id), connected.account.meter.take())])
    return view


async def refresh_account(actor: Actor, account_id: str) -> BrandAccountView:
    """Ask the account's server again who it is and what may be posted; only leads may.

    Raises AccountNotFound, AccountDisconnectedAlready, SignInRefused, NetworkRefused, NetworkSilent.
    """
    require(actor, "connect_account")
    async with transaction() as tx:
        row = await locked_account(tx, actor, account_id)
        if row.state == "disconnected":
            raise AccountDisconnectedAlready
        account = open_account(row)
    async with metered(account):
        connected = await asked(known_network(account.network).refresh(account))
        async with charged(account, replace(connected.account, id=account_id)) as tx:
            return await renew_account(tx, actor, account_id, connected, opened_with=account.credentials)


def _sealed(typed: dict[str, str], keep: dict[str, str], return_url: str) -> str:
    return seal({"typed": json.dumps(typed), "keep": json.dumps(keep), "return_url": return_url})


def _unsealed(sealed: str) -> tuple[dict[str, str], dict[str, str], str]:
    kept = unseal(sealed)
    return json.loads(kept["typed"]), json.loads(kept["keep"]), kept["return_url"]


def _app_key(network: str, typed: dict[str, str], return_url: str) -> dict[str, str]:
    """Our registration is known by the server as it was typed: a network of many servers asks for `server`."""
    server = typed.get("server", "").lower().removeprefix("https://").rstrip("/")
    return {"network": network, "server": server, "return_url": return_url}


async def _known_app(tx: Tx, network: str, typed: dict[str, str], return_url: str) -> dict[str, str]:
    sealed = await tx.scalar(select(NetworkApp.sealed).filter_by(**_app_key(network, typed, return_url)))
    return {} if sealed is None else unseal(sealed)


async def _keep_app(tx: Tx, network: str, typed: dict[str, str], return_url: str, going: Authorization) -> None:
    if any(name not in going.keep for name in _APP):
        return  # this network knows no registration
    sealed = seal({name: going.keep[name] for name in _APP})
    key = _app_key(network, typed, return_url)
    kept = insert(NetworkApp).values(**key, sealed=sealed, created_at=now())
    await tx.execute(kept.on_conflict_do_update(index_elements=list(key), set_={"sealed": sealed}))
