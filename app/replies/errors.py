"""What can go wrong with an answer, in sentences."""

from app.core.errors import Conflict, Invalid, NotFound


class ReplyNotFound(NotFound):
    """There is no such reply, or you may not see it."""


class PictureNotFound(NotFound):
    """There is no such picture, or it is on its way out already."""


class TextEmpty(Invalid):
    """Write something first."""


class TextTooLong(Invalid):
    """The text is longer than this network takes."""


class NoContentWarning(Invalid):
    """This network has no content warnings."""


class TooManyPictures(Invalid):
    """This server takes fewer pictures in one post."""


class PictureRefused(Invalid):
    """This server does not take such a picture."""


class AltTooLong(Invalid):
    """The description of a picture is longer than this server takes."""


class WouldWiden(Invalid):
    """An answer may not be more public than what it answers."""


class WouldPublishPrivate(Invalid):
    """This text was written for a private answer and cannot be published."""


class ExtraRecipients(Invalid):
    """A private answer may mention nobody but its recipient."""


class NothingToAnswer(Conflict):
    """There is no post in this ticket that can be answered there."""


class NotOnThisNetwork(Conflict):
    """This network has no such messages."""


class AnswerInPrivate(Conflict):
    """This post can be answered from here only in private."""


class AnswerByHand(Conflict):
    """This post can be answered only by a person on the network itself."""


class NotAnswerable(Conflict):
    """This post cannot be answered on its network."""


class AccountNotWorking(Conflict):
    """The account is not connected any more; a lead must connect it again before anything can be sent."""


class AlreadyAnswered(Conflict):
    """The conversation went on while you wrote. Nothing was sent; what is new comes with this answer."""


class KeyReused(Conflict):
    """This Idempotency-Key was used for another text."""


class TooLateToCancel(Conflict):
    """Too late: the reply is already on its way."""


class NotRetryable(Conflict):
    """Only a failed reply can be tried again."""


class NotUnsure(Conflict):
    """Only a reply whose fate is unknown can be settled by hand."""
