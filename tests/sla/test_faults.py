"""Faults seen elsewhere, each a test that fails where somebody repeats it."""

from datetime import date, timedelta

import pytest

from app.sla.facts import PolicyChanged
from app.sla.fold import begin, fold, fold_all, next_instant, pass_time
from app.sla.read_calendar import read_calendar
from app.sla.tally import tally
from app.sla.terms import Warn
from app.sla.timer import consumed, over
from tests.sla.histories import WEEKDAYS, at, fact, minutes, run, terms


def test_a_breach_is_dated_with_the_due_time_however_late_it_is_noticed() -> None:
    clocks = fold(begin(terms(FR=30)), fact("10:00 customer")).clocks
    assert next_instant(clocks) == at("10:30"), "known to the instant, not looked for every few minutes"
    (passed,) = pass_time(clocks, at("14:00")).passed
    assert (passed.timer.breached_at, passed.timer.detected_at) == (at("10:30"), at("14:00"))


def test_metrics_pause_each_for_itself() -> None:
    clocks = run(terms(FR=30, RS=60), "10:00 customer", "10:10 waiting", until="10:20")
    assert (clocks["FR"][0].state, clocks["RS"][0].state) == ("running", "paused")


def test_entering_a_pause_is_no_reply() -> None:
    pauses = {"first_reply": frozenset({"waiting"})}
    clocks = run(terms(FR=30, pauses=pauses), "10:00 customer", "10:10 waiting", "11:00 open", until="11:10")
    assert (clocks["FR"][0].state, clocks["FR"][0].met_at) == ("running", None)


def test_resolution_runs_again_after_reopening() -> None:
    clocks = run(terms(RS=90), "10:00 customer", "11:00 resolved", "12:00 open", until="12:40")
    assert (clocks["RS"][0].state, clocks["RS"][0].breached_at) == ("breached", at("12:30"))


def test_a_final_thanks_breaches_nothing() -> None:
    clocks = run(terms(FR=30, NR=45), "10:00 customer", "10:10 reply", "10:20 customer", "10:30 resolved")
    (cycle,) = clocks["NR"]
    assert (cycle.state, cycle.cause, cycle.breached_at) == ("cancelled", "resolved_without_reply", None)


def test_a_thanks_after_a_double_submit_breaches_nothing_either() -> None:
    history = ("10:00 customer", "10:05 submit", "10:06 submit", "10:10 reply", "10:20 customer", "10:30 resolved")
    (cycle,) = run(terms(FR=30, NR=45), *history)["NR"]
    assert cycle.state == "cancelled"


def test_resolving_does_not_wipe_out_a_breach() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", "10:45 resolved")["FR"]
    assert (first.state, first.breached_at, first.cause) == ("breached", at("10:30"), "resolved_without_reply")


def test_several_windows_a_day_holidays_and_the_calendars_own_zone() -> None:
    day = [["08:00", "12:00"], ["13:30", "18:00"]]
    office = read_calendar(
        {"tz": "America/New_York", "hours": {"Wed": day, "Thu": day, "Fri": day}, "holidays": ["2026-03-05"]}
    )
    (first,) = run(terms(office, FR=60 * 9), "16:30 customer", until="16:31")["FR"]
    assert first.due_at == at("17:00", day=6), "half an hour, 4.5 hours, a holiday, then New York's Friday until noon"
    assert consumed(first, at("18:00")) == minutes(30)


def test_answered_exactly_at_the_deadline_is_met_and_ends() -> None:
    clocks = fold_all(begin(terms(FR=30)), [fact("10:00 customer"), fact("10:30 reply")]).clocks
    (first,) = [one for one in clocks.timers if one.metric == "first_reply"]
    assert (first.state, next_instant(clocks)) == ("met", None)


def test_seconds_are_not_rounded_to_minutes() -> None:
    (first,) = run(terms(FR=0.25), "10:00:59.25 customer", "10:01:14.250001 reply")["FR"]
    assert (first.due_at, first.state) == (at("10:01:14.25"), "breached")
    assert over(first, at("18:00")) == timedelta(microseconds=1)


@pytest.mark.parametrize("days", [26, 364])
def test_a_long_closure_is_walked_through(days: int) -> None:
    closed = [(date(2026, 3, 5) + timedelta(days=number)).isoformat() for number in range(days)]
    office = read_calendar({"tz": "UTC", "always": True, "holidays": closed})
    (first,) = run(terms(office, FR=60), "23:30 customer", until="23:45")["FR"]
    assert first.due_at == at("00:30", day=5) + timedelta(days=days)


def test_moving_to_another_team_does_not_count_from_creation_again() -> None:
    office = read_calendar({"tz": "UTC", "hours": {"Wed": [["09:00", "18:00"]]}})
    moved = PolicyChanged(at=at("12:30"), terms=terms(office, RS=240), cause="team_change")
    history = ("10:00 customer", "10:10 waiting", "12:20 open", moved)
    (resolution,) = run(terms(RS=480), *history, until="12:31")["RS"]
    assert (resolution.state, resolution.due_at, resolution.cause) == ("running", at("16:10"), "team_change")


def test_nobody_is_reminded_at_midnight() -> None:
    office = read_calendar({"tz": "UTC", "hours": WEEKDAYS})
    promise = terms(office, FR=60, warns={"first_reply": Warn(before=minutes(60))})
    clocks = fold(begin(promise), fact("23:59 customer")).clocks
    assert next_instant(clocks) == at("09:00", day=5)


def test_averages_have_the_late_ones_in_them() -> None:
    histories = (
        ("10:00 customer", "10:10 reply"),
        ("10:00 customer", "10:50 reply"),
        ("10:00 customer",),
        ("10:00 customer", "10:05 resolved"),
        ("10:00 customer", "10:05 vanish"),
    )
    cycles = [one for history in histories for one in run(terms(FR=30), *history, until="12:00")["FR"]]
    count = tally(cycles, at("12:00"))
    assert (count.met, count.breached, count.resolved_without_reply, count.cancelled, count.running) == (1, 2, 1, 1, 0)
    assert count.mean == minutes((10 + 50 + 120) / 3)
    assert tally([], at("12:00")).mean is None
