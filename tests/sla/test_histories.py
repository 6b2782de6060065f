"""The given histories, and what a promise does in those the vectors do not have."""

from datetime import timedelta

import pytest

from app.sla.facts import CustomerMessage, Dismissed, Moved, PolicyChanged, ReplyAccepted, ReplyDropped
from app.sla.fold import begin, fold, fold_all, next_instant, pass_time
from app.sla.read_calendar import read_calendar
from app.sla.terms import Terms, Warn
from app.sla.timer import consumed, over
from tests.sla.histories import WEEKDAYS, at, fact, minutes, run, terms

USUAL = {"FR": 30, "NR": 45, "RS": 240}


# The vectors, by their ids


def test_s01_plain_reply_and_resolve() -> None:
    clocks = run(terms(FR=30, NR=45, RS=240), "10:00 customer", "10:20 reply", "12:00 resolved")
    first, resolution = clocks["FR"][0], clocks["RS"][0]
    assert (first.state, consumed(first, at("18:00"))) == ("met", minutes(20))
    assert (resolution.state, consumed(resolution, at("18:00"))) == ("met", minutes(120))
    assert "NR" not in clocks


def test_s02_an_automatic_reply_does_not_count() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", "10:00:05 bot", "10:40 reply")["FR"]
    assert (first.state, first.due_at, first.breached_at, first.met_at) == ("breached", *[at("10:30")] * 2, at("10:40"))
    assert over(first, at("18:00")) == minutes(10)


def test_s02_an_automatic_reply_counts_where_the_policy_says_so() -> None:
    (first,) = run(terms(FR=30, count_automatic=True), "10:00 customer", "10:00:05 bot")["FR"]
    assert (first.state, first.met_at) == ("met", at("10:00:05"))


def test_s03_a_note_does_not_count() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", "10:10 note")["FR"]
    assert (first.state, first.breached_at, first.met_at) == ("breached", at("10:30"), None)


def test_s04_next_reply_runs_from_the_oldest_unanswered() -> None:
    clocks = run(terms(**USUAL), "10:00 customer", "10:20 reply", "10:30 customer", "10:50 customer", "11:20 reply")
    (cycle,) = clocks["NR"]
    assert (cycle.started_at, cycle.due_at, cycle.state) == (at("10:30"), at("11:15"), "breached")
    assert over(cycle, at("18:00")) == minutes(5)


def test_s05_a_second_message_before_any_reply_starts_no_next_reply() -> None:
    clocks = run(terms(**USUAL), "10:00 customer", "10:05 customer", "10:25 reply")
    assert consumed(clocks["FR"][0], at("18:00")) == minutes(25)
    assert "NR" not in clocks


@pytest.mark.parametrize(
    ("pauses", "due", "late"), [(None, "10:30", 65), ({"first_reply": frozenset({"waiting"})}, "11:30", 5)]
)
def test_s06_waiting_while_the_customer_is_unanswered(
    pauses: dict[str, frozenset[str]] | None, due: str, late: int
) -> None:
    history = ("10:00 customer", "10:10 waiting", "11:10 open", "11:35 reply")
    (first,) = run(terms(FR=30, pauses=pauses), *history)["FR"]
    assert (first.due_at, first.state, over(first, at("18:00"))) == (at(due), "breached", minutes(late))
    assert first.flags == (("customer_unanswered",) if pauses else ())


def test_s07_resolved_without_any_reply() -> None:
    clocks = run(terms(**USUAL), "10:00 customer", "10:15 resolved")
    assert (clocks["FR"][0].state, clocks["FR"][0].cause) == ("cancelled", "resolved_without_reply")
    assert (clocks["RS"][0].state, consumed(clocks["RS"][0], at("18:00"))) == ("met", minutes(15))


def test_s10_the_customer_deletes_the_post() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", "10:10 vanish")["FR"]
    assert (first.state, first.cause) == ("cancelled", "upstream_deleted")


def test_s12_a_reply_exactly_at_the_due_time_is_in_time() -> None:
    (first,) = run(terms(**USUAL), "10:00 customer", "10:30:00.000 reply")["FR"]
    assert (first.state, first.met_at, first.breached_at) == ("met", at("10:30"), None)


# Where a clock starts, and whose delay it was


