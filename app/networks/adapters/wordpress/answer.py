"""Whether a comment can be answered, and until when, from what was known of its post when it was last read; pure."""

from datetime import datetime, timedelta
from typing import Final

from app.networks.answerable import Answerable, Asked
from app.networks.foreign import moment

MOST_DAYS: Final = 10_000
_LAST_YEAR: Final = 9_000


def answerable(asked: Asked, close_days: int | None, at: datetime) -> Answerable:
    """What is there can be answered as long as its post takes comments.

    A site may close posts after so many days. It tells nobody, so `close_days` is what a lead has said of it. A comment
    that waits for approval is answered out of everybody's sight.
    """
    if asked.vanished:
        return Answerable("no", "answer.vanished")
    written = moment(asked.facts.get("written"))
    until: datetime | None = None
    if written is not None and close_days and written.year < _LAST_YEAR:
        until = written + timedelta(days=close_days)
    if asked.facts.get("closed") is True or (until is not None and until <= at):
        return Answerable("no", "answer.wordpress.closed", url=asked.url)
    notes = ("answer.wordpress.parent_held",) if asked.facts.get("held") else ()
    return Answerable(until=until, notes=notes)


def days_of(said: object) -> int | None:
    """The days as typed; None for nothing, or for what is no such number."""
    text = str(said or "").strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return number if 0 < number <= MOST_DAYS else None
