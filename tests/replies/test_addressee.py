"""A network that calls somebody otherwise in private says so with the answer, and they stay one customer with one ticket."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from app.core.clock import now
from app.core.transaction import transaction
from app.customers.merge import merge_customers
from app.customers.models import Identity
from app.networks.port import Author, Published
from app.replies.deliver import deliver_due
from app.replies.models import Reply
from app.replies.send import Wish, send_reply
from app.replies.settle import write_down_sent
from tests.conftest import Turned
from tests.given import somebody_waits
from tests.lean import SERVER, Lean, a_post
from tests.tickets.conftest import Heard, heard

__all__ = ["heard"]
PRIVATE = Author("page-nora", "", "Nora")


async def answered(heard: Heard, ticket_id: str) -> str:
    wish = Wish(text="Write to us here", lane="private", seen=None, confirmed=True)
    async with transaction() as tx:
        return (await send_reply(tx, heard.ana, ticket_id, wish, f"key {ticket_id}")).id


async def delivered() -> None:
    clock.turn(now() + timedelta(seconds=6))
    while await deliver_due():
        pass


async def says_in_private(heard: Heard) -> str:
    """The ticket of what somebody says under the id that they have in private."""
    post = replace(a_post("dm", "nora", now(), visibility="direct"), author=PRIVATE)
    (ticket_id,) = (await heard.hear(post)).ticket_ids
    return ticket_id


async def whose() -> dict[str, tuple[str, str]]:
    """Customers and handles by the network's ids."""
    async with transaction() as tx:
        found = await tx.execute(select(Identity.remote_id, Identity.customer_id, Identity.handle))
        return {row.remote_id: (row.customer_id, row.handle) for row in found}


async def states() -> list[str]:
    async with transaction() as tx:
        return sorted(await tx.scalars(select(Reply.state)))


async def test_what_they_say_in_private_joins_their_ticket(heard: Heard, lean: Lean, turned: Turned) -> None:
    asked = await heard.ticket("nora")
    await answered(heard, asked.id)
    lean.addressee = PRIVATE.remote_id
    await delivered()
    assert await states() == ["sent"]
    assert (await whose())["page-nora"] == (await whose())["id-nora"] == (asked.customer.id, "nora@lean.example")
    assert await says_in_private(heard) == asked.id
    assert (await heard.card(asked.id)).state == "open"


async def test_an_id_that_is_somebodys_already_stays_theirs(heard: Heard, lean: Lean, turned: Turned) -> None:
    stranger = await says_in_private(heard)  # who was quicker than we heard what the network calls them
    asked = await heard.ticket("nora")
    await answered(heard, asked.id)
    lean.addressee = PRIVATE.remote_id
    await delivered()
    assert await states() == ["sent"]
    assert (await whose())["page-nora"][0] == (await heard.card(stranger)).customer.id != asked.customer.id


async def test_an_answer_that_was_another_replys_names_nobody(heard: Heard, lean: Lean, turned: Turned) -> None:
    omars, noras = await heard.ticket("omar"), await heard.ticket("nora")
    await answered(heard, omars.id)
    await delivered()
    (out,) = lean.out
    reply_id = await answered(heard, noras.id)
    wrong = replace(out.published, addressee="page-omar")
    async with transaction() as tx:
        await write_down_sent(tx, [(await tx.get_one(Reply, reply_id), wrong)])
    assert await states() == ["sent", "unsure"]
    assert "page-omar" not in await whose()


async def test_it_follows_a_customer_who_is_just_becoming_one_with_another(
    heard: Heard, lean: Lean, turned: Turned
) -> None:
    kept, asked = await heard.ticket("omar"), await heard.ticket("nora")
    reply_id = await answered(heard, asked.id)
    said = Published("out", f"{SERVER}/posts/out", None, now(), addressee=PRIVATE.remote_id)

    async def settle() -> None:
        async with transaction() as tx:
            await write_down_sent(tx, [(await tx.get_one(Reply, reply_id), said)])

    async with transaction() as tx:
        await merge_customers(tx, heard.lead, kept.customer.id, asked.customer.id)
        settling = asyncio.create_task(settle())
        async with asyncio.timeout(10):
            while not await somebody_waits():
                assert not settling.done()
    await settling
    assert (await whose())["page-nora"][0] == kept.customer.id
