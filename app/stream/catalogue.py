"""AnyFact: the closed union of everything that can happen, the one contract with the console."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from app.access.events import KeyMade, KeyRevoked
from app.agents.events import AgentChanged, TeamChanged
from app.brands.events import AccountBroken, AccountChanged, AccountConnected, AccountDisconnected, BrandChanged
from app.core.event import View
from app.customers.events import CustomerChanged, CustomersMerged
from app.ingest.events import HealthChanged
from app.ledger.events import BudgetChanged, BudgetWarned
from app.replies.events import (
    ReplyCancelled,
    ReplyDelayed,
    ReplyFailed,
    ReplyQueued,
    ReplySending,
    ReplySent,
    ReplyUnsure,
)
from app.sla.events import (
    CalendarChanged,
    MessageJoined,
    PolicyChanged,
    PromiseChanged,
    TimerBreached,
    TimerCancelled,
    TimerChanged,
    TimerMet,
    TimerStarted,
    TimerWarned,
)
from app.stream.events import WebhookChanged, WebhookDisabled
from app.tickets.events import (
    AnsweredOutside,
    ContextAdded,
    MessageEdited,
    MessageReceived,
    MessageVanished,
    NoteAdded,
    TicketAssigned,
    TicketDismissed,
    TicketLabelled,
    TicketMoved,
    TicketOpened,
    TicketPrioritised,
)
from app.tickets.views import TicketCard
from app.transfer.events import TicketImported

AnyFact = Annotated[
    AgentChanged
    | TeamChanged
    | KeyMade
    | KeyRevoked
    | BrandChanged
    | AccountConnected
    | AccountChanged
    | AccountBroken
    | AccountDisconnected
    | BudgetChanged
    | BudgetWarned
    | CustomerChanged
    | CustomersMerged
    | HealthChanged
    | TicketOpened
    | MessageReceived
    | AnsweredOutside
    | ContextAdded
    | MessageEdited
    | MessageVanished
    | TicketAssigned
    | TicketMoved
    | TicketDismissed
    | TicketPrioritised
    | TicketLabelled
    | NoteAdded
    | TicketImported
    | ReplyQueued
    | ReplySending
    | ReplySent
    | ReplyUnsure
    | ReplyDelayed
    | ReplyFailed
    | ReplyCancelled
    | PromiseChanged
    | MessageJoined
    | TimerStarted
    | TimerChanged
    | TimerWarned
    | TimerBreached
    | TimerMet
    | TimerCancelled
    | PolicyChanged
    | CalendarChanged
    | WebhookChanged
    | WebhookDisabled,
    Field(discriminator="type"),
]

ANY_FACT: TypeAdapter[Any] = TypeAdapter(AnyFact)


class EventView(View):
    """A numbered fact; `card` is the ticket's inbox row right after it, null when the fact is older than a week."""

    seq: int
    at: datetime
    type: str
    agent_id: str | None
    brand_id: str | None
    ticket_id: str | None
    fact: AnyFact
    card: TicketCard | None
    trace: str | None


class EventsView(View):
    """Events after a number, in order. Ask next for what is after `reached`; `head` is how far the log goes.

    `pruned` says that the cards of these are gone.
    """

    events: list[EventView]
    reached: int
    head: int
    pruned: bool
