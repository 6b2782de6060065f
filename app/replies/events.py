"""Facts about answers on their way out."""

from typing import Literal

from app.replies.views import ReplyView
from app.tickets.events import TicketEvent


class ReplyEvent(TicketEvent):
    """A fact about one reply; carries how it is now."""

    type: str = ""
    reply: ReplyView


class ReplyQueued(ReplyEvent):
    """An agent handed over a text; it leaves when its time has come."""

    type: Literal["reply.queued"] = "reply.queued"


class ReplySending(ReplyEvent):
    """The text is on its way to the network."""

    type: Literal["reply.sending"] = "reply.sending"


class ReplySent(ReplyEvent):
    """The network has the post."""

    type: Literal["reply.sent"] = "reply.sent"


class ReplyUnsure(ReplyEvent):
    """The request left and no answer came; we are looking for it."""

    type: Literal["reply.unsure"] = "reply.unsure"


class ReplyDelayed(ReplyEvent):
    """The network did not take it yet and nothing is out; it is tried again at `due_at`."""

    type: Literal["reply.delayed"] = "reply.delayed"


class ReplyFailed(ReplyEvent):
    """The network refused it, or too often did not answer; nothing is out."""

    type: Literal["reply.failed"] = "reply.failed"


class ReplyCancelled(ReplyEvent):
    """The agent took it back in time."""

    type: Literal["reply.cancelled"] = "reply.cancelled"
