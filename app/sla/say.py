"""What clocks did, as facts for the log: what began, then each new line of a promised clock's history; pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from app.sla.events import (
    TimerBreached,
    TimerCancelled,
    TimerChanged,
    TimerEvent,
    TimerMet,
    TimerStarted,
    TimerWarned,
)
from app.sla.fold import Folded
from app.sla.timer import Step, Timer, consumed
from app.tickets.events import TicketEvent

_CHANGES = get_args(TimerChanged.model_fields["what"].annotation)


def say(ticket: Mapping[str, Any], before: Iterable[Timer], folded: Folded) -> Iterator[TicketEvent]:
    """Tell what a fold changed against what stood before; `ticket` are the fields that name it."""
    known = {(one.metric, one.cycle): len(one.history) for one in before}
    late = {(one.timer.metric, one.timer.cycle) for one in folded.passed if one.what == "breached"}
    shown = [one for one in folded.changed if one.promised]
    started = [_started(one) for one in shown if (one.metric, one.cycle) not in known]
    if started:
        yield TimerStarted.model_validate({**ticket, "timers": started})
    for timer in shown:
        key = (timer.metric, timer.cycle)
        new = timer.history[known.get(key, 0) :]
        yield from _say_timer(ticket, timer, new, missed=key in late and timer.breached_at is not None)


def _started(timer: Timer) -> dict[str, Any]:
    """A StartedTimer; those of a fact are made and checked together."""
    step = timer.history[0]
    return {
        "metric": timer.metric,
        "cycle": timer.cycle,
        "started_at": timer.started_at,
        "due_at": step.due_at,
        "cause": step.cause,
    }


def _say_timer(ticket: Mapping[str, Any], timer: Timer, steps: Iterable[Step], *, missed: bool) -> Iterator[TimerEvent]:
    named = {**ticket, "metric": timer.metric, "cycle": timer.cycle}
    for step in steps:
        if missed and step.what in {"breached", "met", "met_late", "cancelled"}:
            missed = False
            yield _breached(named, timer)
        match step.what:
            case "warned":
                yield TimerWarned(**named, warned_at=step.at, due_at=step.due_at)
            case "met" | "met_late":
                yield _met(named, timer, step)
            case "cancelled":
                yield TimerCancelled(**named, cancelled_at=step.at, breached_at=timer.breached_at, cause=step.cause)
            case "breached" | "started":
                continue
            case what if what in _CHANGES:
                yield TimerChanged(**named, what=what, due_at=step.due_at, cause=step.cause)
    if missed:
        yield _breached(named, timer)


def _breached(named: Mapping[str, Any], timer: Timer) -> TimerBreached:
    return TimerBreached(
        **named, breached_at=timer.breached_at, detected_at=timer.detected_at or timer.breached_at, cause=timer.cause
    )


def _met(named: Mapping[str, Any], timer: Timer, step: Step) -> TimerMet:
    return TimerMet(
        **named,
        met_at=step.at,
        due_at=step.due_at,
        breached_at=timer.breached_at,
        consumed_s=consumed(timer, step.at).total_seconds(),
        cause=step.cause,
    )
