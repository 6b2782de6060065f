"""What an answer that is no success means, in the words of networks.errors."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from app.core.client import Answer
from app.networks.errors import Gone, NetworkError, RateLimited, Rejected, Transient, Unauthorized, Unknown
from app.networks.foreign import member, moment, words

_LONGEST_WAIT: Final = timedelta(hours=1)
_EPOCH_FROM: Final = 1_000_000_000


def failure(answer: Answer, *, wrote: bool, one_post: bool, now: datetime) -> NetworkError | None:
    """Name what went wrong, or None when nothing did.

    `wrote`: the request publishes, so an answer that leaves its fate open is Unknown and not Transient. `one_post`:
    the request names a post, so 404 and 410 say that it is gone.
    """
    status = answer.status
    if 200 <= status < 300:
        return None
    said = sentence(answer)
    if status == 401:
        return Unauthorized(said)
    if status == 429 or (status == 503 and "retry-after" in answer.headers and not _is_page(answer)):
        return RateLimited(said, retry_at=retry_at(answer.headers, now))
    if status in {404, 410} and one_post:
        return Gone(said)
    if status == 403 and not one_post:
        return Unauthorized(said)
    if status in {408, 425} or status >= 500:
        return Unknown(said) if wrote else Transient(said)
    if 300 <= status < 400:
        where = words(answer.headers.get("location"), 200) or "elsewhere"
        return Rejected(f"The server sends us to {where}; connect the account with that address.")
    return Rejected(said)


def sentence(answer: Answer) -> str:
    """The server's own words, from a JSON error; never a page of HTML. Without any, its status code."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    said = words(member(body, "error_description"), 300) or words(member(body, "error"), 300)
    return said or f"The server answered {answer.status}."


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the server answers again: Retry-After (seconds or a date), else X-RateLimit-Reset (ISO 8601 or seconds).

    Never sooner than a second from now and never later than an hour, whatever it says.
    """
    asked = _instant(headers.get("retry-after"), now) or _instant(headers.get("x-ratelimit-reset"), now)
    if asked is None:
        return None
    return min(max(asked, now + timedelta(seconds=1)), now + _LONGEST_WAIT)


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
        read = moment(said)
        if read is not None:
            return read
        dated = parsedate_to_datetime(said)
        return (dated if dated.tzinfo else dated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _is_page(answer: Answer) -> bool:
    return "html" in answer.headers.get("content-type", "") or answer.body.lstrip()[:1] == b"<"
