"""What can go wrong with a ticket, in sentences."""

from app.core.errors import Conflict, Invalid, NotFound


class TicketNotFound(NotFound):
    """There is no such ticket, or you may not see it."""


class StaleTicket(Conflict):
    """The ticket has changed since you looked; nothing was done. What it is now comes with this answer."""


class MoveNotAllowed(Conflict):
    """A ticket in this state cannot be moved there."""


class SnoozeInThePast(Invalid):
    """Choose a time in the future to be reminded at."""


class AgentNotAvailable(Invalid):
    """This colleague does not work for the brand, or no longer works here."""


class LabelInvalid(Invalid):
    """A label has 1 to 40 characters on one line."""


class NoteEmpty(Invalid):
    """Write something in the note first."""


class MessageNotFound(NotFound):
    """There is no such message in this ticket."""


class ReferenceTaken(Conflict):
    """Another ticket of this brand has this reference; its id comes with this answer."""


class ReferenceInvalid(Invalid):
    """A reference has 1 to 200 characters on one line, without spaces around it."""


class MessageTaken(Conflict):
    """Another message was brought under this reference; its id comes with this answer."""


class MessageWithdrawn(Conflict):
    """This message was taken back; there is nothing left to correct."""


class EditedBeforeSaid(Invalid):
    """A message cannot have been corrected before it was said."""


class NothingSaid(Invalid):
    """Say something in the message."""


class SaidTooLongAgo(Invalid):
    """This lies before 1990; say when it was said."""


class SaidInTheFuture(Invalid):
    """Nobody can have said this yet: the time lies in the future."""