def test_a_clock_starts_at_the_time_of_the_network_and_carries_our_lag() -> None:
    message = CustomerMessage(at=at("10:00"), received_at=at("10:20"))
    (first,) = run(terms(FR=30), message, "10:25 reply")["FR"]
    assert (first.started_at, first.received_at, first.cause) == (at("10:00"), at("10:20"), "ingest_lag")
    prompt = CustomerMessage(at=at("10:00"), received_at=at("10:01"))
    assert run(terms(FR=30), prompt)["FR"][0].causes == ()


def test_a_breach_between_submitting_and_accepting_is_the_delivery() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", "10:25 submit", "10:33 reply")["FR"]
    assert (first.state, first.cause, first.submitted_at) == ("breached", "delivery_delay", at("10:25"))
    (late,) = run(terms(FR=30), "10:00 customer", "10:31 submit", "10:33 reply")["FR"]
    assert (late.state, late.cause) == ("breached", None)


def test_replies_are_told_apart_by_name() -> None:
    history = ("10:00 customer", "10:05 submit lost", "10:35 submit sent", "10:36 reply sent")
    (first,) = run(terms(FR=30), *history)["FR"]
    assert (first.submitted_at, first.cause) == (at("10:35"), None)


def test_an_older_message_that_arrives_later_moves_the_start() -> None:
    clocks = run(terms(FR=30, RS=240, UP=60), "10:10 customer b", "10:00 customer a", "10:20 reply")
    assert [clocks[name][0].started_at for name in ("FR", "RS", "UP")] == [at("10:00")] * 3
    assert clocks["FR"][0].due_at == at("10:30")


def test_the_oldest_message_vanishes_but_another_waits() -> None:
    (first,) = run(terms(FR=30), "10:00 customer a", "10:05 customer b", "10:10 vanish a", "10:34 reply")["FR"]
    assert (first.started_at, first.due_at, first.state) == (at("10:05"), at("10:35"), "met")


def test_a_new_message_after_a_deleted_one_has_a_first_reply_again() -> None:
    deleted, anew = run(terms(FR=30), "10:00 customer a", "10:10 vanish a", "11:00 customer b", "11:10 reply")["FR"]
    assert (deleted.state, anew.cycle, anew.started_at, anew.state) == ("cancelled", 2, at("11:00"), "met")


def test_reply_and_resolve_at_once_waits_for_the_network() -> None:
    clocks = run(terms(**USUAL), "10:00 customer", "10:10 submit", "10:10 resolved", "10:11 reply")
    assert (clocks["FR"][0].state, clocks["FR"][0].met_at) == ("met", at("10:11"))
    assert clocks["RS"][0].met_at == at("10:10")


def test_a_reply_that_never_left_a_resolved_ticket_is_no_reply() -> None:
    dropped = ReplyDropped(at=at("10:20"), reply="r")
    (first,) = run(terms(FR=30), "10:00 customer", "10:10 submit r", "10:10 resolved", dropped)["FR"]
    assert (first.state, first.cause, first.cancelled_at) == ("cancelled", "resolved_without_reply", at("10:20"))


def test_an_acceptance_told_late_withdraws_a_breach_noticed_meanwhile() -> None:
    clocks = fold(begin(terms(FR=30)), fact("10:00 customer")).clocks
    noticed = pass_time(clocks, at("10:30:01"))
    assert [(one.what, one.timer.breached_at) for one in noticed.passed] == [("breached", at("10:30"))]
    told = fold(noticed.clocks, ReplyAccepted(at=at("10:29:59")))
    (first,) = [one for one in told.changed if one.metric == "first_reply"]
    assert (first.state, first.breached_at, first.detected_at) == ("met", None, None)


# Pausing


def test_a_pause_by_state_stops_resolution_and_update_only() -> None:
    history = ("10:00 customer", "10:10 reply", "10:20 waiting", "12:20 customer", "12:20 open", "12:30 reply")
    clocks = run(terms(FR=30, NR=45, RS=240, UP=180), *history, until="13:00")
    (resolution,) = clocks["RS"]
    assert (consumed(resolution, at("13:00")), resolution.due_at) == (minutes(60), at("16:00"))
    silence = clocks["UP"][1]
    assert (silence.started_at, silence.met_at, consumed(silence, at("13:00"))) == (
        at("10:10"),
        at("12:30"),
        minutes(20),
    )
    assert clocks["NR"][0].state == "met"


def test_a_paused_clock_has_no_due_time_and_cannot_breach() -> None:
    clocks = run(terms(RS=60), "10:00 customer", "10:10 waiting", until="18:00")
    assert (clocks["RS"][0].state, clocks["RS"][0].due_at) == ("paused", None)


