"""Both ways through the house, with X at the other end: what is said becomes a ticket, and an answer goes out once."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, update

from app.brands.connect import connect_account
from app.brands.queries import accounts
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.incoming import take_incoming
from app.ingest.models import Poll
from app.ingest.reread import reread_due
from app.ledger.models import Spending
from app.networks.adapters.x import costs, memory
from app.networks.adapters.x.incoming import signature
from app.networks.incoming import Request
from app.replies.deliver import deliver_due
from app.replies.errors import AnswerByHand
from app.replies.models import Reply
from app.replies.queries import replies_of, reply_options
from app.replies.send import Wish, send_reply
from app.replies.views import ReplyView
from app.tickets.inbox import Filter, inbox
from app.tickets.models import Conversation
from app.tickets.queries import open_ticket
from app.tickets.views import TicketView
from tests.given import Desk, a_desk, hear, listen
from tests.networks.adapters.x.stage import CONSUMER_SECRET, XStage
from tests.test_corridor_out import deliver


@pytest.fixture(scope="module")
def x() -> Iterator[XStage]:
    with XStage() as stage:
        yield stage


@dataclass
class House:
    """A desk that listens to the double, and what its agent does."""

    desk: Desk
    x: XStage

    async def hear(self) -> None:
        for known in memory._memories.values():
            known.messages_asked.clear()
        await hear()

    async def tickets(self) -> list[TicketView]:
        async with transaction() as tx:
            cards = (await inbox(tx, self.desk.lead, Filter())).items
            return [await open_ticket(tx, self.desk.lead, card.id) for card in cards]

    async def ticket(self) -> TicketView:
        (only,) = await self.tickets()
        return only

    async def read_again(self) -> None:
        async with transaction() as tx:
            await tx.execute(update(Conversation).values(reread_at=now()))
        while await reread_due():
            async with transaction() as tx:
                await tx.execute(update(Poll).values(reread_free_at=None))

    async def send(self, ticket_id: str, text: str, **more: Any) -> ReplyView:
        async with transaction() as tx:
            seen = (await reply_options(tx, self.desk.agents[0], ticket_id)).newest_message_id
            wish = Wish(text=text, **{"lane": "public", "seen": seen, **more})
            return await send_reply(tx, self.desk.agents[0], ticket_id, wish, f"key {text}")

    async def deliver(self) -> None:
        """Deliver what is due, and what would be due later as if that time had come."""
        await deliver()

    async def states(self, ticket_id: str) -> list[str]:
        async with transaction() as tx:
            return [reply.state for reply in await replies_of(tx, self.desk.agents[0], ticket_id)]


@pytest.fixture
async def house(database: str, x: XStage) -> House:
    memory._memories.clear()
    x.reset()
    x.brand()
    desk = await a_desk(agents=1)
    fields = {**x.fields(), "query": "acme"}
    connected = await connect_account(
        desk.lead, desk.brand_id, "x", fields, import_days=0, return_url="http://localhost/return"
    )
    assert connected.account is not None
    assert connected.account.limits.unit == "weighted"
    await listen()
    return House(desk, x)


async def test_what_is_said_becomes_tickets_with_their_story(house: House):
    asked = house.x.post("nora", "@acme my order is late")
    house.x.post("zoe", "acme is down")
    house.x.post("ida", "my code?", visibility="direct")
    await house.hear()
    told = {view.messages[0].author.handle: view for view in await house.tickets()}
    assert told.keys() == {"nora", "zoe", "ida"}
    assert told["ida"].messages[0].lane == "private"
    house.x.post("omar", "@nora same here", in_reply_to_id=asked)  # nobody is told of it
    house.x.edit(asked, "@acme my order #4711 is late")
    await house.read_again()
    nora = next(view for view in await house.tickets() if view.card.id == told["nora"].card.id)
    assert nora.messages[0].text == "@acme my order #4711 is late"
    assert "@nora same here" in [one.text for one in nora.messages]
    house.x.delete(asked)
    await house.read_again()
    nora = next(view for view in await house.tickets() if view.card.id == told["nora"].card.id)
    assert nora.messages[0].vanished_at is not None


async def test_messages_of_one_person_are_one_ticket_with_our_answers_from_elsewhere(house: House):
    house.x.post("ida", "one", visibility="direct")
    await house.hear()
    house.x.world.write("acme", "ida", "hello")
    await asyncio.sleep(0.002)  # told apart by the millisecond
    house.x.post("ida", "two", visibility="direct")
    await house.hear()
    ticket = await house.ticket()
    assert [(one.kind, one.text) for one in ticket.messages] == [
        ("customer", "one"),
        ("brand", "hello"),
        ("customer", "two"),
    ]


async def test_what_only_the_webhook_tells_is_taken_in_once_and_forgeries_are_not(house: House):
    quoted = house.x.world.say("zoe", "look at this", quotes=await house.x.post_as_brand("Hello"))
    body = house.x.tell("post.quote.create", house.x.world.post_entity(quoted))
    chat = {"id": "abc", "sender_id": house.x.world.person("ida"), "created_at_msec": f"{now().timestamp() * 1000:.0f}"}
    encrypted = house.x.tell("chat.received", chat)
    async with transaction() as tx:
        (account,) = await accounts(tx, house.desk.lead)
    for signed in (CONSUMER_SECRET, "another", CONSUMER_SECRET):
        for sent in (body, encrypted):
            header = {"x-twitter-webhooks-signature": signature(signed.encode(), sent)}
            answer = await take_incoming(account.id, Request("POST", {}, header, sent))
            assert answer.status == (200 if signed == CONSUMER_SECRET else 403)
    told = {view.messages[0].author.handle: view for view in await house.tickets()}
    assert told.keys() == {"zoe", "ida"}
    assert [len(view.messages) for view in told.values()] == [1, 1]
    with pytest.raises(AnswerByHand) as refused:
        await house.send(told["ida"].card.id, "Hello", lane="private")
    assert refused.value.details["why"] == "answer.x.encrypted"
    await house.read_again()
    assert (await house.tickets())[0].messages[0].vanished_at is None


async def test_whom_x_does_not_let_us_answer_is_answered_by_hand(house: House):
    post = house.x.post("zoe", "acme is down")
    await house.hear()
    ticket = await house.ticket()
    with pytest.raises(AnswerByHand) as refused:
        await house.send(ticket.card.id, "Hello")
    assert refused.value.details["why"] == "answer.x.not_summoned"
    assert refused.value.details["url"] == f"https://x.com/zoe/status/{post}"
    assert house.x.posts_of_brand() == []


async def test_an_answer_goes_out_once_under_what_it_answers(house: House):
    asked = house.x.post("nora", "@acme it is down")
    await house.hear()
    ticket = await house.ticket()
    await house.send(ticket.card.id, "We are on it")
    await house.deliver()
    (post,) = house.x.posts_of_brand()
    assert (post["text"], post["in_reply_to_id"]) == ("We are on it", asked)
    assert await house.states(ticket.card.id) == ["sent"]
    await house.hear()
    await house.read_again()
    assert [one.kind for one in (await house.ticket()).messages] == ["customer", "brand"]


async def test_the_parts_of_a_long_answer_cost_what_the_composer_adds_up_for_them_at_the_most(house: House):
    asked = house.x.post("nora", "@acme it is down")
    await house.hear()
    ticket = await house.ticket()
    words = "We are looking into it and will write again. " * 5
    await house.send(ticket.card.id, f"{words}{words} See https://status.example/now {words}", split=True)
    await house.deliver()
    first, *following = house.x.posts_of_brand()
    assert first["in_reply_to_id"] == asked
    assert [post["in_reply_to_id"] for post in following] == [first["id"], following[0]["id"]]
    linked = [costs.has_link(post["text"]) for post in (first, *following)]
    assert sorted(linked) == [False, False, True]
    async with transaction() as tx:
        spent = await tx.execute(select(Spending.name, Spending.uses, Spending.micros).where(Spending.micros > 0))
        used = {name: (uses, micros) for name, uses, micros in spent if name.startswith(("post.c", "reply."))}
        cost = (await reply_options(tx, house.desk.agents[0], ticket.card.id)).lanes[0].cost
    assert used == {"reply.summoned": (1, 10_000), "post.create": (1, 15_000), "post.create_with_link": (1, 200_000)}
    assert cost is not None
    said = sum(cost.with_link_micros if with_link else cost.micros for with_link in linked)
    assert said - 5_000 == sum(micros for _, micros in used.values())  # to be asked makes the first part cheaper


@pytest.mark.parametrize("fault", ["drop", "error", "html", "broken"])
async def test_a_lost_answer_is_looked_for_and_never_doubled(house: House, fault: str):
    house.x.post("nora", "@acme it is down")
    await house.hear()
    ticket = await house.ticket()
    house.x.break_publish(fault, after=True)
    await house.send(ticket.card.id, f"Exactly once {fault}")
    async with transaction() as tx:
        await tx.execute(update(Reply).values(due_at=now()))
    await deliver_due()
    assert await house.states(ticket.card.id) == ["unsure"]
    await house.deliver()
    assert await house.states(ticket.card.id) == ["sent"]
    assert len(house.x.posts_of_brand()) == 1


async def test_a_repeat_that_x_calls_a_duplicate_settles_what_the_search_did_not_show(house: House):
    house.x.world.refuse_duplicates = True
    house.x.post("nora", "@acme it is down")
    await house.hear()
    ticket = await house.ticket()
    own = f"/2/users/{house.x.brand_id}/tweets"
    house.x.break_publish("drop", after=True)
    empty = {"meta": {"result_count": 0}}  # the index lags: at first it shows nothing
    house.x.fault("answer", path=own, status=200, body=empty, times=1)
    await house.send(ticket.card.id, "Only once")
    await house.deliver()
    assert await house.states(ticket.card.id) == ["sent"]
    assert len(house.x.posts_of_brand()) == 1


async def test_a_private_answer_reaches_its_recipient(house: House):
    house.x.post("ida", "psst", visibility="direct")
    await house.hear()
    ticket = await house.ticket()
    await house.send(ticket.card.id, "Your code is 4711, ask @anybody", lane="private")
    await house.deliver()
    (post,) = house.x.posts_of_brand()
    assert post["visibility"] == "direct"
    assert house.x.was_told("ida", post["id"])
    await house.hear()
    assert len((await house.ticket()).messages) == 2


async def test_a_refusal_is_shown_in_the_words_of_x(house: House):
    house.x.post("nora", "@acme it is down")
    await house.hear()
    ticket = await house.ticket()
    house.x.fault("answer", path="/2/tweets", method="POST", status=403, body={"detail": "You may not reply here."})
    await house.send(ticket.card.id, "Hello")
    await house.deliver()
    async with transaction() as tx:
        (reply,) = await replies_of(tx, house.desk.agents[0], ticket.card.id)
    assert (reply.state, reply.problem) == ("failed", "You may not reply here.")
