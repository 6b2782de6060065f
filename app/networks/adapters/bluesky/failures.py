"""What an answer that is no success means, in the words of networks.errors."""

from datetime import datetime
from typing import Final

from app.core.client import Answer
from app.networks.errors import Gone, NetworkError, RateLimited, Rejected, Transient, Unauthorized, Unknown
from app.networks.foreign import member, words
from app.networks.retry_after import retry_at

_MISSING: Final = frozenset(("NotFound", "RecordNotFound", "RepoNotFound"))


class SessionOver(Unauthorized):
    """The session has ended; a new one can be asked for."""


class MessagesForbidden(Rejected):
    """This app password does not allow private messages."""


class AnotherRecord(Rejected):
    """Something else lies under this reply's key."""


def failure(answer: Answer, *, wrote: bool, now: datetime) -> NetworkError | None:
    """Name what went wrong, or None when nothing did.

    `wrote`: the request publishes, so an answer that leaves its fate open is Unknown and not Transient. That includes
    every 500: the reference server answers one for a record that it did store a moment before.
    """
    status = answer.status
    if 200 <= status < 300:
        return None
    name, said = _named(answer)
    if status in {400, 401} and name in {"ExpiredToken", "InvalidToken"}:
        return MessagesForbidden() if said == "Bad token method" else SessionOver(said)
    if status == 401:
        return Unauthorized(said)
    if status == 429:
        return RateLimited(said, retry_at=retry_at(answer.headers, now))
    if name in _MISSING or name == "InvalidSwap":
        return AnotherRecord() if name == "InvalidSwap" else Gone(said)
    if status in {408, 425} or (status >= 500 and status != 501):
        return Unknown(said) if wrote else Transient(said)
    if 300 <= status < 400:
        where = words(answer.headers.get("location"), 200) or "elsewhere"
        return Rejected(f"The server sends us to {where}; connect the account with that address.")
    return Rejected(said)


def _named(answer: Answer) -> tuple[str, str]:
    """The error's name and the server's own words for it; never a page of HTML."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    name = words(member(body, "error"), 100) or ""
    return name, words(member(body, "message"), 300) or name or f"The server answered {answer.status}."
