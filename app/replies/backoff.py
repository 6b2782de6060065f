"""When to try again, given how often it was tried and the network's own word; pure."""

from datetime import datetime, timedelta
from typing import Final

FIRST: Final = timedelta(seconds=2)
LONGEST: Final = timedelta(minutes=5)
MOST_TRIES: Final = 12
"""After so many refusals to take it (about half an hour) a reply is failed and waits for a person."""

LOOK_SOON: Final = timedelta(seconds=5)
GRACE: Final = timedelta(seconds=30)
"""Networks index late: a "not there" is believed only so long after the last attempt."""
BLIND_TRIES: Final = 2
"""On a network that cannot recognise a repeat, an answer lost twice goes to a person."""


def next_try(tries: int, at: datetime, asked: datetime | None = None) -> datetime:
    """The instant of the next try: never before the network asked for, else doubling from 2 s up to 5 min."""
    doublings: int = 2 ** min(max(tries - 1, 0), 20)
    own = at + min(FIRST * doublings, LONGEST)
    return max(own, asked) if asked else own


def next_look(last_try: datetime, at: datetime) -> datetime:
    """When to look for an unsure reply: soon after it left, and again when the grace is over."""
    first, second = last_try + LOOK_SOON, last_try + GRACE
    return first if at < first else second if at < second else at + FIRST


def may_repeat(
    *, tries: int, first_try: datetime, last_try: datetime, at: datetime, repeat_safe: float | None, another: bool
) -> bool | None:
    """Whether a reply that was not found may go out again: True, not yet (False), or never by itself (None).

    `repeat_safe` is for how many seconds after the first attempt the network recognises the repeat of a key. `another`:
    the newest post that fits is another reply's, and this one's may lie behind it, which only a key rules out.
    """
    if repeat_safe is not None:
        return True if (at - first_try).total_seconds() < repeat_safe else None
    if at - last_try < GRACE:
        return False
    return None if another or tries >= BLIND_TRIES else True
