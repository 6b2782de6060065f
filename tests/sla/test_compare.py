"""A rebuild shows what it changed, and only that."""

from app.sla.compare import compare
from tests.sla.histories import run, terms

HISTORY = ("10:00 customer", "10:40 reply", "11:00 resolved")


def test_equal_readings_differ_in_nothing() -> None:
    clocks = run(terms(FR=30, RS=240), *HISTORY)
    timers = [one for found in clocks.values() for one in found]
    assert compare(timers, list(reversed(timers))) == []


def test_a_corrected_policy_shows_which_cycles_are_others() -> None:
    before, after = (run(terms(FR=target, RS=240), *HISTORY) for target in (30, 60))
    (difference,) = compare([*before["FR"], *before["RS"]], [*after["FR"], *after["RS"]])
    assert (difference.metric, difference.cycle) == ("first_reply", 1)
    assert difference.fields == ("due_at", "breached_at", "state")
    (gone,) = compare(before["RS"], [])
    assert gone.after is None
