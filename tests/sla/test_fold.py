"""The laws of the fold: step by step through JSON it is the same, and asking when to look is never in vain."""

import json
from datetime import timedelta

import orjson
from hypothesis import given
from hypothesis import strategies as st

from app.sla import facts
from app.sla.calendar import ALWAYS
from app.sla.explain import explain
from app.sla.facts import FACT, HappeningFact
from app.sla.fold import Clocks, Folded, begin, fold, fold_all, next_instant, pass_time
from app.sla.keep import clocks_from_json, clocks_to_json, from_json, terms_from_json, terms_to_json, to_json
from app.sla.read_calendar import read_calendar
from app.sla.terms import Terms, Warn
from app.sla.timer import Timer, consumed, over
from tests.sla.histories import NAMES, WEEKDAYS, at

OFFICE = read_calendar({"tz": "Europe/Berlin", "hours": WEEKDAYS, "holidays": ["2026-03-05"]})
METRICS = list(NAMES.values())
STATES = ["open", "waiting", "on_hold", "snoozed", "resolved", "closed"]
names = st.none() | st.sampled_from("abc")
instants = st.timedeltas(timedelta(), timedelta(days=3)).map(lambda passed: at("08:00") + passed)
warns = st.builds(Warn, percent=st.sampled_from([50.0, 80.0]), urgent=st.booleans())
all_terms = st.builds(
    Terms,
    targets=st.dictionaries(st.sampled_from(METRICS), st.timedeltas(timedelta(seconds=15), timedelta(hours=9))),
    warns=st.dictionaries(st.sampled_from(METRICS), warns),
    pauses=st.none()
    | st.dictionaries(st.sampled_from(METRICS), st.frozensets(st.sampled_from(["waiting", "on_hold", "snoozed"]))),
    reopen=st.sampled_from(["resume", "restart", "keep"]),
    count_automatic=st.booleans(),
    calendar=st.sampled_from([ALWAYS, OFFICE]),
    policy=names,
    why=st.just(("brand is Acme",)),
)
lags = st.none() | st.sampled_from([timedelta(0), timedelta(hours=1)])
one_fact = st.one_of(
    st.builds(
        lambda at, message, lag: facts.CustomerMessage(
            at=at, message=message, received_at=None if lag is None else at + lag
        ),
        instants,
        names,
        lags,
    ),
    st.builds(facts.ReplySubmitted, at=instants, reply=names),
    st.builds(facts.ReplyAccepted, at=instants, reply=names, automatic=st.booleans()),
    st.builds(facts.ReplyDropped, at=instants, reply=names),
    st.builds(facts.Note, at=instants),
    st.builds(facts.Moved, at=instants, to=st.sampled_from(STATES)),
    st.builds(facts.PolicyChanged, at=instants, terms=all_terms),
    st.builds(facts.MessageVanished, at=instants, message=names),
    st.builds(facts.Dismissed, at=instants),
    st.builds(facts.TimePassed, at=instants),
)
logs = st.lists(one_fact, max_size=14)
"""In any order: the log's order is not always that of the times."""


def through_json(clocks: Clocks) -> Clocks:
    return clocks_from_json(orjson.loads(orjson.dumps(clocks_to_json(clocks))), clocks.terms)


@given(all_terms, logs)
def test_step_by_step_through_json_is_the_same_as_at_once(terms: Terms, log: list[HappeningFact]) -> None:
    whole = fold_all(begin(terms), log)
    clocks, cycles = begin(terms), dict[tuple[str, int], Timer]()
    for fact in log:
        step = fold(through_json(clocks), fact)
        clocks = step.clocks
        cycles |= {(one.metric, one.cycle): one for one in step.changed}
    assert through_json(clocks) == clocks == whole.clocks
    assert tuple(cycles[key] for key in sorted(cycles)) == whole.changed


@given(all_terms, logs)
def test_what_every_clock_promises(terms: Terms, log: list[HappeningFact]) -> None:
    now = at("08:00") + timedelta(days=4)
    folded = fold_all(begin(terms), [*log, facts.TimePassed(at=now)])
    for one in folded.changed:
        assert from_json(orjson.loads(orjson.dumps(to_json(one)))) == one
        assert one.breached_at in {None, one.due_at}, "a breach is dated with the due time"
        assert one.state != "met" or one.due_at is None or (one.met_at is not None and one.met_at <= one.due_at)
        assert one.breached_at is None or one.met_at is None or one.met_at > one.breached_at
        assert one.state != "paused" or one.due_at is None
        assert timedelta() <= over(one, now) <= consumed(one, now)
        assert one.started_at <= one.spans[0].start
        assert all(
            early.end is not None and early.end <= late.start
            for early, late in zip(one.spans, one.spans[1:], strict=False)
        )
        told = explain(one, now)
        assert abs(sum(part["s"] for part in told["intervals"]) - told["consumed_s"]) < 1e-4
        json.dumps(told)
    for metric in METRICS:
        cycles = [one for one in folded.changed if one.metric == metric]
        assert [one.cycle for one in cycles] == list(range(1, len(cycles) + 1))
        assert not any(one.open for one in cycles[:-1]), "one cycle of a metric at a time"


@given(all_terms, logs)
def test_looking_when_told_to_notices_everything_once(terms: Terms, log: list[HappeningFact]) -> None:
    clocks = fold_all(begin(terms), log).clocks
    seen: list[tuple[str, int, str]] = []
    while (moment := next_instant(clocks)) is not None:
        step: Folded = pass_time(clocks, moment)
        assert step.clocks != clocks, "told to look, and there was nothing"
        later = next_instant(step.clocks)
        assert later is None or later > moment
        seen += [(one.timer.metric, one.timer.cycle, one.what) for one in step.passed]
        clocks = step.clocks
    assert len(seen) == len(set(seen))


@given(all_terms)
def test_terms_through_json(terms: Terms) -> None:
    assert terms_from_json(orjson.loads(orjson.dumps(terms_to_json(terms)))) == terms


@given(one_fact.filter(lambda fact: not isinstance(fact, facts.PolicyChanged)))
def test_facts_through_json(fact: HappeningFact) -> None:
    assert FACT.validate_json(fact.model_dump_json()) == fact


def test_a_ticket_of_many_cycles_keeps_a_small_state() -> None:
    log: list[HappeningFact] = []
    for number in range(200):
        log += [
            facts.CustomerMessage(at=at("08:00") + timedelta(minutes=10 * number)),
            facts.ReplyAccepted(at=at("08:05") + timedelta(minutes=10 * number)),
        ]
    promise = Terms(targets=dict.fromkeys(METRICS, timedelta(hours=1)), calendar=OFFICE)
    folded = fold_all(begin(promise), log)
    assert len([one for one in folded.changed if one.metric == "next_reply"]) == 199
    assert len(orjson.dumps(clocks_to_json(folded.clocks))) < 8_000
