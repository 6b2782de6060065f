"""What an answer that is no success means, in the words of networks.errors."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from app.core.client import Answer
from app.networks.errors import Gone, NetworkError, RateLimited, Rejected, Transient, Unauthorized, Unknown
from app.networks.foreign import member, words

_LONGEST_WAIT: Final = timedelta(hours=1)
_EPOCH_FROM: Final = 1_000_000_000
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


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the server answers again: Retry-After (seconds or a date), else RateLimit-Reset (seconds since 1970).

    Never sooner than a second from now and never later than an hour, whatever it says.
    """
    asked = _instant(headers.get("retry-after"), now) or _instant(headers.get("ratelimit-reset"), now)
    if asked is None:
        return None
    return min(max(asked, now + timedelta(seconds=1)), now + _LONGEST_WAIT)


def _named(answer: Answer) -> tuple[str, str]:
    """The error's name and the server's own words for it; never a page of HTML."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    name = words(member(body, "error"), 100) or ""
    return name, words(member(body, "message"), 300) or name or f"The server answered {answer.status}."


def _instant(said: str | None, now: datetime) -> datetime | None:
    if not said:
        return None
    try:
        seconds = float(said)
    except ValueError:
        seconds = None
    try:
        if seconds is not None:
            is_epoch = seconds >= _EPOCH_FROM
            return datetime.fromtimestamp(seconds, UTC) if is_epoch else now + timedelta(seconds=seconds)
        dated = parsedate_to_datetime(said)
        return (dated if dated.tzinfo else dated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
