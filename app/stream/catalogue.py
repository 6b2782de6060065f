"""AnyFact: the closed union of everything that can happen, the one contract with the console."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter

from app.access.events import KeyMade, KeyRevoked
from app.agents.events import AgentChanged, TeamChanged
from app.agents.examples import AGENT_ID, AT, BRAND_ID
from app.brands.events import AccountBroken, AccountChanged, AccountConnected, AccountDisconnected, BrandChanged
from app.core.event import View
from app.core.shown import shown
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
    TicketReferred,
)
from app.tickets.examples import CARD, FACT, TICKET_ID
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
    | TicketReferred
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

_EXAMPLE: Final[dict[str, Any]] = {
    "seq": 5120,
    "at": AT,
    "type": FACT["type"],
    "agent_id": AGENT_ID,
    "brand_id": BRAND_ID,
    "ticket_id": TICKET_ID,
    "fact": FACT,
    "card": CARD,
    "trace": "5f0c1e7a9b3d4c2e",
}

ANY_FACT: TypeAdapter[Any] = TypeAdapter(AnyFact)


class EventView(View):
    """A numbered fact; `card` is the ticket's inbox row right after it, null when the fact is older than a week."""

    model_config = shown(_EXAMPLE)

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

    model_config = shown({"events": [_EXAMPLE], "reached": 5120, "head": 5120, "pruned": False})

    events: list[EventView]
    reached: int
    head: int
    pruned: bool
