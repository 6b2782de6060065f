"""Days off from a country's list and from an iCalendar feed."""

import time
from datetime import date

import pytest

from app.sla.errors import BadValue
from app.sla.holidays import Holiday, countries, days_off, holidays_in, holidays_of, switch_off

FEED = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20261227
SUMMARY:Christmas
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20200501
RRULE:FREQ=YEARLY;UNTIL=20280501
EXDATE;VALUE=DATE:20270501
SUMMARY:Labour Day
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20260301T100000Z
DTEND:20260301T110000Z
SUMMARY:A meeting
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART;VALUE=DATE:20260815
STATUS:CANCELLED
SUMMARY:Not this year
END:VEVENT
END:VCALENDAR
"""


def test_a_countrys_holidays_and_those_of_a_part_of_it() -> None:
    germany, bavaria = (holidays_of("DE", [2026], part) for part in (None, "BY"))
    assert {date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25)} <= days_off(germany)
    assert date(2026, 1, 6) in days_off(bavaria) - days_off(germany)
    assert bavaria == sorted(bavaria)
    assert {one.day.year for one in holidays_of("FR", [2026, 2027])} == {2026, 2027}
    assert "BY" in countries()["DE"]


@pytest.mark.parametrize(("country", "part", "place"), [("XX", None, "country"), ("DE", "ZZ", "subdivision")])
def test_an_unknown_country_is_named(country: str, part: str | None, place: str) -> None:
    with pytest.raises(BadValue, match=f"^{place}: "):
        holidays_of(country, [2026], part)


def test_a_feed_gives_whole_days_with_repetitions() -> None:
    assert holidays_in(FEED.replace("\n", "\r\n"), [2026, 2027, 2028, 2029]) == [
        Holiday(date(2026, 5, 1), "Labour Day"),
        Holiday(date(2026, 12, 24), "Christmas"),
        Holiday(date(2026, 12, 25), "Christmas"),
        Holiday(date(2026, 12, 26), "Christmas"),
        Holiday(date(2028, 5, 1), "Labour Day"),
    ]


@pytest.mark.parametrize(
    "text", ["", "nonsense", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "<html>"]
)
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match=r"^feed: "):
        holidays_in(text, [2026])


def test_single_holidays_can_be_switched_off() -> None:
    germany = switch_off(holidays_of("DE", [2026]), [date(2026, 4, 6)])
    assert date(2026, 4, 6) not in days_off(germany)
    assert date(2026, 4, 3) in days_off(germany)
    assert any(one.day == date(2026, 4, 6) and not one.enabled for one in germany)


def repeating(rule: str, start: str = "20260101", times: int = 1) -> str:
    event = f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:{start}\r\nSUMMARY:x\r\nRRULE:{rule}\r\nEND:VEVENT\r\n"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event * times}END:VCALENDAR\r\n"


@pytest.mark.parametrize(
    "feed",
    [
        repeating("FREQ=DAILY;INTERVAL=0"),
        repeating("FREQ=YEARLY;INTERVAL=99999999999"),
        repeating("FREQ=DAILY", "00010101"),
        repeating("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", times=500),
    ],
    ids=["never moves on", "moves too far", "since the year 1", "never comes true"],
)
def test_a_feed_cannot_keep_the_desk_busy(feed: str) -> None:
    begun = time.process_time()
    with pytest.raises(BadValue):
        holidays_in(feed, [2026])
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("often", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
def test_a_rule_that_never_comes_true_costs_little(often: str) -> None:
    begun = time.process_time()
    assert holidays_in(repeating(f"FREQ={often};BYMONTH=2;BYMONTHDAY=30", "19000101"), [2026]) == []
    assert time.process_time() - begun < 5  # followed to the end of all years, by the day: four times as long as now


def test_a_rule_keeps_its_weekdays_leap_years_and_counts() -> None:
    rules = {
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "20000101"): [date(2027, 11, 25), date(2028, 11, 23)],
        ("FREQ=YEARLY", "20240229"): [date(2028, 2, 29)],
        ("FREQ=WEEKLY;INTERVAL=52;BYDAY=MO", "20260105"): [date(2027, 1, 4), date(2028, 1, 3)],
        ("FREQ=DAILY;INTERVAL=365;COUNT=3", "20260101"): [date(2027, 1, 1), date(2028, 1, 1)],
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR", "20200101"): [date(2027, 1, 1)],
        ("FREQ=YEARLY;UNTIL=20270601", "20200601"): [date(2027, 6, 1)],
    }
    for (rule, start), days in rules.items():
        found = [one.day for one in holidays_in(repeating(rule, start), [2027, 2028])]
        assert found == days, rule


def test_a_time_of_day_in_a_rule_makes_no_more_days() -> None:
    rule = "FREQ=DAILY;BYHOUR=0,1,2,3,4;BYMINUTE=0,10,20,30,40,50;BYSECOND=0,10,20,30,40,50"
    assert len(holidays_in(repeating(rule, "19000101"), [2026])) == 365