def test_a_breached_clock_keeps_its_due_time_while_it_is_paused() -> None:
    (resolution,) = run(terms(RS=60), "10:00 customer", "11:30 waiting", "12:30 open", "12:40 resolved")["RS"]
    assert (resolution.breached_at, resolution.due_at, resolution.met_at) == (at("11:00"), at("11:00"), at("12:40"))
    assert over(resolution, at("18:00")) == minutes(40)


def test_resolving_out_of_a_pause_counts_what_ran() -> None:
    (resolution,) = run(terms(RS=60), "10:00 customer", "10:10 waiting", "15:00 resolved")["RS"]
    assert (resolution.state, consumed(resolution, at("18:00")), resolution.due_at) == ("met", minutes(10), at("15:50"))


# Reopening

REOPENED = ("10:00 customer", "10:10 reply", "11:00 resolved", "13:00 customer", "13:00 open", "14:00 resolved")


def test_reopening_resumes_with_what_was_consumed() -> None:
    (resolution,) = run(terms(RS=240), *REOPENED)["RS"]
    assert (resolution.state, consumed(resolution, at("18:00")), resolution.due_at) == (
        "met",
        minutes(120),
        at("16:00"),
    )


def test_reopening_restarts() -> None:
    first, second = run(terms(RS=240, reopen="restart"), *REOPENED)["RS"]
    assert (first.met_at, second.started_at, second.due_at) == (at("11:00"), at("13:00"), at("17:00"))


def test_reopening_keeps_what_was_first_measured() -> None:
    (resolution,) = run(terms(RS=240, reopen="keep"), *REOPENED)["RS"]
    assert (resolution.met_at, consumed(resolution, at("18:00"))) == (at("11:00"), minutes(60))


def test_reopening_does_not_mend_a_breach() -> None:
    (resolution,) = run(terms(RS=30), *REOPENED)["RS"]
    assert (resolution.state, resolution.breached_at, resolution.met_at) == ("breached", at("10:30"), at("14:00"))


def test_a_message_on_a_closed_ticket_starts_nothing() -> None:
    clocks = run(terms(**USUAL), "10:00 customer", "10:10 reply", "11:00 closed", "12:00 customer")
    assert "NR" not in clocks
    assert clocks["RS"][0].state == "met"


# Silence


def test_update_measures_each_silence_of_ours() -> None:
    history = ("10:00 customer", "10:30 reply", "11:45 reply", "12:00 resolved", "13:00 open")
    first, second, third, fourth = run(terms(UP=60), *history, until="13:30")["UP"]
    assert (first.state, second.state, second.due_at) == ("met", "breached", at("11:30"))
    assert (third.state, third.cause) == ("cancelled", "resolved")
    assert (fourth.state, fourth.started_at) == ("running", at("13:00"))


# Changes


def change(clock: str, after: Terms, cause: str = "policy_change") -> PolicyChanged:
    return PolicyChanged.model_validate({"at": at(clock), "terms": after, "cause": cause})


def test_a_change_keeps_what_was_consumed() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", change("10:10", terms(FR=20), "priority_change"), "10:15 reply")[
        "FR"
    ]
    assert (first.due_at, first.state, first.cause) == (at("10:20"), "met", "priority_change")


def test_a_due_time_never_moves_to_before_the_change() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", change("10:20", terms(FR=15)), "10:33 reply")["FR"]
    assert (first.due_at, first.breached_at, first.cause) == (at("10:20"), at("10:20"), "policy_change")
    assert over(first, at("18:00")) == minutes(13)


def test_a_longer_promise_lets_a_late_clock_run_again_and_its_history_tells() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", change("10:40", terms(FR=60)), "10:50 reply")["FR"]
    assert (first.state, first.due_at) == ("met", at("11:00"))
    assert [step.what for step in first.history] == ["started", "breached", "changed", "met"]


def test_a_shorter_promise_leaves_an_old_breach_where_it_was() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", change("10:40", terms(FR=15)))["FR"]
    assert (first.breached_at, first.due_at) == (at("10:30"), at("10:30"))


