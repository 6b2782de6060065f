"""The one clock of the house, which a test can turn."""

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_turned: ContextVar[timedelta | datetime | None] = ContextVar("turned_clock", default=None)


def now() -> datetime:
    """Answer the present instant in UTC, aware; every time in the product comes from here."""
    turned = _turned.get()
    if isinstance(turned, datetime):
        return turned
    real = datetime.now(UTC)  # noqa: TID251 - the only place that asks the machine
    return real + turned if turned else real


def turn(to: timedelta | datetime | None) -> None:
    """Set the clock of this context: a datetime stops it there, a timedelta shifts it, None lets it run."""
    _turned.set(to)
