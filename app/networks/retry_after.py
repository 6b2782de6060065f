"""When a server that told us to wait answers again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from app.networks.foreign import moment

_LONGEST_WAIT: Final = timedelta(hours=1)
_EPOCH_FROM: Final = 1_000_000_000
_HEADERS: Final = ("retry-after", "x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")


def retry_at(headers: Mapping[str, str], now: datetime, *, longest: timedelta = _LONGEST_WAIT) -> datetime | None:
    """When the server answers again: Retry-After (seconds or a date), else [X-]Rate[-]Limit-Reset (ISO 8601 or seconds).

    Never sooner than a second from now and never later than `longest` from now, whatever it says.
    """
    told = (headers.get(name) for name in _HEADERS)
    asked = next((at for said in told if (at := _instant(said, now)) is not None), None)
    if asked is None:
        return None
    return min(max(asked, now + timedelta(seconds=1)), now + longest)


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