def test_another_calendar_counts_from_the_change() -> None:
    office = read_calendar({"tz": "UTC", "hours": {"Wed": [["12:00", "18:00"]]}})
    (first,) = run(terms(FR=30), "10:00 customer", change("10:10", terms(office, FR=30), "calendar_change"))["FR"]
    assert (first.due_at, first.cause) == (at("12:20"), "calendar_change")
    assert consumed(first, at("12:10")) == minutes(20)


def test_a_promise_taken_back_is_cancelled_and_given_again_runs_on() -> None:
    taken = ("10:00 customer", change("10:10", terms()))
    (first,) = run(terms(FR=30), *taken)["FR"]
    assert (first.state, first.cause, first.due_at) == ("cancelled", "policy_change", None)
    (again,) = run(terms(FR=30), *taken, change("10:15", terms(FR=30)), until="10:20")["FR"]
    assert (again.state, again.due_at) == ("running", at("10:30"))


def test_a_paused_clock_takes_the_new_target_when_it_resumes() -> None:
    history = ("10:00 customer", "10:10 waiting", change("10:30", terms(RS=20)), "11:00 open")
    (resolution,) = run(terms(RS=60), *history, until="11:05")["RS"]
    assert (resolution.due_at, resolution.state) == (at("11:10"), "running")


def test_a_finished_cycle_stays_frozen() -> None:
    (first,) = run(terms(FR=30), "10:00 customer", "10:10 reply", change("10:20", terms(FR=5)))["FR"]
    assert (first.state, first.due_at, first.causes) == ("met", at("10:30"), ())


# Spam


def test_spam_stops_every_clock_and_taking_it_back_lets_them_run_on() -> None:
    spam = Dismissed(at=at("10:10"), cause="spam")
    clocks = run(terms(FR=30, RS=240, UP=60), "10:00 customer", spam)
    assert {(one.state, one.cause) for found in clocks.values() for one in found} == {("cancelled", "spam")}
    back = run(terms(FR=30, RS=240), "10:00 customer", spam, "11:00 open", until="11:10")
    assert (back["FR"][0].due_at, back["RS"][0].due_at) == (at("11:20"), at("14:50"))


# Warnings


def warned(rule: Warn, clock: str, office: bool = True) -> tuple[object, ...]:
    calendar = read_calendar({"tz": "UTC", "hours": WEEKDAYS} if office else None)
    promise = terms(calendar, FR=120, warns={"first_reply": rule})
    folded = fold_all(begin(promise), [fact(f"{clock} customer")])
    return folded.clocks, next_instant(folded.clocks)


@pytest.mark.parametrize(
    ("rule", "clock", "expected"),
    [
        (Warn(percent=75), "10:00", at("11:30")),
        (Warn(before=minutes(10)), "10:00", at("11:50")),
        (Warn(percent=75), "16:00", at("09:30", day=5)),
        (Warn(percent=50), "16:00", at("09:00", day=5)),
        (Warn(percent=50, urgent=True), "16:00", at("17:00")),
        (Warn(before=timedelta(hours=5)), "06:00", at("09:00")),
    ],
)
def test_when_a_warning_comes(rule: Warn, clock: str, expected: object) -> None:
    assert warned(rule, clock)[1] == expected


def test_a_warning_missed_while_we_were_down_waits_for_the_morning_unless_urgent() -> None:
    clocks, _ = warned(Warn(percent=50), "15:30")
    night = pass_time(clocks, at("23:00"))
    assert night.passed == ()
    assert next_instant(night.clocks) == at("09:00", day=5)
    urgent, _ = warned(Warn(percent=50, urgent=True), "15:30")
    assert [one.what for one in pass_time(urgent, at("23:00")).passed] == ["warned"]


def test_a_warning_comes_once_and_the_breach_after_it() -> None:
    clocks, when = warned(Warn(percent=50), "10:00", office=False)
    once = pass_time(clocks, when)
    assert [one.what for one in once.passed] == ["warned"]
    assert pass_time(once.clocks, when).passed == ()
    assert next_instant(once.clocks) == at("12:00")
    breach = pass_time(once.clocks, at("12:00:00.5"))
    assert [(one.what, one.timer.breached_at, one.timer.detected_at) for one in breach.passed] == [
        ("breached", at("12:00"), at("12:00:00.5"))
    ]
    assert next_instant(breach.clocks) is None


def test_moving_to_the_same_state_does_nothing() -> None:
    clocks = fold_all(begin(terms(FR=30, RS=60)), [fact("10:00 customer")]).clocks
    assert fold(clocks, Moved(at=at("10:05"), to="open")).changed == ()
