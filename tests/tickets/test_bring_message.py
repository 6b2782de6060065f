"""Messages of other systems that come at the same time."""

import asyncio

from app.core.transaction import transaction
from app.tickets.bring_message import bring_message
from app.tickets.brought import Said
from app.tickets.dismiss import dismiss_ticket
from app.tickets.thread import hold_brand
from tests.given import somebody_waits
from tests.tickets.conftest import Heard


async def test_two_at_once_open_one_ticket_that_follows_and_a_repeat_waits_for_nobody(heard: Heard) -> None:
    over = await heard.ticket()

    async def say(reference: str) -> tuple[str | None, bool]:
        async with transaction() as tx:
            message, news = await bring_message(tx, heard.ana, over.id, Said("Hello?"), "customer", reference)
            return message.ticket_id, news

    assert await say("in-0") == (over.id, True)  # so that the account for what is brought is there
    async with transaction() as tx:
        await dismiss_ticket(tx, heard.ana, over.id, "spam", None)
    async with transaction() as tx:
        first, _ = await bring_message(tx, heard.ana, over.id, Said("Hello?"), "customer", "in-1")
        second = asyncio.create_task(say("in-2"))
        async with asyncio.timeout(10):
            while not await somebody_waits():
                assert not second.done()
    follows = first.ticket_id
    assert await second == (follows, True)
    assert follows != over.id
    async with transaction() as tx:
        await hold_brand(tx, heard.desk.brand_id)
        async with asyncio.timeout(10):
            assert await say("in-1") == (follows, False)
