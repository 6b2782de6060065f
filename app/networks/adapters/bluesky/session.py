"""An account's session: the newest tokens we have, and one way to new ones, whoever asks first."""

import asyncio
from typing import Any, Final
from weakref import WeakKeyDictionary

from app.networks.adapters.bluesky.call import call
from app.networks.adapters.bluesky.failures import SessionOver
from app.networks.errors import Rejected, Unauthorized
from app.networks.foreign import identifier, member
from app.networks.port import Account, Credentials

_BUDGET: Final = 15.0

_newest: dict[str, Credentials] = {}
"""By account: what this process asked for or was given last. A row read before that still has the older ones."""
_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()


class SignInRefused(Unauthorized):
    """Bluesky no longer accepts this app password. Make a new one there and connect the account again."""


def current(account: Account) -> Credentials:
    """The credentials to use now: the newest known, unless the account has been given another password since."""
    kept = _newest.get(_key(account))
    same = kept is not None and kept.get("password") == account.credentials.get("password")
    return kept if kept is not None and same else account.credentials


async def renewed(account: Account, used: str) -> Credentials:
    """Credentials with another access token than `used`, which is over. Raises Unauthorized when there are none."""
    async with _lock(account):
        old = current(account)
        if old.get("access", "") != used:
            return old

        async def ask(credentials: Credentials) -> Credentials:
            return await _ask_for_new(home(account), account.remote_id, credentials)

        new = await (account.renew(old, ask) if account.renew is not None else ask(old))
        _newest[_key(account)] = new
        return new


def home(account: Account) -> str:
    """The server where the account's data lies, as its DID last told."""
    return str(account.traits.get("home") or account.server)


async def sign_in(server: str, who: str, password: str) -> tuple[Credentials, Any]:
    """Begin a session with an app password; its credentials, and what the server tells of the account."""
    asked = {"identifier": who, "password": password}
    url = f"{server}/xrpc/com.atproto.server.createSession"
    told = await call("POST", url, token=None, content=asked, budget=_BUDGET)
    return _credentials(told, password), told


async def _ask_for_new(server: str, did: str, old: Credentials) -> Credentials:
    """Refresh the session, or begin another with the app password when it cannot be refreshed any more."""
    password = old.get("password", "")
    told = None
    if old.get("refresh"):
        url = f"{server}/xrpc/com.atproto.server.refreshSession"
        try:
            told = await call("POST", url, token=old["refresh"], budget=_BUDGET)
        except SessionOver:
            told = None  # revoked, or unused for months: the password decides
    if told is not None:
        new = _credentials(told, password)
    elif password:
        try:
            new, told = await sign_in(server, did, password)
        except (Rejected, SessionOver) as refused:
            raise SignInRefused from refused
    else:
        raise SignInRefused
    if member(told, "did") != did:
        raise SignInRefused
    return new


def _credentials(told: Any, password: str) -> Credentials:
    access, refresh = (identifier(member(told, name), 10_000) for name in ("accessJwt", "refreshJwt"))
    if access is None or refresh is None:
        raise Rejected("The server gave no session.")
    return {"password": password, "access": access, "refresh": refresh}


def _key(account: Account) -> str:
    return account.id or f"{account.server} {account.remote_id}"


def _lock(account: Account) -> asyncio.Lock:
    locks = _locks.setdefault(asyncio.get_running_loop(), {})
    return locks.setdefault(_key(account), asyncio.Lock())
