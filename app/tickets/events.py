"""Facts about the work; a fact's type never changes its meaning."""

from datetime import datetime
from typing import Literal

from app.core.event import Event
from app.tickets.state import DismissReason, Priority, State
from app.tickets.views import Lane


class TicketEvent(Event):
    """A fact about one ticket; the log attaches the ticket's card as it stands after the commit."""

    brand_id: str
    ticket_id: str


class TicketOpened(TicketEvent):
    """A customer's word opened a ticket; `follows_id` is the earlier ticket it continues."""

    type: Literal["ticket.opened"] = "ticket.opened"
    number: int
    customer_id: str
    account_id: str
    language: str | None
    backfilled: bool
    follows_id: str | None


class MessageReceived(TicketEvent):
    """The customer said something; `posted_at` is the network's time, `received_at` ours."""

    type: Literal["message.received"] = "message.received"
    message_id: str
    lane: Lane
    posted_at: datetime
    received_at: datetime
    backfilled: bool


class AnsweredOutside(TicketEvent):
    """The brand answered in the thread without Mentiondesk, from a phone for instance."""

    type: Literal["ticket.answered_outside"] = "ticket.answered_outside"
    message_id: str
    lane: Lane
    posted_at: datetime
    received_at: datetime
    backfilled: bool


class ContextAdded(TicketEvent):
    """Posts of others around this ticket became known."""

    type: Literal["ticket.context_added"] = "ticket.context_added"
    message_ids: list[str]


class MessageEdited(TicketEvent):
    """A post was changed by its author; what it said before is kept."""

    type: Literal["message.edited"] = "message.edited"
    message_id: str
    kind: Literal["customer", "brand", "other"]
    edited_at: datetime


class MessageVanished(TicketEvent):
    """A post was deleted by its author, or is hidden from us now; a tombstone stays."""

    type: Literal["message.vanished"] = "message.vanished"
    message_id: str
    kind: Literal["customer", "brand", "other"]
    why: Literal["deleted", "hidden"]
    vanished_at: datetime


class TicketAssigned(TicketEvent):
    """Somebody owns the ticket now, or nobody.

    `why` is `by_hand`, `taken`, `answered`, `handed_over`,
    or the name of the strategy that chose.
    """

    type: Literal["ticket.assigned"] = "ticket.assigned"
    agent_id: str | None
    before_id: str | None
    why: str


class TicketMoved(TicketEvent):
    """The ticket changed its state; `why` says who or what moved it."""

    type: Literal["ticket.moved"] = "ticket.moved"
    before: State
    to: State
    why: Literal["by_hand", "customer_wrote", "woke_up", "with_reply", "answered_outside"]
    until: datetime | None = None


class TicketDismissed(TicketEvent):
    """The ticket is no case; it is closed without an answer."""

    type: Literal["ticket.dismissed"] = "ticket.dismissed"
    before: State
    reason: DismissReason


class TicketPrioritised(TicketEvent):
    """The ticket is more or less urgent than before."""

    type: Literal["ticket.prioritised"] = "ticket.prioritised"
    before: Priority
    to: Priority


class TicketLabelled(TicketEvent):
    """Labels came or went."""

    type: Literal["ticket.labelled"] = "ticket.labelled"
    added: list[str]
    removed: list[str]


class TicketReferred(TicketEvent):
    """Another system's names for the ticket came or went."""

    type: Literal["ticket.referred"] = "ticket.referred"
    added: list[str]
    removed: list[str]


class NoteAdded(TicketEvent):
    """An inside remark was written."""

    type: Literal["note.added"] = "note.added"
    note_id: str
