"""Hundreds of people at once, on Bluesky's own servers: each mention is one message, whenever it was filed."""

import asyncio
import os
from collections import Counter

import pytest
from sqlalchemy import select

from app.brands.account import open_account
from app.brands.models import BrandAccount
from app.core.transaction import transaction
from app.networks.adapters.bluesky import NETWORK, session
from app.networks.port import Account
from app.tickets.models import Message
from tests.given import hear
from tests.networks.adapters.bluesky.live.relay import LiveStage
from tests.networks.corridors import house

pytestmark = pytest.mark.live_bluesky

PEOPLE, WAVES = 6, 3
EACH = int(os.environ.get("LIVE_BLUESKY_MENTIONS", "126")) // PEOPLE // WAVES


async def test_hundreds_of_mentions_while_we_read_are_each_taken_in_once(database: str, live: LiveStage):
    session._newest.clear()
    await house(live)
    names = [f"fan{n}" for n in range(PEOPLE)]
    for name in names:
        live.person(name)

    async def says(name: str, wave: int) -> list[str]:
        texts = [f"@acme {name} says {wave} {n}" for n in range(EACH)]
        return [await asyncio.to_thread(live.post, name, text, catch_up=False) for text in texts]

    said: list[str] = []
    for wave in range(WAVES):
        uris, *_ = await asyncio.gather(asyncio.gather(*(says(name, wave) for name in names)), hear())
        said += [uri for some in uris for uri in some]
    await asyncio.to_thread(live.servers.catch_up)
    await hear()
    async with transaction() as tx:
        known = Counter(await tx.scalars(select(Message.uri).where(Message.kind == "customer")))
        account = open_account((await tx.scalars(select(BrandAccount))).one())
    assert known == Counter(said)
    assert await walked_back(account) == Counter(said)


async def walked_back(account: Account) -> Counter[str]:
    """What an import finds, page by page: those of one millisecond too, wherever a page ends."""
    found: Counter[str] = Counter()
    cursor: str | None = None
    while True:
        page = await NETWORK.older_mentions(account, cursor, limit=20)
        found.update(one.uri for one in page.items)
        cursor = page.cursor
        if not page.more:
            return found
