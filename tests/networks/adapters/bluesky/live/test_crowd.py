"""Hundreds of people at once, on Bluesky's own servers: each mention is one message, whenever it was filed."""

import asyncio
import os
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.brands.account import open_account
from app.brands.models import BrandAccount
from app.core.clock import now
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


@pytest.mark.parametrize("limit", [2, 4])
async def test_mentions_that_share_their_millisecond_with_likes_are_found_wherever_a_page_ends(
    stage: LiveStage, limit: int
):
    """Likes and mentions of the same instants: what the AppView picks out by reason loses some of these for good."""
    stage.brand()
    fans, at = ("nora", "omar", "pia"), now() - timedelta(minutes=5)
    for name in fans:
        stage.person(name)
    ours = [stage.post("acme", f"We are open {limit} {n}", catch_up=False) for n in range(6)]
    for n, post in enumerate(ours):
        for name in fans[: (n + 1) % 4]:
            stage.like(name, post, at + timedelta(milliseconds=n))
    said = [
        stage.post("nora", f"@acme {limit} {n}", catch_up=False, at=at + timedelta(milliseconds=n)) for n in range(6)
    ]
    stage.servers.catch_up()
    account = (await NETWORK.connect(stage.fields(), {}, {}, "")).account
    found = await walked_back(account, limit)
    assert {uri: times for uri, times in found.items() if uri in said} == Counter(said)


async def walked_back(account: Account, limit: int = 20) -> Counter[str]:
    """What an import finds, page by page: those of one millisecond too, wherever a page ends."""
    found: Counter[str] = Counter()
    cursor: str | None = None
    while True:
        page = await NETWORK.older_mentions(account, cursor, limit=limit)
        found.update(one.uri for one in page.items)
        cursor = page.cursor
        if not page.more:
            return found
