"""take_incoming(): a request that a network makes to an account's own address, answered by its adapter.

Nobody is signed in here: the address itself cannot be guessed, and what it says is a hint. Only what an adapter found
to be signed by the network, and what no reading would bring, is taken in as it came.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from app.agents.permit import Actor, require
from app.brands import incoming_address as address
from app.brands.account import account_at_work
from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.errors import Conflict, NotFound, TooMany, Unavailable
from app.core.metrics import came_in
from app.core.transaction import transaction
from app.ingest.line import take_hints
from app.ingest.queries import AccountNotFound
from app.ingest.receive import receive
from app.ledger.charge import metered
from app.networks.errors import NetworkError, Rejected
from app.networks.incoming import Answer, Request
from app.networks.port import Account, Hint, Inbound, Network
from app.networks.registry import networks

LARGEST: Final = 1_000_000
"""Bytes of a request; networks send a few kilobytes."""
PER_SECOND: Final = 50
AT_ONCE: Final = 200
"""Requests to one account's address that are answered together, and so many a second after them."""
_SECONDS: Final = 0.9
"""Networks give up after a few seconds, and some stop sending to who is slow."""
_MOST_KNOWN: Final = 1_000

log = structlog.get_logger()


class NoSuchAddress(NotFound):
    """There is nothing at this address."""


class TooManyIncoming(TooMany):
    """More requests than are taken at this address; send them again in a moment."""


class TookTooLong(Unavailable):
    """The request could not be answered in time; send it again."""


class NothingComesIn(Conflict):
    """This network makes no requests to us."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class _Pace:
    """How many requests each account's address may still take in this process."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def may(self, account_id: str) -> bool:
        at = time.monotonic()
        bucket = self._buckets.setdefault(account_id, _Bucket(AT_ONCE, at))
        self._buckets.move_to_end(account_id)
        while len(self._buckets) > _MOST_KNOWN:
            self._buckets.popitem(last=False)
        bucket.left, bucket.at = min(AT_ONCE, bucket.left + (at - bucket.at) * PER_SECOND), at
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True


_pace = _Pace()


def check_address(account_id: str, token: str) -> None:
    """Find out, before anything else is done for a stranger, that the address is one of ours and not overrun.

    Raises NoSuchAddress or TooManyIncoming.
    """
    if not address.is_address(account_id, token):
        came_in("unknown", "wrong_address")
        raise NoSuchAddress
    if not _pace.may(account_id):
        came_in("unknown", "too_many")
        raise TooManyIncoming


async def take_incoming(account_id: str, request: Request) -> Answer:
    """The adapter's answer within a second; if something happened, the account is due now.

    Raises NoSuchAddress when the account is not connected or its network makes no requests, and TookTooLong.
    """
    adapter, account = await _opened(account_id)
    try:
        async with metered(account), asyncio.timeout(_SECONDS):
            answer = await adapter.incoming(account, request)
    except TimeoutError as problem:
        came_in(account.network, "slow")
        raise TookTooLong from problem
    except NetworkError as problem:
        came_in(account.network, type(problem).__name__)
        log.info("incoming_refused", account_id=account_id, problem=problem.sentence)
        raise (NoSuchAddress if isinstance(problem, Rejected) else TookTooLong) from problem
    if answer.items:
        await _take_in(account_id, answer.items)
    if answer.happened or answer.about:
        await take_hints(account_id, [Hint(one) for one in answer.about] or [Hint()])
    if answer.problem is not None:
        log.info("incoming_refused", account_id=account_id, problem=answer.problem)
    came_in(account.network, answer.problem or ("happened" if answer.happened else "answered"))
    return answer


async def _take_in(account_id: str, items: Sequence[Inbound]) -> None:
    """Take in what came with the request, before the network hears that we have it; twice is as good as once."""
    async with transaction() as tx:
        account = await tx.get_one(BrandAccount, account_id)
        brand = await tx.get_one(Brand, account.brand_id)
        await receive(tx, brand, account, items, received_at=now())


async def _opened(account_id: str) -> tuple[Network, Account]:
    async with transaction() as tx:
        row = await tx.get(BrandAccount, account_id)
    adapter = networks().get(row.network) if row is not None else None
    if row is None or row.state == "disconnected" or adapter is None or "incoming" not in adapter.can:
        raise NoSuchAddress
    try:
        return adapter, account_at_work(row)
    except NetworkError as problem:  # credentials that no key opens
        raise TookTooLong from problem


async def incoming_path(tx: Tx, actor: Actor, account_id: str) -> str:
    """The path of the account's own address, to be given to its network. For leads.

    Raises AccountNotFound, BrandHidden, NotAllowed or NothingComesIn.
    """
    row = await tx.get(BrandAccount, account_id)
    if row is None:
        raise AccountNotFound
    require(actor, "connect_account", row.brand_id)
    adapter = networks().get(row.network)
    if adapter is None or "incoming" not in adapter.can or row.state == "disconnected":
        raise NothingComesIn
    return address.incoming_path(account_id)
