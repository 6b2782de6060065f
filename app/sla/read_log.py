"""From the facts of the house to the facts clocks read, the same way inside a commit and from the log; pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.core.event import Event
from app.replies.events import ReplyCancelled, ReplyFailed, ReplyQueued, ReplySent
from app.sla import facts
from app.sla.events import MessageJoined
from app.tickets.events import (
    AnsweredOutside,
    MessageReceived,
    MessageVanished,
    TicketAssigned,
    TicketDismissed,
    TicketLabelled,
    TicketMoved,
    TicketOpened,
    TicketPrioritised,
)

_FOLLOWS = frozenset({"customer_wrote", "answered_outside"})


class LogReader:
    """Reads one ticket's facts in their order; a move that follows a post happened when the post was written."""

    def __init__(self) -> None:
        """Begin before the first fact."""
        self._said_at: datetime | None = None

    def read(self, fact: Event, at: datetime) -> facts.HappeningFact | None:
        """What this means to the clocks, `at` being when it was recorded; None where it means nothing to them."""
        reading = _READINGS.get(type(fact))
        if reading is None:
            return None
        if isinstance(fact, MessageReceived | AnsweredOutside):
            self._said_at = fact.posted_at
        if isinstance(fact, TicketMoved) and fact.why in _FOLLOWS:
            at = self._said_at or at
        return reading(fact, at)


def _received(fact: MessageReceived, _at: datetime) -> facts.HappeningFact | None:
    if fact.backfilled:
        return None
    return facts.CustomerMessage(at=fact.posted_at, received_at=fact.received_at, message=fact.message_id)


def _joined(fact: MessageJoined, _at: datetime) -> facts.HappeningFact:
    return facts.CustomerMessage(at=fact.posted_at, received_at=fact.received_at, message=fact.message_id)


def _outside(fact: AnsweredOutside, _at: datetime) -> facts.HappeningFact | None:
    # named by its post, so that it takes no reply of ours off those on their way
    return None if fact.backfilled else facts.ReplyAccepted(at=fact.posted_at, reply=fact.message_id)


def _vanished(fact: MessageVanished, _at: datetime) -> facts.HappeningFact | None:
    return facts.MessageVanished(at=fact.vanished_at, message=fact.message_id) if fact.kind == "customer" else None


def _sent(fact: ReplySent, at: datetime) -> facts.HappeningFact:
    return facts.ReplyAccepted(at=fact.reply.sent_at or at, reply=fact.reply.id)


_READINGS: Mapping[type[Event], Callable[[Any, datetime], facts.HappeningFact | None]] = {
    MessageReceived: _received,
    MessageJoined: _joined,
    AnsweredOutside: _outside,
    MessageVanished: _vanished,
    ReplySent: _sent,
    ReplyQueued: lambda fact, at: facts.ReplySubmitted(at=at, reply=fact.reply.id),
    ReplyFailed: lambda fact, at: facts.ReplyDropped(at=at, reply=fact.reply.id),
    ReplyCancelled: lambda fact, at: facts.ReplyDropped(at=at, reply=fact.reply.id),
    TicketMoved: lambda fact, at: facts.Moved(at=at, to=fact.to, cause=fact.why),
    TicketDismissed: lambda fact, at: facts.Dismissed(at=at, cause=fact.reason),
}
TELLING: Mapping[str, type[Event]] = {str(one.model_fields["type"].default): one for one in _READINGS}
"""The facts of the log that clocks are folded from, by type."""

LOOK_AGAIN: tuple[type[Event], ...] = (TicketOpened, TicketPrioritised, TicketAssigned, TicketLabelled)
"""Facts after which another policy may hold, though no clock reads them."""
