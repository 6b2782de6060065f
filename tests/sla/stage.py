"""A desk on whose tickets promises are made: posts come in by threading, replies by their facts, time by the worker's hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from app.agents.permit import Actor
from app.agents.queries import teams
from app.brands.begin import begin
from app.brands.models import Brand, BrandAccount
from app.brands.queries import brands
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.secrets import seal
from app.core.transaction import record, transaction
from app.customers.identify import identify_customers
from app.networks.port import Author, Inbound
from app.replies.events import ReplyCancelled, ReplyEvent, ReplyQueued, ReplySent
from app.replies.views import ReplyView
from app.sla.asks import EditPolicyAsk, PolicyAsk
from app.sla.edit import save_policy
from app.sla.fire import fire_due
from app.sla.models import PolicyRow, TicketClocks, TimerRow
from app.sla.queries import clocks
from app.sla.views import ClockView, PolicyView
from app.tickets.models import Ticket
from app.tickets.move import move_ticket
from app.tickets.thread import thread_posts
from tests.agents.people import UNHASHED

WEDNESDAY = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
_n = count(1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@dataclass
class Stage:
    lead: Actor
    brand_id: str
    team_id: str
    account_id: str
    brand: Brand = field(repr=False)
    account: BrandAccount = field(repr=False)

    async def say(self, *posts: Inbound, received_at: datetime | None = None, old: bool = False) -> list[str]:
        """Take a page of posts in; the tickets touched, oldest first."""
        async with transaction() as tx:
            return await self.thread(tx, *posts, received_at=received_at, old=old)

    async def thread(
        self, tx: Tx, *posts: Inbound, received_at: datetime | None = None, old: bool = False
    ) -> list[str]:
        """The same in a transaction of the caller's."""
        theirs = [post.author for post in posts if post.role != "own"]
        customers = await identify_customers(tx, "mastodon", self.account.server, theirs)
        taken = await thread_posts(
            tx,
            self.brand,
            self.account,
            posts,
            customers,
            received_at=received_at or now(),
            old=[post.uri for post in posts] if old else (),
        )
        return sorted(taken.ticket_ids)

    async def ticket(self, author: str = "cleo", at: datetime | None = None) -> str:
        """The ticket of a new mention."""
        return (await self.say(post(author, at)))[0]

    async def move(self, ticket_id: str, to: Any) -> None:
        async with transaction() as tx:
            await move_ticket(tx, self.lead, ticket_id, to, None)

    async def reply(
        self, ticket_id: str, *, sent_at: datetime | None = None, fact: type[ReplyEvent] = ReplySent
    ) -> str:
        """Hand a reply over and let it become what the fact says."""
        queued = self.reply_view(ticket_id)
        await self.tell(ReplyQueued, queued)
        if fact is not ReplyQueued:
            state = "cancelled" if fact is ReplyCancelled else "sent"
            await self.tell(fact, queued.model_copy(update={"state": state, "sent_at": sent_at or now()}))
        return queued.id

    async def tell(self, fact: type[ReplyEvent], view: ReplyView) -> None:
        async with transaction() as tx:
            record(tx, fact(brand_id=self.brand_id, ticket_id=view.ticket_id, reply=view), agent_id=self.lead.agent_id)

    def reply_view(self, ticket_id: str) -> ReplyView:
        return ReplyView(
            id=new_id("rp"),
            ticket_id=ticket_id,
            agent_id=self.lead.agent_id,
            parent_id="ms_x",
            lane="public",
            visibility="public",
            text="We look into it.",
            content_warning=None,
            state="queued",
            created_at=now(),
            due_at=now(),
            tries=0,
            problem=None,
            message_id=None,
            sent_at=None,
            pictures=[],
            then=None,
            doubt=None,
            group_id=None,
            part=1,
            parts=1,
            revision=1,
        )

    async def clocks(self, ticket_id: str) -> dict[str, ClockView]:
        """The latest cycle of each metric."""
        async with transaction() as tx:
            return {one.metric: one for one in (await clocks(tx, self.lead, ticket_id)).clocks}

    async def policy(self) -> PolicyRow:
        async with transaction() as tx:
            return (await tx.scalars(select(PolicyRow).order_by(PolicyRow.place))).one()

    async def change_policy(self, **changes: Any) -> PolicyView:
        """Change the only policy and let the worker bring running clocks up to it."""
        row = await self.policy()
        known = {name: getattr(row, name) for name in PolicyAsk.model_fields}
        async with transaction() as tx:
            ask = EditPolicyAsk.model_validate({**known, **changes, "revision": row.revision})
            saved = await save_policy(tx, self.lead, row.id, ask)
        await work()
        return saved

    async def row(self, ticket_id: str) -> Ticket:
        async with transaction() as tx:
            return await tx.get_one(Ticket, ticket_id)

    async def kept(self, ticket_id: str) -> TicketClocks | None:
        async with transaction() as tx:
            return await tx.get(TicketClocks, ticket_id)

    async def timers(self, ticket_id: str) -> list[TimerRow]:
        async with transaction() as tx:
            query = select(TimerRow).where(TimerRow.ticket_id == ticket_id)
            return list(await tx.scalars(query.order_by(TimerRow.metric, TimerRow.cycle)))


async def a_stage() -> Stage:
    """A desk set up as on a first visit, so that the usual policy holds, with an account."""
    async with transaction() as tx:
        lead = await begin(tx, name="Lea", email="lea@acme.example", hashed=UNHASHED, brand_name="Acme")
    async with transaction() as tx:
        brand_id = (await brands(tx, lead))[0].id
        team_id = (await teams(tx, lead))[0].id
        account = BrandAccount(
            id=new_id("ac"),
            brand_id=brand_id,
            network="mastodon",
            server="https://village.example",
            remote_id="acme",
            handle="acme@village.example",
            name="Acme",
            credentials=seal({}),
            traits={},
            connected_at=now(),
        )
        tx.add(account)
        brand = await tx.get_one(Brand, brand_id)
    return Stage(lead, brand_id, team_id, account.id, brand, account)


def post(
    author: str = "cleo", at: datetime | None = None, *, answers: Inbound | None = None, role: Any = "mention"
) -> Inbound:
    """Something said; the brand itself says it with the role `own`."""
    name = f"p{next(_n)}"
    return Inbound(
        uri=f"https://village.example/{name}",
        remote_id=name,
        author=Author(author, f"{author}@village.example", author),
        role=role,
        segments=(),
        text="It does not work.",
        posted_at=at or now(),
        visibility="public",
        in_reply_to=answers.remote_id if answers else None,
        in_reply_to_author=answers.author.remote_id if answers else None,
    )


async def work() -> None:
    """Do all that is due now, as a worker does."""
    while await fire_due():
        continue


def only(metric: str, seconds: float, **more: Any) -> Sequence[dict[str, Any]]:
    """One target."""
    return [{"metric": metric, "seconds": seconds, **more}]
