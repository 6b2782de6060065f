"""When a delivery is tried again, how long a failing address rests, and when it is given up; pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=18),
)
"""Between one attempt and the next; the last is a day and a half after the first."""
JITTER: Final = 0.2
"""By this part a wait is longer or shorter, so that what failed together does not come back together."""
LONGEST_ASKED: Final = timedelta(hours=24)
"""A Retry-After is honoured so far."""
PATIENCE: Final = 5
"""Failures in a row after which an address rests between single attempts, instead of taking up hands."""
_LONGEST_REST: Final = timedelta(seconds=60)
GONE: Final = 410
"""The status by which a receiver says that it is to be left alone for good."""
GIVEN_UP: Final = timedelta(days=3)
"""An address at which nothing arrived for so long is turned off."""


def next_try(tries: int, at: datetime, chance: float, asked: datetime | None = None) -> datetime | None:
    """When to try again after so many tries, null after the last; `chance` is between 0 and 1.

    Never before the receiver asked for.
    """
    if tries > len(WAITS):
        return None
    own = at + WAITS[tries - 1] * (1 - JITTER + 2 * JITTER * chance)
    return max(own, asked) if asked else own


def asked_for(headers: Mapping[str, str], at: datetime) -> datetime | None:
    """When a receiver wants to be asked again by its Retry-After, in seconds or as a date, but within a day."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return at + min(timedelta(seconds=int(given[:9])), LONGEST_ASKED)
    try:
        then = parsedate_to_datetime(given)
    except ValueError:
        return None
    if then.tzinfo is None:
        return None
    return min(then, at + LONGEST_ASKED) if then > at else None


def rest_until(failures: int, at: datetime, asked: datetime | None = None) -> datetime | None:
    """Until when an address is left alone that failed so often in a row: 1 s, doubling up to a minute, or as it asked."""
    own = (
        at + min(timedelta(seconds=2 ** min(failures - PATIENCE, 10)), _LONGEST_REST) if failures >= PATIENCE else None
    )
    return max((one for one in (own, asked) if one), default=None)


def given_up(failures: int, since: datetime, at: datetime) -> bool:
    """Whether an address failed for so long that it is turned off."""
    return failures >= PATIENCE and at - since >= GIVEN_UP
