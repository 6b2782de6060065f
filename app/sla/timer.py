"""A clock's life as functions from value to value: start, pause, resume, meet, breach, cancel, reopen, retarget."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from app.core.value import value
from app.sla.calendar import add_working, is_open, next_open
from app.sla.spans import Span, close_span, consumed_by, cut_spans, fresh_spans
from app.sla.terms import Promise

State = Literal["running", "paused", "met", "breached", "cancelled"]
_NOTHING = timedelta()
_TELLING = frozenset({"started", "changed", "met_late", "cancelled"})  # steps whose cause explains the outcome


@value(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a clock's history: what happened when, why, and what stood then."""

    at: datetime
    what: str
    cause: str | None = None
    due_at: datetime | None = None
    consumed: timedelta = _NOTHING
    target: timedelta | None = None


@value(frozen=True, slots=True, kw_only=True)
class Timer:
    """One metric running for one ticket, one cycle of it.

    A paused clock has no due time unless it is breached already; `breached_at` is always the due time, and
    `detected_at` is when we noticed. A clock whose promise has no target measures and is not shown.
    """

    metric: str
    cycle: int
    started_at: datetime
    promise: Promise
    received_at: datetime | None = None
    spans: tuple[Span, ...] = ()
    due_at: datetime | None = None
    warn_at: datetime | None = None
    warned_at: datetime | None = None
    submitted_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    detected_at: datetime | None = None
    cancelled_at: datetime | None = None
    promised: bool = False
    causes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    history: tuple[Step, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it still waits for its answer, late or not."""
        return self.met_at is None and self.cancelled_at is None

    @property
    def running(self) -> bool:
        """Whether working time is being consumed now."""
        return self.open and bool(self.spans) and self.spans[-1].end is None

    @property
    def state(self) -> State:
        """The one word for it: a breach stays a breach, answered late or cancelled afterwards."""
        if self.breached_at is not None:
            return "breached"
        if self.cancelled_at is not None or (self.promised and self.promise.target is None):
            return "cancelled"
        if self.met_at is not None:
            return "met"
        return "running" if self.running else "paused"

    @property
    def decided(self) -> bool:
        """Whether it is known what became of the promise: kept, missed or taken off."""
        return self.state not in {"running", "paused"}

    @property
    def cause(self) -> str | None:
        """The latest of its causes, the one that explains the outcome."""
        return self.causes[-1] if self.causes else None


def consumed(timer: Timer, at: datetime) -> timedelta:
    """Answer the working time consumed from the start to an instant, pauses left out."""
    return consumed_by(timer.spans, at)


def over(timer: Timer, at: datetime) -> timedelta:
    """Answer the working time by which the clock is too late at an instant; nothing when it is not breached."""
    if timer.breached_at is None:
        return _NOTHING
    return consumed_by(timer.spans, at) - consumed_by(timer.spans, timer.breached_at)


def start(
    metric: str,
    cycle: int,
    at: datetime,
    promise: Promise,
    *,
    received_at: datetime | None = None,
    cause: str | None = None,
) -> Timer:
    """Start a clock at the time the network gave; the time of taking in is kept beside it."""
    due_at, warn_at = _plan(promise, at, _NOTHING)
    return Timer(
        metric=metric,
        cycle=cycle,
        started_at=at,
        received_at=received_at,
        promise=promise,
        promised=promise.target is not None,
        spans=(Span(at, None, promise.calendar),),
        due_at=due_at,
        warn_at=warn_at,
        causes=() if cause is None else (cause,),
        history=(Step(at=at, what="started", cause=cause, due_at=due_at, target=promise.target),),
    )


def pause(timer: Timer, at: datetime, cause: str, *, flag: str | None = None) -> Timer:
    """Stop consuming; the due time is unknown until it resumes, except that of a breach. A flag marks a doubtful pause."""
    if not timer.running:
        return timer
    kept = timer.due_at if timer.breached_at is not None else None
    paused = replace(timer, spans=close_span(timer.spans, at), due_at=kept, warn_at=None)
    if flag and flag not in paused.flags:
        paused = replace(paused, flags=(*paused.flags, flag))
    return _note(paused, at, "paused", cause)


def resume(timer: Timer, at: datetime, cause: str | None = None) -> Timer:
    """Consume again with what had been consumed; the due time is the remainder's."""
    if not timer.open or timer.running:
        return timer
    return _note(_run(timer, at), at, "resumed", cause)


def meet(timer: Timer, at: datetime, *, submitted_at: datetime | None = None) -> Timer:
    """Fulfil the clock: met when that is not after the due time, else breached at the due time.

    A breach noticed while the acceptance was still on its way is withdrawn. When the agent had submitted in
    time and the network was late, the breach carries `delivery_delay`.
    """
    if not timer.open:
        return timer
    at = max(at, timer.started_at)
    if not timer.running:
        timer = _run(timer, at)
    met = replace(timer, spans=cut_spans(timer.spans, at), met_at=at, submitted_at=submitted_at, warn_at=None)
    due = timer.due_at
    if due is None or at <= due:
        return _note(replace(met, breached_at=None, detected_at=None), at, "met")
    met = replace(met, breached_at=due, detected_at=timer.detected_at or at)
    delayed = submitted_at is not None and submitted_at <= due
    return _note(met, at, "met_late", "delivery_delay" if delayed else None)


def breach(timer: Timer, detected_at: datetime) -> Timer:
    """Mark the clock breached at its due time, noticed at `detected_at`."""
    if not timer.running or timer.due_at is None or timer.breached_at is not None:
        return timer
    late = replace(timer, breached_at=timer.due_at, detected_at=detected_at, warn_at=None)
    return _note(late, timer.due_at, "breached")


def cancel(timer: Timer, at: datetime, cause: str) -> Timer:
    """Take the clock off with a reason; what was breached before stays breached."""
    if not timer.open:
        return timer
    at = max(at, timer.started_at)
    ended = replace(timer, spans=cut_spans(timer.spans, at), cancelled_at=at, warn_at=None)
    return _note(ended, at, "cancelled", cause)


def reopen(timer: Timer, at: datetime, cause: str) -> Timer:
    """Let a finished clock run again with the working time already consumed."""
    if timer.open:
        return timer
    opened = replace(timer, met_at=None, cancelled_at=None, submitted_at=None)
    return _note(_run(opened, at), at, "reopened", cause)


def shift(timer: Timer, start_at: datetime, at: datetime, cause: str) -> Timer:
    """Move the start, because an older message turned up or the oldest one vanished; pauses stay where they were."""
    spans = fresh_spans(timer.spans, start_at)
    moved = replace(timer, started_at=start_at, spans=spans, breached_at=None, detected_at=None, due_at=None)
    if moved.running:
        moved = _set_due(moved, spans[-1].start)
    changes = [step.at for step in timer.history if step.what == "changed"]
    if changes and moved.due_at is not None:  # a change of promise still cannot have been due before it was made
        moved = replace(moved, due_at=max(moved.due_at, changes[-1]))
    return _note(moved, at, "shifted", cause)


def retarget(timer: Timer, at: datetime, promise: Promise, cause: str) -> Timer:
    """Put a clock under another promise: what was consumed stays, the new target's remainder applies.

    The due time never lies before the change. A clock that is late under the old promise and would be under
    the new one too keeps its breach; one to which the new promise leaves time runs again, and its history
    tells both.
    """
    if not timer.open or _same(timer.promise, promise):
        return replace(timer, promise=promise) if timer.open else timer
    at = max(at, timer.spans[-1].start)
    changed = replace(timer, promise=promise, promised=timer.promised or promise.target is not None)
    if timer.running and timer.promise.calendar != promise.calendar:
        spans = (*close_span(timer.spans, at), Span(at, None, promise.calendar))
        changed = replace(changed, spans=spans)
    target = promise.target
    if timer.breached_at is None or (target is not None and consumed(timer, at) < target):
        changed = replace(changed, breached_at=None, detected_at=None, due_at=None, warn_at=None)
        if changed.running:
            changed = _set_due(changed, at)
    measured_alike = (timer.promise.target, timer.promise.calendar) == (target, promise.calendar)
    return _note(changed, at, "warning_changed" if measured_alike else "changed", cause)


def pass_due(timer: Timer, now: datetime) -> Timer:
    """Answer the clock as it stands at `now` when nothing else happened: breached, warned, its warning put off, or itself."""
    if timer.running and timer.breached_at is None and timer.due_at is not None and timer.due_at <= now:
        return breach(timer, now)
    if timer.warn_at is None or timer.warn_at > now:
        return timer
    warn, calendar = timer.promise.warn, timer.promise.calendar
    if warn is not None and (warn.urgent or is_open(calendar, now)):
        return _note(replace(timer, warn_at=None, warned_at=now), now, "warned")
    return replace(timer, warn_at=_before(timer.due_at, next_open(calendar, now)))


def _run(timer: Timer, at: datetime) -> Timer:
    """Open a new span, not before the last one ended, and count the due time from there."""
    begin = max(at, timer.spans[-1].end or at) if timer.spans else at
    timer = replace(timer, spans=(*timer.spans, Span(begin, None, timer.promise.calendar)))
    return timer if timer.breached_at is not None else _set_due(timer, begin)


def _set_due(timer: Timer, at: datetime) -> Timer:
    """Count due and warning of a running clock from an instant, with what it has consumed until then."""
    used, target, warn = consumed(timer, at), timer.promise.target, timer.promise.warn
    due_at, warn_at = _plan(timer.promise, at, used)
    if target is None or warn is None:
        return replace(timer, due_at=due_at, warn_at=None)
    if timer.warned_at is not None and warn.level(target) <= used:
        return replace(timer, due_at=due_at, warn_at=None)
    return replace(timer, due_at=due_at, warn_at=warn_at, warned_at=None)


def _plan(promise: Promise, at: datetime, used: timedelta) -> tuple[datetime | None, datetime | None]:
    """When a clock that runs from an instant with so much consumed is due, and when it is to be warned of."""
    target, calendar, warn = promise.target, promise.calendar, promise.warn
    if target is None:
        return None, None
    due_at = add_working(calendar, at, max(_NOTHING, target - used))
    if warn is None:
        return due_at, None
    moment = add_working(calendar, at, max(_NOTHING, warn.level(target) - used))
    if not warn.urgent:
        moment = next_open(calendar, moment) or moment
    return due_at, _before(due_at, moment)


def _before(due_at: datetime | None, moment: datetime | None) -> datetime | None:
    """Keep a warning only when it comes before the breach it warns of."""
    return moment if moment is not None and due_at is not None and moment < due_at else None


def _same(old: Promise, new: Promise) -> bool:
    return (old.target, old.calendar, old.warn) == (new.target, new.calendar, new.warn)


def _note(timer: Timer, at: datetime, what: str, cause: str | None = None) -> Timer:
    """Add a line to the history; a cause that explains the outcome is carried by the clock too."""
    step = Step(
        at=at, what=what, cause=cause, due_at=timer.due_at, consumed=consumed(timer, at), target=timer.promise.target
    )
    causes = timer.causes
    if cause is not None and (what in _TELLING or cause == "ingest_lag"):
        causes = (*(c for c in causes if c != cause), cause)
    return replace(timer, history=(*timer.history, step), causes=causes)
