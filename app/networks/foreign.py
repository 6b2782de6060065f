"""Reads values out of JSON that strangers wrote: whatever is there, the answer has the asked type or is None."""

import json
import re
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from app.networks.html import clean

LARGEST_INTEGER: Final = 2_147_483_647
LONGEST_RAW: Final = 64_000
_NO_HANDLE: Final = re.compile(r"[\s@]+")
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)


def member(value: Any, *path: str) -> Any:
    """Follow names into nested objects; None as soon as something is no object or has no such name."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; anything else in it, or anything but a list, is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def words(value: Any, longest: int = 1_000) -> str | None:
    """A text without control characters, cut at `longest` characters; None when it is none or blank."""
    if not isinstance(value, str):
        return None
    return clean(value).strip()[:longest] or None


def identifier(value: Any, longest: int = 2_000) -> str | None:
    """An id or address, exactly as given: never cut, so None when longer than `longest` bytes or unclean."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        value = str(value)
    if not isinstance(value, str) or not value or clean(value) != value or value.strip() != value:
        return None
    return value if len(value.encode()) <= longest else None


def whole(value: Any, most: int = LARGEST_INTEGER) -> int | None:
    """A whole number from 0 to `most`; a larger one is `most`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value < 0:  # noqa: PLR0124 - NaN
        return None
    return most if value >= most else int(value)


def moment(value: Any) -> datetime | None:
    """An instant in UTC from an ISO 8601 text; a date alone is its midnight, a time without zone is UTC."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        read = datetime.fromisoformat(value.strip())
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def plausible(when: datetime | None, latest: datetime, instead: datetime) -> datetime:
    """`when`, unless it lies before the web or after `latest`: clocks of other servers may say anything."""
    return when if when is not None and _EARLIEST <= when <= latest else instead


def raw(value: Any) -> str:
    """The JSON of a payload that is set aside: ASCII, at most 64 kB."""
    try:
        return json.dumps(value)[:LONGEST_RAW]
    except (RecursionError, TypeError, ValueError):
        return "(cannot be written as JSON)"


def host_of(address: str) -> str:
    """The host of an address as people name it, without www; the address itself where it has none."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def handle_of(name: str, host: str) -> str:
    """A full handle for somebody who has only a name, at a host: in small letters, without spaces."""
    bare = _NO_HANDLE.sub("-", clean(name).strip().casefold())[:100]
    return f"{bare or 'unknown'}@{host}"
