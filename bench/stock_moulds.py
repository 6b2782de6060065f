"""The tickets of which a stock is multiplied: a dozen histories, lived through the product's own verbs."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text

from app.agents.permit import Actor
from app.brands.models import Brand, BrandAccount
from app.core import clock
from app.core.db import Tx
from app.core.transaction import transaction
from app.ingest.receive import receive
from app.networks.port import Author, Inbound, Published, Role, Segment
from app.replies.models import Reply
from app.replies.send import send_reply
from app.replies.settle import write_down_sending, write_down_sent
from app.replies.wish import Wish
from app.sla.fire import fire_due
from app.tickets.assign import assign_ticket
from app.tickets.dismiss import dismiss_ticket
from app.tickets.label import label_ticket
from app.tickets.models import Message, Ticket
from app.tickets.move import move_ticket
from app.tickets.note import add_note
from app.tickets.prioritise import prioritise_ticket
from app.tickets.state import Priority, State
from bench.stock_desk import DAY, SERVER, START, URGENT, Desk


@dataclass
class Mould:
    """A ticket with three messages whose history is lived once; `shares` are parts of a hundred, by age, oldest first."""

    name: str
    shares: tuple[int, int, int, int]
    live: Callable[["Mould"], Awaitable[None]]
    agent: Actor | None = None
    account_id: str = ""
    ticket_id: str = ""

    def key(self, what: str) -> str:
        """A word that stands nowhere else, so that copies can have another in its place."""
        return f"{self.name}mould{what}"

    async def say(self, message: int, after: int, role: Role = "mention") -> None:
        """A post of the customer, or of the brand from outside, so many seconds after the beginning."""
        posted = START + timedelta(seconds=after)
        clock.turn(posted + timedelta(seconds=4))
        async with transaction() as tx:
            account = await tx.get_one(BrandAccount, self.account_id)
            brand = await tx.get_one(Brand, account.brand_id)
            who = Author(self.key("author"), f"{self.key('handle')}@stock.example", self.key("name"), bot=False)
            if role == "own":
                who = Author(account.remote_id, account.handle, account.name)
            words = self.key(f"text{message}")
            post = Inbound(
                uri=f"{SERVER}/posts/{self.key(f'post{message}')}",
                url=f"{SERVER}/@/{self.key(f'post{message}')}",
                remote_id=self.key(f"post{message}"),
                author=who,
                role=role,
                segments=(Segment("mention", f"@{account.handle}", f"{SERVER}/@brand"), Segment("text", words)),
                text=words,
                posted_at=posted,
                visibility="public",
                in_reply_to=self.key(f"post{message - 1}") if message > 1 else None,
                language=self.key("language"),
                addressed=(account.handle,),
            )
            await receive(tx, brand, account, (post,), received_at=clock.now())
        async with transaction() as tx:
            found = await tx.scalar(select(Message.ticket_id).where(Message.remote_id == post.remote_id))
            self.ticket_id = found or self.ticket_id

    async def answer(self, message: int, after: int, then: str | None = None) -> None:
        """A reply of the agent, out on the network after so many seconds."""
        sent = START + timedelta(seconds=after)
        clock.turn(sent - timedelta(seconds=6))
        async with transaction() as tx:
            seen = await tx.scalar(
                select(Message.id).where(Message.ticket_id == self.ticket_id).order_by(Message.id.desc())
            )
            wish = Wish(
                self.key(f"text{message}"),
                "public",
                seen,
                then="resolve" if then == "resolve" else "wait" if then else None,
            )
            view = await send_reply(tx, self.who, self.ticket_id, wish, self.key("key"))
        clock.turn(sent)
        async with transaction() as tx:
            await write_down_sending(tx, [await tx.get_one(Reply, view.id)], sent + timedelta(seconds=60))
        clock.turn(sent + timedelta(seconds=1))
        async with transaction() as tx:
            place = self.key(f"post{message}")
            out = Published(
                place, f"{SERVER}/posts/{place}", f"{SERVER}/@/{place}", sent, text=self.key(f"text{message}")
            )
            await write_down_sent(tx, [(await tx.get_one(Reply, view.id), out)])

    @property
    def who(self) -> Actor:
        """The agent who works on it."""
        if self.agent is None:
            raise RuntimeError("A mould needs its agent.")
        return self.agent

    async def own(self, after: int) -> None:
        """The agent takes it."""
        async with _at(after) as tx:
            await assign_ticket(tx, self.who, self.ticket_id, self.who.agent_id, None)

    async def move(self, to: State, after: int, until: int | None = None) -> None:
        """The agent moves it."""
        async with _at(after) as tx:
            at = START + timedelta(seconds=until) if until else None
            await move_ticket(tx, self.who, self.ticket_id, to, None, until=at)

    async def rank(self, priority: Priority, after: int) -> None:
        """The agent says how urgent it is."""
        async with _at(after) as tx:
            await prioritise_ticket(tx, self.who, self.ticket_id, priority, None)

    async def label(self, after: int) -> None:
        """The agent labels it."""
        async with _at(after) as tx:
            await label_ticket(tx, self.who, self.ticket_id, [self.key("label")], [], None)

    async def note(self, after: int) -> None:
        """The agent writes a note."""
        async with _at(after) as tx:
            await add_note(tx, self.who, self.ticket_id, "Called back; waits for the warehouse.", self.key("note"))

    async def dismiss(self, after: int) -> None:
        """The agent finds no case in it."""
        async with _at(after) as tx:
            await dismiss_ticket(tx, self.who, self.ticket_id, "spam", None)


def _at(after: int) -> AbstractAsyncContextManager[Tx]:
    clock.turn(START + timedelta(seconds=after))
    return transaction()


async def _unanswered(m: Mould) -> None:
    await m.say(1, 0)
    await m.say(2, 1_200)
    await m.say(3, 10_800)


async def _owned(m: Mould) -> None:
    await _unanswered(m)
    await m.own(12_000)
    await m.rank("high", 12_060)


async def _talking(m: Mould) -> None:
    await m.say(1, 0)
    await m.answer(2, 3_000)
    await m.say(3, 7_200)


async def _labelled(m: Mould) -> None:
    await m.say(1, 0)
    await m.own(1_800)
    await m.label(1_860)
    await m.note(2_400)
    await m.answer(2, 3_000)
    await m.say(3, 7_200)


async def _urgent(m: Mould) -> None:
    await _unanswered(m)
    await m.own(12_000)
    await m.rank("urgent", 12_060)


async def _late(m: Mould) -> None:
    await _urgent(m)
    for after in (URGENT * 3 // 4 + 1, URGENT + 1):
        clock.turn(START + timedelta(seconds=after))
        while await fire_due():
            continue


async def _held(m: Mould) -> None:
    await _talking(m)
    await m.move("on_hold", 9_000)


async def _waiting(m: Mould) -> None:
    await m.say(1, 0)
    await m.say(2, 1_200)
    await m.answer(3, 3_000, "wait")


async def _snoozed(m: Mould) -> None:
    await _talking(m)
    await m.rank("low", 8_000)
    await m.move("snoozed", 9_000, until=75 * DAY)


async def _resolved(m: Mould) -> None:
    await m.say(1, 0)
    await m.say(2, 1_200)
    await m.answer(3, 3_000, "resolve")


async def _calm(m: Mould) -> None:
    await m.say(1, 0)
    await m.own(600)
    await m.label(660)
    await m.say(2, 1_200)
    await m.say(3, 2_000, "own")
    await m.move("resolved", 7_000)


async def _dismissed(m: Mould) -> None:
    await _unanswered(m)
    await m.dismiss(12_000)


def moulds() -> list[Mould]:
    """Every kind of ticket in a stock. The shares of each age add up to a hundred."""
    return [
        Mould("unanswered", (16, 16, 16, 16), _unanswered),
        Mould("owned", (12, 12, 14, 12), _owned),
        Mould("talking", (5, 5, 5, 5), _talking),
        Mould("labelled", (5, 5, 5, 5), _labelled),
        Mould("urgent", (0, 0, 0, 2), _urgent),
        Mould("late", (2, 2, 0, 0), _late),
        Mould("held", (3, 3, 3, 3), _held),
        Mould("waiting", (4, 4, 4, 4), _waiting),
        Mould("snoozed", (2, 2, 2, 2), _snoozed),
        Mould("resolved", (12, 12, 12, 12), _resolved),
        Mould("calm", (20, 20, 20, 20), _calm),
        Mould("dismissed", (19, 19, 19, 19), _dismissed),
    ]


async def live_all(desk: Desk) -> list[Mould]:
    """Let every mould live its history, with the first brand's first agent."""
    made = moulds()
    async with transaction() as tx:
        # a number that stands nowhere else, so that copies can have their own in its place
        await tx.execute(text("select setval(pg_get_serial_sequence('tickets', 'number'), 7700100)"))
    for mould in made:
        mould.agent, mould.account_id = desk.agents[0][0], desk.account_ids[0]
        await mould.live(mould)
    clock.turn(None)
    async with transaction() as tx:
        await tx.execute(text("update polls set due_at = now() + interval '10 years'"))
        known = set(await tx.scalars(select(Ticket.id)))
    if known != {m.ticket_id for m in made}:
        raise RuntimeError("A mould is not one ticket.")
    return made
