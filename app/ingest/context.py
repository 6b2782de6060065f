"""What stands around new posts: the parents nobody told us of, fetched before the page is taken in."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy import select

from app.core.transaction import transaction
from app.networks.errors import Gone, NetworkError, Unauthorized
from app.networks.port import Account, Inbound, Network
from app.tickets.models import Message

log = structlog.get_logger()

_AT_ONCE: Final = 6
MOST_SECONDS: Final = 45.0
"""So long may fetching take for a page; a slow server must not outlast the lease of who reads it."""


async def with_context(network: Network, account: Account, account_id: str, items: Sequence[Inbound]) -> list[Inbound]:
    """The posts and the unknown ones above them. What cannot be fetched now is left out and joins when it turns up.

    Asks the network once per unknown parent, and not at all when every parent is in the page or in the books.
    """
    here = {i.remote_id for i in items}
    wanted: dict[str, Inbound] = {}
    for item in items:
        if item.in_reply_to and item.in_reply_to not in here:
            wanted.setdefault(item.in_reply_to, item)
    if not wanted:
        return list(items)
    async with transaction() as tx:
        known = await tx.scalars(
            select(Message.remote_id).where(Message.account_id == account_id, Message.remote_id.in_(wanted))
        )
        for remote_id in known:
            wanted.pop(remote_id, None)
    gate = asyncio.Semaphore(_AT_ONCE)
    found: list[tuple[Inbound, ...]] = []

    async def above(item: Inbound) -> None:
        async with gate:
            try:
                found.append((await network.thread(account, item.remote_id)).ancestors)
            except Unauthorized:
                raise
            except Gone:
                return
            except NetworkError as problem:
                log.info("context_missing", account_id=account_id, problem=problem.sentence)

    try:
        async with asyncio.timeout(MOST_SECONDS):
            await asyncio.gather(*(above(item) for item in wanted.values()))
    except TimeoutError:
        log.info("context_missing", account_id=account_id, problem="The server is too slow.", asked=len(wanted))
    around = {i.uri: i for ancestors in found for i in ancestors if i.remote_id not in here}
    return [*around.values(), *items]
