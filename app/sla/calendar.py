"""Working time: when we are open, how much of it lies between two instants, and when an amount of it is used up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from app.sla.errors import CalendarNeverOpen
from app.sla.zone import day_in, instant_of

DAY_S = 86_400
FOREVER = datetime.max.replace(tzinfo=UTC)
_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta()
_A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """One opening, half-open, in seconds after midnight of the day it begins; past midnight when over 86,400."""

    start: int
    end: int


WHOLE_DAY = (Window(0, DAY_S),)
_ALL_WEEK = (WHOLE_DAY,) * 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """When we are open, in one zone: a week, the days off, and single days with windows of their own.

    On a day off no window begins, and the night window of the evening before ends at midnight. An override
    replaces the windows that begin on its day and wins over a day off.
    """

    zone: str
    hours: tuple[tuple[Window, ...], ...]
    days_off: frozenset[date] = frozenset()
    overrides: Mapping[date, tuple[Window, ...]] = field(default_factory=dict, hash=False)

    @property
    def uninterrupted(self) -> bool:
        """Whether it never closes."""
        return not self.days_off and not self.overrides and self.hours == _ALL_WEEK

    def is_off(self, day: date) -> bool:
        """Whether this is a whole day off."""
        return day in self.days_off and day not in self.overrides

    def windows(self, day: date) -> tuple[Window, ...]:
        """Answer the windows that begin on this day, in order."""
        if day in self.overrides:
            return self.overrides[day]
        return () if day in self.days_off else self.hours[day.weekday()]


ALWAYS = Calendar(zone="UTC", hours=_ALL_WEEK)
"""Open at every instant; what a calendar of null means."""


def openings(calendar: Calendar, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open UTC intervals [from, to) after an instant, in order and without overlap, as long as asked.

    Ends only when the calendar has no weekly hours and its last override is over.
    """
    reached = since.astimezone(UTC)
    if calendar.uninterrupted:
        yield reached, FOREVER
        return
    weekly = any(calendar.hours)
    last = max(calendar.overrides, default=date.min)
    day = day_in(calendar.zone, reached) - 2 * _ONE_DAY  # a night window reaches into the next day, a zone may skip one
    while weekly or day <= last:
        for begin, end in _expand(calendar, day):
            if max(begin, reached) < end:
                yield max(begin, reached), end
                reached = end
        if day >= date.max - 2 * _ONE_DAY:
            return
        day += _ONE_DAY


def _expand(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the windows that begin on a day as UTC intervals, cut at midnight before a day off."""
    for window in calendar.windows(day):
        end = window.end
        if end > DAY_S and calendar.is_off(day + _ONE_DAY):
            end = DAY_S
        yield instant_of(calendar.zone, day, window.start), instant_of(calendar.zone, day, end)


def add_working(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """Answer the earliest instant at which the working time since the start equals the amount, to the microsecond.

    Raises CalendarNeverOpen when the calendar closes for ever before that, ValueError for a negative amount.
    """
    if amount < _NOTHING:
        raise ValueError("working time cannot be taken back")
    if amount == _NOTHING:
        return start.astimezone(UTC)
    if calendar.uninterrupted and amount <= FOREVER - start:
        return start.astimezone(UTC) + amount
    left = amount
    for begin, end in openings(calendar, start):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise CalendarNeverOpen("The calendar closes for ever before the promised working time is over.")


def intervals(calendar: Calendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """List the open intervals between two instants, those that touch joined to one."""
    found: list[tuple[datetime, datetime]] = []
    for begin, close in openings(calendar, start):
        if begin >= end:
            break
        shut = min(close, end.astimezone(UTC))
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], shut)
        else:
            found.append((begin, shut))
    return found


def working_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Answer the working time from one instant to another; nothing when the end is not after the start."""
    total = _NOTHING
    if end <= start:
        return total
    if calendar.uninterrupted:
        return end - start
    for begin, close in openings(calendar, start):
        if begin >= end:
            break
        total += min(close, end) - begin
    return total


def next_open(calendar: Calendar, at: datetime) -> datetime | None:
    """Answer the instant itself when we are open then, else the next opening; None when it never opens again."""
    if calendar.uninterrupted:
        return at.astimezone(UTC)
    return next((begin for begin, _ in openings(calendar, at)), None)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether we are open at that instant; a window's end is no longer open."""
    return next_open(calendar, at) == at


def demand_open(calendar: Calendar, since: datetime) -> None:
    """Raise CalendarNeverOpen, with the reason, when there is no opening within a year of the instant."""
    opening = next_open(calendar, since)
    if opening is not None and opening - since <= _A_YEAR:
        return
    if not any(calendar.hours) and not any(calendar.overrides.values()):
        raise CalendarNeverOpen("The calendar is never open: it has no hours on any weekday.")
    raise CalendarNeverOpen(
        f"The calendar is never open within a year of {since.date()}: "
        + ("it has no weekly hours left." if opening is None else f"it first opens on {opening.date()}.")
    )
