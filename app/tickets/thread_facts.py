"""What placing a page did, as facts for the log; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.event import Event
from app.networks.port import Inbound
from app.tickets.events import (
    AnsweredOutside,
    ContextAdded,
    MessageReceived,
    TicketDismissed,
    TicketMoved,
    TicketOpened,
)
from app.tickets.placing import Books, Step


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes facts of steps; `ids` are those of the messages, by remote id."""

    books: Books
    brand_id: str
    account_id: str
    fresh: Mapping[str, Inbound]
    ids: Mapping[str, str]
    received_at: datetime

    def tell(self, step: Step) -> Event | None:
        """The fact of a step; none for an opening, which needs the ticket's number, and for context, told by ticket."""
        ticket = {"brand_id": self.brand_id, "ticket_id": step.ticket_id}
        if step.what in {"opened", "context"}:
            return None
        if step.what == "duplicate":
            return TicketDismissed(**ticket, before=step.before, reason="duplicate")
        if step.what == "reopened":
            return TicketMoved(**ticket, before=step.before, to="open", why="customer_wrote")
        if step.what == "rested":
            return TicketMoved(**ticket, before=step.before, to="waiting", why="answered_outside")
        assert step.post is not None
        kind = MessageReceived if step.what == "received" else AnsweredOutside
        return kind(
            **ticket,
            message_id=self.ids[step.post.remote_id],
            lane=step.post.lane,
            posted_at=step.post.posted_at,
            received_at=self.received_at,
            backfilled=step.post.old,
        )

    def opened(self, step: Step, number: int) -> Event:
        """That a ticket was opened, which got this number."""
        assert step.post is not None
        case = self.books.cases[step.ticket_id]
        return TicketOpened(
            brand_id=self.brand_id,
            ticket_id=step.ticket_id,
            number=number,
            customer_id=case.customer_id,
            account_id=self.account_id,
            language=self.fresh[step.post.remote_id].language,
            backfilled=step.post.old,
            follows_id=case.follows_id,
        )

    def context(self) -> Iterator[Event]:
        """What became known around tickets, one fact each: under a post with hundreds of customers a stray word is near all."""
        near: dict[str, list[str]] = {}
        for step in self.books.steps:
            if step.what == "context" and step.post is not None:
                near.setdefault(step.ticket_id, []).append(self.ids[step.post.remote_id])
        for ticket_id, found in near.items():
            yield ContextAdded(brand_id=self.brand_id, ticket_id=ticket_id, message_ids=found)
