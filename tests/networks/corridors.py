"""Both corridors through a network of any kind: from a mention to a ticket, and from a reply to one post."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from app.brands.connect import connect_account
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.models import Poll
from app.ingest.reread import reread_due
from app.networks.registry import networks
from app.replies.deliver import deliver_due
from app.replies.models import Reply
from app.replies.queries import replies_of, reply_options
from app.replies.send import Wish, send_reply
from app.replies.views import ReplyView
from app.tickets.inbox import Filter, inbox
from app.tickets.models import Conversation, Message
from app.tickets.queries import open_ticket
from app.tickets.views import TicketCard, TicketView
from tests.given import Desk, a_desk, hear, listen

LONG_AGO = timedelta(seconds=31)


class House:
    """A desk that speaks for the brand on a stage."""

    def __init__(self, stage: Any, desk: Desk) -> None:
        self.stage, self.desk = stage, desk

    async def cards(self) -> list[TicketCard]:
        async with transaction() as tx:
            return (
                await inbox(tx, self.desk.lead, Filter(states=("open", "waiting", "resolved"), order="newest"))
            ).items

    async def card(self) -> TicketCard:
        (card,) = await self.cards()
        return card

    async def story(self) -> TicketView:
        async with transaction() as tx:
            return await open_ticket(tx, self.desk.lead, (await self.card()).id)

    async def texts(self) -> set[str]:
        """What is in the books of all tickets together."""
        async with transaction() as tx:
            return set(await tx.scalars(select(Message.text)))

    async def reread(self) -> None:
        """Read every conversation again that is to be read at all, without waiting for its time."""
        async with transaction() as tx:
            await tx.execute(update(Conversation).where(Conversation.reread_at.is_not(None)).values(reread_at=now()))
        while await reread_due():
            async with transaction() as tx:
                await tx.execute(update(Poll).values(reread_free_at=None))

    async def send(self, text: str, *, key: str = "key-1", lane: str = "public") -> ReplyView:
        card = await self.card()
        async with transaction() as tx:
            seen = (await reply_options(tx, self.desk.lead, card.id)).newest_message_id
            wish = Wish(text=text, lane=lane, seen=seen, confirmed=True)  # type: ignore[arg-type]
            return await send_reply(tx, self.desk.lead, card.id, wish, key)

    async def replies(self) -> list[ReplyView]:
        async with transaction() as tx:
            return await replies_of(tx, self.desk.lead, (await self.card()).id)

    async def deliver(self, times: int = 12) -> None:
        """Deliver what is due, and what would be due later as if that time had come."""
        for _ in range(times):
            async with transaction() as tx:
                past = {"due_at": now(), "lease_until": None, "last_try_at": Reply.last_try_at - LONG_AGO}
                waiting = await tx.execute(update(Reply).where(Reply.due_at.is_not(None)).values(**past))
            if not waiting.rowcount:
                return
            await deliver_due()


async def house(stage: Any) -> House:
    """A fresh brand on the stage, connected and listening."""
    stage.reset()
    stage.brand()
    desk = await a_desk(agents=1)
    connected = await connect_account(
        desk.lead, desk.brand_id, stage.network, stage.fields(), import_days=0, return_url="http://localhost/return"
    )
    assert connected.account is not None
    await listen()
    return House(stage, desk)


async def a_story_from_mention_to_answer(on: House) -> None:
    """A mention is a ticket, once; the answer is one post under it; what nobody is told of is found; deletions follow."""
    asked_for = "@acme it is down again 😢"
    asked = on.stage.post("nora", asked_for)
    await hear()
    await hear()
    card = await on.card()
    assert (card.customer.handle, card.state, card.waiting) == (on.stage.full_handle("nora"), "open", 1)
    await on.send("We are on it: https://status.example/now")
    await on.deliver()
    (reply,) = await on.replies()
    assert reply.state == "sent", reply.problem
    (post,) = on.stage.posts_of_brand()
    assert post["in_reply_to_id"] == asked
    assert "We are on it" in post["text"]
    assert on.stage.was_told("nora", post["id"])
    more = on.stage.post("nora", "still down", in_reply_to_id=post["id"])
    await on.reread()
    # Some networks tell no more than the second, so that what was said in the same one may stand in another order.
    assert sorted((m.kind, m.text) for m in (await on.story()).messages)[1:] == [
        ("customer", asked_for),
        ("customer", "still down"),
    ]
    assert (await on.card()).state == "open"
    on.stage.delete(more)
    await on.reread()
    kept = "" if "forget" in networks()[(await on.story()).card.network].can else "still down"
    assert [m.text for m in (await on.story()).messages if m.vanished_at is not None] == [kept]


async def an_answer_lost_on_the_way(on: House, fault: str, *, after: bool) -> None:
    """The network did or did not do it, and no answer came: it is one post all the same."""
    on.stage.post("nora", "@acme it is down")
    await hear()
    on.stage.break_publish(fault, after=after)
    await on.send("Exactly once")
    await on.deliver(1)
    assert (await on.replies())[0].state == "unsure"
    await on.deliver()
    assert [one.state for one in await on.replies()] == ["sent"]
    (post,) = on.stage.posts_of_brand()
    assert "Exactly once" in post["text"]
