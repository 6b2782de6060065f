"""A calendar as JSON, read with an error that names the place, and written back."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core.reason import reason
from app.sla.calendar import ALWAYS, DAY_S, WHOLE_DAY, Calendar, Window
from app.sla.errors import BadValue
from app.sla.zone import find_zone

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KEYS = {"tz", "hours", "holidays", "overrides", "always", "name", "id", "note"}
_CLOCK = re.compile(r"(\d\d):([0-5]\d)(?::([0-5]\d))?")


def read_calendar(data: Any, place: str = "calendar") -> Calendar:
    """Read `{tz, hours, holidays, overrides, always}`; null is always open. Raises BadValue naming the place.

    Holidays are dates or `{date, name, enabled}`; overrides are windows by date; weekdays are `Mon` to `Sun`.
    """
    if data is None:
        return ALWAYS
    if not isinstance(data, Mapping):
        raise BadValue(place, "a calendar is an object or null.")
    for key in data:
        if key not in _KEYS:
            raise BadValue(f"{place}.{key}", "a calendar has no such entry.")
    zone = data.get("tz", "UTC" if data.get("always") is True else None)
    if not isinstance(zone, str):
        raise BadValue(f"{place}.tz", "the time zone must be given by its name.")
    find_zone(zone, f"{place}.tz")
    always = data.get("always", False)
    if not isinstance(always, bool):
        raise BadValue(f"{place}.always", "this must be true or false.")
    return Calendar(
        zone=zone,
        hours=(WHOLE_DAY,) * 7 if always else _read_hours(data.get("hours", {}), f"{place}.hours"),
        days_off=_read_days_off(data.get("holidays", []), f"{place}.holidays"),
        overrides=_read_overrides(data.get("overrides", {}), f"{place}.overrides"),
    )


def write_calendar(calendar: Calendar) -> dict[str, Any]:
    """Write the calendar as JSON that `read_calendar` reads back to an equal one."""
    return {
        "tz": calendar.zone,
        "hours": {name: _write(day) for name, day in zip(WEEKDAYS, calendar.hours, strict=True) if day},
        "holidays": [day.isoformat() for day in sorted(calendar.days_off)],
        "overrides": {day.isoformat(): _write(calendar.overrides[day]) for day in sorted(calendar.overrides)},
    }


def _read_hours(data: Any, place: str) -> tuple[tuple[Window, ...], ...]:
    if not isinstance(data, Mapping):
        raise BadValue(place, "hours are windows by weekday.")
    week: list[tuple[Window, ...]] = [()] * 7
    for key, windows in data.items():
        name = str(key).lower()
        number = next((n for n in range(7) if name in (WEEKDAYS[n].lower(), _LONG[n])), None)
        if number is None:
            raise BadValue(f"{place}.{key}", f"there is no such weekday; they are {', '.join(WEEKDAYS)}.")
        week[number] = _read_windows(windows, f"{place}.{key}")
    return tuple(week)


def _read_windows(data: Any, place: str) -> tuple[Window, ...]:
    if data is None:
        return ()
    if not isinstance(data, list):
        raise BadValue(place, 'windows are a list like [["09:00", "17:00"]].')
    return tuple(sorted(_read_window(window, f"{place}[{n}]") for n, window in enumerate(data)))


def _read_window(data: Any, place: str) -> Window:
    if not isinstance(data, list) or len(data) != 2:
        raise BadValue(place, 'a window is a pair like ["09:00", "17:00"].')
    start, end = (_read_clock(text, f"{place}[{n}]") for n, text in enumerate(data))
    if start == DAY_S:
        raise BadValue(
            f"{place}[0]", "a window cannot begin at 24:00; write 00:00 of the next day.", reason("window_late")
        )
    if start == end:
        raise BadValue(
            place, "a window cannot end when it begins; a whole day is 00:00 to 24:00.", reason("window_empty")
        )
    window = Window(start, end if end > start else end + DAY_S)
    return WHOLE_DAY[0] if window == WHOLE_DAY[0] else window


def _read_clock(text: Any, place: str) -> int:
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    seconds = (
        sum(int(part or 0) * weight for part, weight in zip(found.groups(), (3600, 60, 1), strict=True))
        if found
        else -1
    )
    if not 0 <= seconds <= DAY_S:
        raise BadValue(
            place, f"{text!r} is not a time of day from 00:00 to 24:00.", reason("no_time_of_day", text=text)
        )
    return seconds


def _read_day(text: Any, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadValue(place, f"{text!r} is not a date like 2026-04-03.", reason("no_date", text=text)) from None


def _read_days_off(data: Any, place: str) -> frozenset[date]:
    if not isinstance(data, list):
        raise BadValue(place, "holidays are a list of dates.")
    days = set()
    for n, entry in enumerate(data):
        if isinstance(entry, Mapping):
            if entry.get("enabled", True) is not False:
                days.add(_read_day(entry.get("date"), f"{place}[{n}].date"))
        else:
            days.add(_read_day(entry, f"{place}[{n}]"))
    return frozenset(days)


def _read_overrides(data: Any, place: str) -> dict[date, tuple[Window, ...]]:
    if not isinstance(data, Mapping):
        raise BadValue(place, "overrides are windows by date.")
    return {_read_day(key, f"{place}.{key}"): _read_windows(windows, f"{place}.{key}") for key, windows in data.items()}


def _write(windows: tuple[Window, ...]) -> list[list[str]]:
    return [
        [_clock(window.start), _clock(window.end if window.end <= DAY_S else window.end - DAY_S)] for window in windows
    ]


def _clock(second: int) -> str:
    minutes, seconds = divmod(second, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
