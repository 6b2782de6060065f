"""The calendar month of a budget, in UTC; pure."""

from datetime import UTC, date, datetime


def month_of(at: datetime) -> date:
    """The first day of the month in which an instant lies."""
    return at.astimezone(UTC).date().replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def month_ends(at: datetime) -> datetime:
    """The instant at which the next month begins."""
    first = next_month(month_of(at))
    return datetime(first.year, first.month, 1, tzinfo=UTC)
