"""Errors that people read: a class's docstring is the sentence shown, its kind is the status code."""

from typing import Any, ClassVar


class DeskError(Exception):
    """Something went wrong on our side; nothing was changed."""

    status: ClassVar[int] = 500
    come_again: int | None = None
    """After how many seconds the same request may be answered, as Retry-After says it."""

    def __init__(self, sentence: str | None = None, *, field: str | None = None, **details: Any) -> None:
        """Keep the sentence (the class's own by default), the field at fault, and JSON-ready details."""
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        self.field = field
        self.details = details
        super().__init__(self.sentence)

    @property
    def code(self) -> str:
        """The stable machine name: the class name in snake_case."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class NotFound(DeskError):
    """There is no such thing, or you may not see it."""

    status = 404


class Refused(DeskError):
    """You are not allowed to do this."""

    status = 403


class Unauthenticated(DeskError):
    """Sign in first."""

    status = 401


class Conflict(DeskError):
    """Somebody was faster: what you saw has changed since."""

    status = 409


class Invalid(DeskError):
    """Something in the request is not right."""

    status = 422


class TooMany(DeskError):
    """Too many attempts; wait a little and try again."""

    status = 429


class Unavailable(DeskError):
    """This cannot be reached right now; nothing was lost."""

    status = 503
    come_again = 1
