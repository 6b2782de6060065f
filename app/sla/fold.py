"""The pure fold: the clocks of one ticket and a fact give the clocks after it, and what changed.

Facts are folded in the order in which we learned of them, which is the order of the log; each takes effect at
its own time, so a message taken in late starts its clock when it was written, and an acceptance told late still
meets a clock whose breach was already noticed. Nothing is ever refused for being old, and folding the log again
gives the same clocks. Only files have no such order and are sorted by time first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Literal

from app.core.value import value
from app.sla import timer as clock
from app.sla.facts import Dismissed, HappeningFact, Moved, PolicyChanged, TimePassed
from app.sla.metric import Cancel, Meet, Metric, Move, Reopen, Scene, Shift, Start
from app.sla.metrics import all_metrics
from app.sla.situation import DISMISSED, Situation, advance
from app.sla.terms import Terms
from app.sla.timer import Timer


@value(frozen=True, slots=True)
class Clocks:
    """All that must be kept of one ticket: the terms, how it stands, and the latest cycle of each metric.

    Earlier cycles are closed and never change again; they come out once, as `changed`.
    """

    terms: Terms
    situation: Situation = field(default_factory=Situation)
    timers: tuple[Timer, ...] = ()


@value(frozen=True, slots=True)
class Passed:
    """What the passing of time did to a clock: a breach at its due time, or a warning now."""

    timer: Timer
    what: Literal["breached", "warned"]


@value(frozen=True, slots=True)
class Folded:
    """The clocks after a fact, the cycles that changed or began, and what of that was the passing of time."""

    clocks: Clocks
    changed: tuple[Timer, ...] = ()
    passed: tuple[Passed, ...] = ()


def begin(terms: Terms) -> Clocks:
    """Answer the clocks of a ticket of which nothing is known yet."""
    return Clocks(terms)


def fold(clocks: Clocks, fact: HappeningFact) -> Folded:
    """Let one fact work on the clocks. Breaches that were due before it are noticed by it; warnings are not."""
    if isinstance(fact, TimePassed):
        return pass_time(clocks, fact.at)
    terms = fact.terms if isinstance(fact, PolicyChanged) else clocks.terms
    work = _Work(terms, fact, clocks.situation, advance(clocks.situation, fact, count_automatic=terms.count_automatic))
    latest = {one.metric: one for one in clocks.timers}
    changed: list[Timer] = []
    for name, metric in all_metrics().items():
        cycles = work.run(metric, latest.get(name))
        changed += [one for one in cycles if one != latest.get(name)]
        if cycles:
            latest[name] = cycles[-1]
    late = {(one.metric, one.cycle) for one in clocks.timers if one.breached_at is not None}
    breached = (one for one in changed if one.breached_at is not None and (one.metric, one.cycle) not in late)
    passed = tuple(Passed(one, "breached") for one in breached)
    return Folded(Clocks(terms, work.after, tuple(latest.values())), tuple(changed), passed)


def fold_all(clocks: Clocks, facts: Iterable[HappeningFact]) -> Folded:
    """Fold facts one after the other; every cycle that changed comes out once, as it last stood."""
    cycles: dict[tuple[str, int], Timer] = {}
    passed: list[Passed] = []
    for fact in facts:
        step = fold(clocks, fact)
        clocks = step.clocks
        cycles.update({(one.metric, one.cycle): one for one in step.changed})
        passed += step.passed
    return Folded(clocks, tuple(cycles[key] for key in sorted(cycles)), tuple(passed))


def pass_time(clocks: Clocks, now: datetime) -> Folded:
    """Notice at `now` what is due or to be warned of by now; nothing is noticed twice.

    A warning that falls into closed hours is put off to the next opening unless it is urgent.
    """
    after = {one.metric: clock.pass_due(one, now) for one in clocks.timers}
    changed = tuple(after[one.metric] for one in clocks.timers if after[one.metric] is not one)
    passed: list[Passed] = []
    for old in clocks.timers:
        new = after[old.metric]
        if new.breached_at is not None and old.breached_at is None:
            passed.append(Passed(new, "breached"))
        elif new.warned_at is not None and new.warned_at != old.warned_at:
            passed.append(Passed(new, "warned"))
    return Folded(replace(clocks, timers=tuple(after.values())), changed, tuple(passed))


def next_instant(clocks: Clocks) -> datetime | None:
    """Answer the earliest instant at which `pass_time` has something to do; None when there is nothing to wait for."""
    moments = [one.warn_at for one in clocks.timers if one.warn_at is not None]
    moments += [due for one in clocks.timers if (due := next_due(one)) is not None]
    return min(moments, default=None)


def next_due(timer: Timer) -> datetime | None:
    """Answer when this clock breaches if nothing happens; None when it cannot or already did."""
    return timer.due_at if timer.running and timer.breached_at is None else None


@value(frozen=True, slots=True)
class _Work:
    """One fact at work: what it changes in the ticket, applied to the cycles of one metric after the other."""

    terms: Terms
    fact: HappeningFact
    before: Situation
    after: Situation

    def run(self, metric: Metric, timer: Timer | None) -> list[Timer]:
        """Answer the cycles this fact touched, the latest last; the same value back where nothing happened."""
        if timer is not None:
            timer = self._prepare(timer)
        cycles = [timer] if timer is not None else []
        for move in metric.read(Scene(self.fact, self.before, self.after, timer)):
            cycles = self._apply(metric, cycles, move)
        if cycles:
            cycles[-1] = self._hold(metric, cycles[-1])
        return cycles

    def _prepare(self, timer: Timer) -> Timer:
        """Do what concerns every metric alike: late ones are late, changed terms apply, spam stops and may come back."""
        if timer.due_at is not None and timer.due_at < self.fact.at:
            timer = clock.breach(timer, self.fact.known_at)
        if isinstance(self.fact, PolicyChanged) and timer.open:
            timer = clock.retarget(timer, self.fact.at, self.terms.promise(timer.metric), self.fact.cause)
        if isinstance(self.fact, Dismissed):
            return clock.cancel(timer, self.fact.at, self.fact.cause)
        back = self.before.state == DISMISSED and self.after.active
        stopped_at = max(self.before.dismissed_at or timer.started_at, timer.started_at)
        if back and timer.cancelled_at == stopped_at:
            return clock.reopen(timer, self.fact.at, "restored")
        return timer

    def _apply(self, metric: Metric, cycles: Sequence[Timer], move: Move) -> list[Timer]:
        if isinstance(move, Start):
            return [*cycles, self._start(metric, cycles[-1].cycle if cycles else 0, move)]
        done, last = list(cycles[:-1]), cycles[-1]
        match move:
            case Meet():
                return [*done, clock.meet(last, move.at, submitted_at=move.submitted_at)]
            case Cancel():
                return [*done, clock.cancel(last, move.at, move.cause)]
            case Shift():
                moved = clock.shift(last, move.at, self.fact.at, self._lag(move.at, move.received_at) or move.cause)
                return [*done, replace(moved, received_at=move.received_at)]
            case Reopen():
                return self._reopen(metric, [*done, last], move)

    def _start(self, metric: Metric, cycle: int, move: Start) -> Timer:
        promise, lag = self.terms.promise(metric.name), self._lag(move.at, move.received_at)
        return clock.start(metric.name, cycle + 1, move.at, promise, received_at=move.received_at, cause=lag)

    def _reopen(self, metric: Metric, cycles: list[Timer], move: Reopen) -> list[Timer]:
        if self.terms.reopen == "restart":
            return [*cycles, self._start(metric, cycles[-1].cycle, Start(move.at))]
        if self.terms.reopen == "keep":
            return cycles
        again = replace(cycles[-1], promise=self.terms.promise(metric.name))
        return [*cycles[:-1], clock.reopen(again, move.at, move.cause)]

    def _hold(self, metric: Metric, timer: Timer) -> Timer:
        """Pause or resume by the ticket's state, as the policy or else the metric itself says."""
        pauses = metric.pauses if self.terms.pauses is None else self.terms.pauses.get(metric.name, frozenset())
        if self.after.state not in pauses:
            cause = self.fact.cause if isinstance(self.fact, Moved) else None
            return clock.resume(timer, self.fact.at, cause)
        flag = "customer_unanswered" if self.after.unanswered else None
        return clock.pause(timer, self.fact.at, self.after.state, flag=flag)

    def _lag(self, at: datetime, received_at: datetime | None) -> str | None:
        late = received_at is not None and received_at - at > self.terms.lag_threshold
        return "ingest_lag" if late else None
