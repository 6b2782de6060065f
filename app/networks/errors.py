"""What a network may answer when it does not do what we asked."""

from datetime import datetime
from typing import Self


class NetworkError(Exception):
    """A network did not do what we asked; `sentence` is shown to people, in the network's own words where it has some."""

    field: str | None = None
    """The connect field whose answer is at fault, where an adapter knows; people see the sentence there."""

    def __init__(self, sentence: str = "") -> None:
        """Keep the sentence people read; it never contains a credential."""
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        super().__init__(self.sentence)

    def at(self, field: str) -> Self:
        """The same problem, at fault being what was typed in this connect field."""
        self.field = field
        return self


class Transient(NetworkError):
    """The network could not be reached; nothing was done there, trying again is safe."""


class RateLimited(NetworkError):
    """The network asks us to wait; nothing was done there."""

    def __init__(self, sentence: str = "", *, retry_at: datetime | None = None) -> None:
        """`retry_at`: the instant (UTC) from which the network answers again, when it said so."""
        super().__init__(sentence)
        self.retry_at = retry_at


class Rejected(NetworkError):
    """The network refused this request for good; repeating it would be refused again."""


class Gone(Rejected):
    """The post is not there any more, or may not be seen by this account."""


class Unauthorized(NetworkError):
    """The network no longer accepts this account's sign-in."""


class Unknown(NetworkError):
    """The request left and no answer came: it may or may not have been carried out."""


class ExtraMentions(ValueError):
    """A private reply reaches everybody it names, and this one names somebody who is not in the conversation."""

    def __init__(self, handles: tuple[str, ...]) -> None:
        """`handles`: the full handles, without @, that must not be in the text."""
        self.handles = handles
        self.sentence = f"A private reply must not mention anybody else: {', '.join('@' + h for h in handles[:10])}."
        super().__init__(self.sentence)
