"""A desk that hears the network in memory."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from app.agents.permit import Actor
from app.core.eventlog import Logged, read_after
from app.core.transaction import transaction
from app.networks.port import Inbound
from app.tickets.inbox import Filter, inbox
from app.tickets.queries import open_ticket, ticket_card
from app.tickets.thread import Taken
from app.tickets.views import TicketCard, TicketView
from tests.given import Desk, a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
EVERY_STATE = ("open", "waiting", "on_hold", "snoozed", "resolved", "closed")


@dataclass
class Heard:
    """A desk with an account, and a short way to let things be said."""

    desk: Desk
    account_id: str
    said: int = 0

    @property
    def lead(self) -> Actor:
        return self.desk.lead

    @property
    def ana(self) -> Actor:
        return self.desk.agents[0]

    def post(self, key: str, who: str = "nora", at: float = 0, **more: object) -> Inbound:
        return a_post(key, who, START + timedelta(minutes=at), **more)  # type: ignore[arg-type]

    async def hear(self, *posts: Inbound, old: tuple[str, ...] = ()) -> Taken:
        return await take_in(self.account_id, *posts, old=old)

    async def ticket(self, who: str = "nora", text: str = "") -> TicketCard:
        """A new ticket of somebody who says one thing."""
        self.said += 1
        key = f"{who}-{self.said}"
        taken = await self.hear(self.post(key, who, at=self.said / 10, text=text or f"@acme {key}"))
        (ticket_id,) = taken.ticket_ids
        return await self.card(ticket_id)

    async def card(self, ticket_id: str) -> TicketCard:
        async with transaction() as tx:
            return await ticket_card(tx, self.lead, ticket_id)

    async def story(self, ticket_id: str, before: str | None = None) -> TicketView:
        async with transaction() as tx:
            return await open_ticket(tx, self.lead, ticket_id, before)

    async def cards(self, actor: Actor | None = None, **wanted: object) -> list[TicketCard]:
        """Everything, newest first, unless a view or filter is named."""
        asked = wanted or {"states": EVERY_STATE, "order": "newest"}
        async with transaction() as tx:
            return (await inbox(tx, actor or self.lead, Filter(**asked), limit=100)).items  # type: ignore[arg-type]

    async def events(self, after: int = 0) -> list[Logged]:
        async with transaction() as tx:
            return await read_after(tx, after)


@pytest.fixture
async def heard(database: str, lean: Lean) -> Heard:
    desk = await a_desk(agents=2)
    account = await a_lean_account(desk)
    return Heard(desk, account.id)


def edited(post: Inbound, text: str, minutes: float = 1) -> Inbound:
    """The post as its author changed it."""
    at = (post.edited_at or post.posted_at) + timedelta(minutes=minutes)
    return replace(post, text=text, segments=(replace(post.segments[0], text=text),), edited_at=at)
