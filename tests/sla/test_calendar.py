"""Working time: the vectors, the laws, the nights when clocks change."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.sla.calendar import (
    ALWAYS,
    DAY_S,
    Calendar,
    Window,
    add_working,
    demand_open,
    intervals,
    is_open,
    next_open,
    working_between,
)
from app.sla.errors import BadValue, CalendarNeverOpen
from app.sla.read_calendar import read_calendar, write_calendar
from tests.sla.histories import WEEKDAYS

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())["calendar_vectors"]
BERLIN = "Europe/Berlin"
SECOND = timedelta(seconds=1)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("vector", VECTORS, ids=[one["id"] for one in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    calendar = read_calendar(vector["calendar"])
    start, target = utc(vector["start"]), timedelta(minutes=vector["target_minutes"])
    if vector["expected_due"] == "CONFIG_ERROR":
        with pytest.raises(CalendarNeverOpen, match="no hours on any weekday"):
            demand_open(calendar, start)
        with pytest.raises(CalendarNeverOpen):
            add_working(calendar, start, target)
    else:
        demand_open(calendar, start)
        assert add_working(calendar, start, target) == utc(vector["expected_due"])


# Laws

windows = st.lists(
    st.tuples(st.integers(0, DAY_S // 60 - 1), st.integers(1, DAY_S // 60 - 1)).map(
        lambda pair: Window(pair[0] * 60, (pair[0] + pair[1]) * 60)
    ),
    max_size=3,
).map(lambda found: tuple(sorted(found)))
weeks = st.lists(windows, min_size=7, max_size=7).map(tuple).filter(any)
around = st.dates(date(2026, 3, 20), date(2026, 4, 10))
zones = st.sampled_from([BERLIN, "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"])
calendars = st.builds(
    Calendar,
    zone=zones,
    hours=weeks,
    days_off=st.frozensets(around, max_size=5),
    overrides=st.dictionaries(around, windows, max_size=3),
)
moments = st.timedeltas(timedelta(), timedelta(days=21)).map(lambda passed: datetime(2026, 3, 20, tzinfo=UTC) + passed)
amounts = st.timedeltas(timedelta(), timedelta(days=30))


@given(calendars, moments, amounts)
def test_what_is_added_lies_between(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    due = add_working(calendar, start, amount)
    assert working_between(calendar, start, due) == amount
    if amount:
        assert working_between(calendar, start, due - timedelta(microseconds=1)) < amount, "not the earliest instant"


@given(calendars, moments, amounts, amounts)
def test_more_work_is_due_later(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    less, more = sorted((one, other))
    assert add_working(calendar, start, less) <= add_working(calendar, start, more)


@given(calendars, moments, amounts, amounts)
def test_work_adds_up(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    assert add_working(calendar, add_working(calendar, start, one), other) == add_working(calendar, start, one + other)


@given(weeks, moments, amounts, st.integers(1, 60))
def test_a_week_later_everything_is_a_week_later(
    week: tuple[tuple[Window, ...], ...], start: datetime, amount: timedelta, number: int
) -> None:
    calendar, shift = Calendar(zone="Asia/Kathmandu", hours=week), timedelta(weeks=number)
    assert add_working(calendar, start + shift, amount) == add_working(calendar, start, amount) + shift


@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=9)))
def test_intervals_are_apart_ordered_and_complete(calendar: Calendar, start: datetime, length: timedelta) -> None:
    found = intervals(calendar, start, start + length)
    edges = [edge for interval in found for edge in interval]
    assert edges == sorted(set(edges)), "intervals that touch are one"
    assert sum((end - begin for begin, end in found), timedelta()) == working_between(calendar, start, start + length)


@given(calendars)
def test_json_and_back(calendar: Calendar) -> None:
    assert read_calendar(json.loads(json.dumps(write_calendar(calendar)))) == calendar


def shown_open(calendar: Calendar, moment: datetime) -> bool:
    """An oracle that looks at the wall: the date and time it shows, nothing about offsets."""
    wall = moment.astimezone(ZoneInfo(calendar.zone))
    second = (wall.hour * 60 + wall.minute) * 60 + wall.second
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    if any(window.start <= second < window.end for window in calendar.windows(today)):
        return True
    return not calendar.is_off(today) and any(second + DAY_S < window.end for window in calendar.windows(yesterday))


@given(calendars, moments.filter(lambda moment: moment.date() not in {date(2026, 4, 4), date(2026, 4, 5)}))
def test_open_is_what_the_wall_clock_says(calendar: Calendar, moment: datetime) -> None:
    """Without the days on which Lord Howe shows half an hour twice: a window that ends in it ends at its first showing."""
    assert is_open(calendar, moment) == shown_open(calendar, moment)


# Nights of change

NIGHT = {day: [["00:00", "06:00"]] for day in ("Sun",)}


def test_spring_night_is_an_hour_shorter() -> None:
    calendar = read_calendar({"tz": BERLIN, "hours": NIGHT})
    assert working_between(calendar, utc("2026-03-28T12:00+01:00"), utc("2026-03-29T12:00+02:00")) == hours(5)
    assert add_working(calendar, utc("2026-03-28T12:00+01:00"), hours(3)) == utc("2026-03-29T04:00+02:00")


def test_autumn_night_is_an_hour_longer() -> None:
    calendar = read_calendar({"tz": BERLIN, "hours": NIGHT})
    assert working_between(calendar, utc("2026-10-24T12:00+02:00"), utc("2026-10-25T12:00+01:00")) == hours(7)
    assert add_working(calendar, utc("2026-10-24T12:00+02:00"), hours(4)) == utc("2026-10-25T03:00+01:00")


@pytest.mark.parametrize(
    ("window", "length"),
    [
        (["02:00", "03:00"], 0),
        (["02:30", "04:00"], 1),
        (["01:00", "02:30"], 1),
        (["02:15", "02:45"], 0),
        (["01:00", "03:00"], 1),
    ],
)
def test_a_window_in_the_gap_has_what_the_wall_clock_passes_through(window: list[str], length: float) -> None:
    calendar = read_calendar({"tz": BERLIN, "hours": {"Sun": [window]}})
    assert working_between(calendar, utc("2026-03-28T12:00Z"), utc("2026-03-29T12:00Z")) == hours(length)


@pytest.mark.parametrize(
    ("window", "length"),
    [(["02:00", "03:00"], 2), (["01:00", "02:00"], 1), (["02:30", "04:00"], 2.5), (["01:00", "02:30"], 1.5)],
)
def test_a_time_shown_twice_means_its_first_showing(window: list[str], length: float) -> None:
    calendar = read_calendar({"tz": BERLIN, "hours": {"Sun": [window]}})
    assert working_between(calendar, utc("2026-10-24T12:00Z"), utc("2026-10-25T12:00Z")) == hours(length)


def test_a_night_shift_over_the_change() -> None:
    calendar = read_calendar({"tz": BERLIN, "hours": {"Sat": [["22:00", "06:00"]]}})
    assert intervals(calendar, utc("2026-03-27T00:00Z"), utc("2026-03-30T00:00Z")) == [
        (utc("2026-03-28T22:00+01:00"), utc("2026-03-29T06:00+02:00"))
    ]
    assert working_between(calendar, utc("2026-10-23T00:00Z"), utc("2026-10-26T00:00Z")) == hours(9)


def test_midnight_that_does_not_exist() -> None:
    """Cairo goes from 00:00 to 01:00 on 24 April 2026."""
    calendar = read_calendar(
        {"tz": "Africa/Cairo", "hours": {"Thu": [["09:00", "24:00"]], "Fri": [["00:00", "02:00"]]}}
    )
    found = intervals(calendar, utc("2026-04-23T00:00Z"), utc("2026-04-24T12:00Z"))
    assert found == [(utc("2026-04-23T07:00Z"), utc("2026-04-23T23:00Z"))]


def test_a_day_that_a_zone_skipped() -> None:
    calendar = read_calendar({"tz": "Pacific/Apia", "hours": {"Fri": [["09:00", "17:00"]]}})
    assert working_between(calendar, utc("2011-12-28T00:00Z"), utc("2012-01-02T00:00Z")) == timedelta()


# Days off, halves, nights


def test_several_windows_and_half_open_ends() -> None:
    calendar = read_calendar({"tz": "UTC", "hours": {"Wed": [["08:00", "12:00"], ["13:30", "18:00"]]}})
    assert is_open(calendar, utc("2026-03-04T08:00Z"))
    assert not is_open(calendar, utc("2026-03-04T12:00Z"))
    assert next_open(calendar, utc("2026-03-04T12:00Z")) == utc("2026-03-04T13:30Z")
    assert add_working(calendar, utc("2026-03-04T08:00Z"), hours(4)) == utc("2026-03-04T12:00Z")


def test_overlapping_windows_count_once() -> None:
    calendar = read_calendar({"tz": "UTC", "hours": {"Wed": [["08:00", "12:00"], ["10:00", "14:00"]]}})
    assert working_between(calendar, utc("2026-03-04T00:00Z"), utc("2026-03-05T00:00Z")) == hours(6)


def test_a_day_off_has_no_working_second_and_no_shift_begins_on_it() -> None:
    nights = {day: [["22:00", "06:00"]] for day in ("Mon", "Tue", "Wed", "Thu")}
    calendar = read_calendar({"tz": "UTC", "hours": nights, "holidays": ["2026-03-04"]})
    assert intervals(calendar, utc("2026-03-03T12:00Z"), utc("2026-03-05T23:00Z")) == [
        (utc("2026-03-03T22:00Z"), utc("2026-03-04T00:00Z")),
        (utc("2026-03-05T22:00Z"), utc("2026-03-05T23:00Z")),
    ]


def test_an_override_makes_half_a_day_and_wins_over_a_day_off() -> None:
    week = {
        "tz": "UTC",
        "hours": WEEKDAYS,
        "overrides": {"2026-12-24": [["09:00", "12:00"]]},
        "holidays": ["2026-12-24"],
    }
    day = (utc("2026-12-24T00:00Z"), utc("2026-12-25T00:00Z"))
    assert working_between(read_calendar(week), *day) == hours(3)
    assert working_between(read_calendar({**week, "overrides": {"2026-12-24": []}}), *day) == timedelta()


def test_an_always_open_calendar_with_a_holiday_closes_that_day() -> None:
    calendar = read_calendar({"tz": BERLIN, "always": True, "holidays": ["2026-12-25"]})
    assert working_between(calendar, utc("2026-12-24T00:00+01:00"), utc("2026-12-27T00:00+01:00")) == hours(48)
    assert add_working(ALWAYS, utc("2026-03-04T00:00Z"), hours(1)) == utc("2026-03-04T01:00Z")


def test_a_holiday_switched_off_is_an_ordinary_day() -> None:
    days = [{"date": "2026-03-04", "name": "Nothing", "enabled": False}, {"date": "2026-03-05", "name": "Something"}]
    calendar = read_calendar({"tz": "UTC", "hours": WEEKDAYS, "holidays": days})
    assert calendar.days_off == {date(2026, 3, 5)}


# Long closures


@pytest.mark.parametrize("days", [26, 364, 365])
def test_a_long_closure_has_an_answer(days: int) -> None:
    first = date(2026, 3, 5)
    closed = [(first + timedelta(days=number)).isoformat() for number in range(days)]
    calendar = read_calendar({"tz": "UTC", "always": True, "holidays": closed})
    start = utc("2026-03-04T23:30Z")
    demand_open(calendar, start)
    opens = datetime.combine(first + timedelta(days=days), time(), UTC)
    assert add_working(calendar, start, hours(1)) == opens + hours(0.5)


def test_closed_for_more_than_a_year_is_refused_with_the_reason() -> None:
    closed = [(date(2026, 1, 1) + timedelta(days=number)).isoformat() for number in range(500)]
    calendar = read_calendar({"tz": "UTC", "hours": WEEKDAYS, "holidays": closed})
    with pytest.raises(CalendarNeverOpen, match="first opens on 2027-05-17"):
        demand_open(calendar, utc("2026-01-01T00:00Z"))


def test_hours_on_single_days_only_end_some_day() -> None:
    calendar = read_calendar({"tz": "UTC", "hours": {}, "overrides": {"2026-03-05": [["09:00", "10:00"]]}})
    start = utc("2026-03-04T00:00Z")
    demand_open(calendar, start)
    assert add_working(calendar, start, hours(1)) == utc("2026-03-05T10:00Z")
    with pytest.raises(CalendarNeverOpen):
        add_working(calendar, start, hours(1) + SECOND)
    with pytest.raises(CalendarNeverOpen, match="no weekly hours left"):
        demand_open(calendar, utc("2026-03-06T00:00Z"))


@example("24:00", "06:00")
@example("09:00", "09:00")
@example("25:00", "26:00")
@example("9:00", "10:00")
@example("09:60", "10:00")
@given(st.text("0123456789:x", max_size=8) | st.text(max_size=6), st.just("17:00"))
def test_a_window_is_read_or_refused_by_its_place(start: str, end: str) -> None:
    data = {"tz": "UTC", "hours": {"Mon": [[start, end]]}}
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", start) and not f"{start}:00".startswith(
        f"{end}:00"
    ):
        (window,) = read_calendar(data).hours[0]
        assert 0 <= window.start < window.end <= window.start + DAY_S
    else:
        with pytest.raises(BadValue, match=r"^calendar\.hours\.Mon\[0\]"):
            read_calendar(data)
