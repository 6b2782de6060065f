"""renew_credentials(): new credentials are asked for by one process alone and stored at once, for all of them.

Networks whose refresh tokens hold once forget an account as soon as two processes ask for it side by side.
"""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Final
from weakref import WeakValueDictionary

from sqlalchemy import select

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.secrets import CredentialsUnreadable, seal, unseal
from app.core.transaction import transaction
from app.networks.errors import Unauthorized
from app.networks.port import Ask, Credentials, Renew

LEASE: Final = timedelta(seconds=30)
"""Longer than a network may take; who asked and died is replaced after it."""
_LOOK_SECONDS: Final = 0.05
_GONE: Final = "The account was taken off."

_locks: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()
"""One for each account that is being renewed, by event loop: within a process nobody polls the row for a neighbour."""


def renewer(account_id: str) -> Renew:
    """What an opened account carries as `renew`."""
    return partial(renew_credentials, account_id)


async def renew_credentials(account_id: str, old: Credentials, ask: Ask) -> Credentials:
    """The credentials that hold now, when `old` no longer do.

    Those stored are answered if they differ from `old`; else one caller, of all processes, asks the network and
    stores the answer, also when it is cancelled meanwhile, and the others get that. Raises Unauthorized when the
    account was taken off, and what `ask` raises.
    """
    lock = _locks.setdefault((id(asyncio.get_running_loop()), account_id), asyncio.Lock())
    async with lock:
        while True:
            async with transaction() as tx:
                row = await _held(tx, account_id)
                stored = _opened(row)
                if stored != old:
                    return stored
                if row.renewal_lease is None or row.renewal_lease <= now():
                    row.renewal, row.renewal_lease = row.renewal + 1, now() + LEASE
                    mine = row.renewal
                    break
            await asyncio.sleep(_LOOK_SECONDS)
        asking = asyncio.create_task(_ask_and_store(account_id, mine, old, ask))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            # The network may have changed them already: what it answers is stored before we go.
            await asyncio.wait({asking}, timeout=LEASE.total_seconds())
            raise


async def _ask_and_store(account_id: str, mine: int, old: Credentials, ask: Ask) -> Credentials:
    fresh: Credentials | None = None
    try:
        fresh = await ask(dict(old))
    finally:
        async with transaction() as tx:
            row = await _held(tx, account_id)
            if row.renewal == mine:
                row.renewal_lease = None
            stored = _opened(row)
            if fresh is not None and stored == old:
                row.credentials, stored = seal(fresh), fresh
    return stored


async def _held(tx: Tx, account_id: str) -> BrandAccount:
    query = select(BrandAccount).where(BrandAccount.id == account_id).with_for_update(key_share=True)
    row = await tx.scalar(query.execution_options(populate_existing=True))
    if row is None or row.state == "disconnected":
        raise Unauthorized(_GONE)
    return row


def _opened(row: BrandAccount) -> Credentials:
    try:
        return unseal(row.credentials)
    except CredentialsUnreadable as problem:
        raise Unauthorized(problem.sentence) from problem
