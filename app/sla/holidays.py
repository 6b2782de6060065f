"""Days off from outside: a country's list of holidays, or an iCalendar feed; each can be switched off by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import thread_time
from typing import Any

from app.core.reason import reason
from app.sla.errors import BadValue

_ONE_DAY = timedelta(days=1)
_LONGEST_EVENT = 60
_SEEN_BY_DAY = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_NOT_OF_DAYS = {"UNTIL", "BYHOUR", "BYMINUTE", "BYSECOND"}
_EARLIEST = date(1900, 1, 1)
_LONGEST_INTERVAL = 1000
_SECONDS = 0.5
"""How long the events of a feed may take; the one that is being followed then takes half as long again at most."""
_SAME_CALENDAR_AGAIN = 400
"""After so many years every date has its weekday, week and leap year again."""


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A day off with its name; not enabled, it is an ordinary day."""

    day: date
    name: str
    enabled: bool = True


def countries() -> Mapping[str, list[str]]:
    """Answer the known countries by ISO code, each with the codes of its subdivisions."""
    import holidays  # with the next two, a tenth of a second at each start for what is asked once a year

    return holidays.list_supported_countries(include_aliases=False)


def holidays_of(country: str, years: Iterable[int], subdivision: str | None = None) -> list[Holiday]:
    """List a country's public holidays in these years by date, with the subdivision's own; BadValue if unknown."""
    known = countries()
    if country not in known:
        raise BadValue(
            "country", f"there is no list of holidays for {country!r}.", reason("no_such_country", name=country)
        )
    if subdivision is not None and subdivision not in known[country]:
        why = reason("no_such_subdivision", name=subdivision, country=country)
        raise BadValue("subdivision", f"{country} has no subdivision {subdivision!r}.", why)
    import holidays

    found = holidays.country_holidays(country, subdiv=subdivision, years=sorted(set(years)))
    return sorted(Holiday(day, name) for day, name in found.items())


def holidays_in(text: str | bytes, years: Iterable[int]) -> list[Holiday]:
    """List the whole-day events of an iCalendar feed in these years, repetitions included; BadValue if unreadable.

    Events with a time of day and cancelled ones are no days off.
    """
    from icalendar import Calendar as Feed

    wanted = set(years)
    try:
        feed = Feed.from_ical(text)
        events = [event for event in feed.walk("VEVENT") if str(event.get("STATUS", "")).upper() != "CANCELLED"]
        found, begun = set[Holiday](), thread_time()
        for event in events:
            if thread_time() - begun > _SECONDS:
                why = reason("feed_endless")
                raise BadValue("feed", "the repetitions in this feed take too long to follow.", why)
            found.update(_days(event, wanted))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        why = reason("no_feed")
        raise BadValue("feed", f"this is no iCalendar feed that can be read ({error}).", why) from None
    return sorted(found)


def switch_off(found: Iterable[Holiday], days: Iterable[date]) -> list[Holiday]:
    """Answer the holidays with those on the given days made ordinary days."""
    ordinary = set(days)
    return [Holiday(one.day, one.name, one.enabled and one.day not in ordinary) for one in found]


def days_off(found: Iterable[Holiday]) -> frozenset[date]:
    """Answer the dates a calendar takes as days off."""
    return frozenset(one.day for one in found if one.enabled)


def _days(event: Any, years: set[int]) -> Iterable[Holiday]:
    begin = event.decoded("DTSTART")
    if isinstance(begin, datetime):
        return
    length = _length(event, begin)
    for first in _repeats(event, begin, years):
        for day in (first + number * _ONE_DAY for number in range(length)):
            if day.year in years:
                yield Holiday(day, str(event.get("SUMMARY", "")).strip() or day.isoformat())


def _length(event: Any, begin: date) -> int:
    """Count the days of an event; DTEND is the first day after it."""
    lasts = event.decoded("DTEND") - begin if "DTEND" in event else event.decoded("DURATION", _ONE_DAY)
    return min(max(int(lasts.days), 1), _LONGEST_EVENT)


def _repeats(event: Any, begin: date, years: set[int]) -> Iterable[date]:
    rule = event.get("RRULE")
    if rule is None or not years:
        return [begin]
    if not _SEEN_BY_DAY & set(rule.get("FREQ", [])):
        raise ValueError("a day off repeats by the day, week, month or year")
    if not all(0 < int(step) <= _LONGEST_INTERVAL for step in rule.get("INTERVAL", [1])):
        raise ValueError("a day off repeats every 1 to 1000 days, weeks, months or years")
    if begin < _EARLIEST and {"DAILY", "WEEKLY"} & set(rule.get("FREQ", [])):
        raise ValueError("a day off repeats by the day or week since 1900 at the earliest")
    if rule.get("BYEASTER"):
        raise ValueError("a day off that moves with Easter is written out")
    from dateutil.rrule import rrulestr

    parts = rule.to_ical().decode().split(";")
    text = ";".join(part for part in parts if part.partition("=")[0].upper() not in _NOT_OF_DAYS)
    until = rule.get("UNTIL", [date.max])[0]
    last = until.date() if isinstance(until, datetime) else until
    skipped = {one.dt for listed in _listed(event.get("EXDATE")) for one in listed.dts}
    # A rule that never comes true is followed to the end of all years: so it is followed shortly before that end.
    later = (date.max.year - max(years) - 1) // _SAME_CALENDAR_AGAIN * _SAME_CALENDAR_AGAIN
    edges = [_midnight(date(year + later, 1, 1)) for year in (min(years) - 1, max(years) + 1)]
    start = _midnight(begin.replace(year=begin.year + later))
    repeats = rrulestr(text, dtstart=start).between(edges[0], edges[1], inc=True)
    days = [date(one.year - later, one.month, one.day) for one in repeats]
    return [one for one in days if one <= last and one not in skipped]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
