"""Why a clock stands where it stands, as data: who promised it, what paused and changed it, which hours it counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.sla.calendar import intervals
from app.sla.metrics import all_metrics
from app.sla.timer import Step, Timer, consumed, over


def explain(timer: Timer, now: datetime) -> dict[str, Any]:
    """Answer everything one can ask of a clock as of `now`: instants in UTC, durations in seconds of working time."""
    end = timer.met_at or timer.cancelled_at or now
    metric = all_metrics().get(timer.metric)
    return {
        "metric": timer.metric,
        "label": metric.label if metric else timer.metric,
        "cycle": timer.cycle,
        "state": timer.state,
        "started_at": instant_text(timer.started_at),
        "received_at": instant_text(timer.received_at),
        "target_s": None if timer.promise.target is None else seconds(timer.promise.target),
        "due_at": instant_text(timer.due_at),
        "warn_at": instant_text(timer.warn_at),
        "warned_at": instant_text(timer.warned_at),
        "submitted_at": instant_text(timer.submitted_at),
        "met_at": instant_text(timer.met_at),
        "breached_at": instant_text(timer.breached_at),
        "detected_at": instant_text(timer.detected_at),
        "cancelled_at": instant_text(timer.cancelled_at),
        "consumed_s": seconds(consumed(timer, end)),
        "over_s": seconds(over(timer, end)),
        "cause": timer.cause,
        "causes": list(timer.causes),
        "flags": list(timer.flags),
        "policy": {"id": timer.promise.policy, "why": list(timer.promise.why)},
        "calendar": {"tz": timer.promise.calendar.zone, "always": timer.promise.calendar.uninterrupted},
        "pauses": _pauses(timer),
        "intervals": _counted(timer, end),
        "history": [_step(step) for step in timer.history],
    }


def seconds(length: timedelta) -> int | float:
    """Answer a duration in seconds, as a whole number where it is one."""
    total = length.total_seconds()
    return int(total) if total.is_integer() else total


def instant_text(at: datetime | None) -> str | None:
    """Write an instant in UTC with a Z, with microseconds only where it has some; null stays null."""
    if at is None:
        return None
    # without its zone it is written twice as fast, and a long talk has some four hundred instants
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).replace(tzinfo=None).isoformat() + "Z"


def _pauses(timer: Timer) -> list[dict[str, Any]]:
    """List each pause with its cause and its end; null while it lasts, the clock's own end when it ended paused."""
    found: list[dict[str, Any]] = []
    for step in timer.history:
        if found and found[-1]["to"] is None and step.what in {"resumed", "met", "met_late", "cancelled"}:
            found[-1]["to"] = instant_text(step.at)
        if step.what == "paused":
            found.append({"from": instant_text(step.at), "to": None, "cause": step.cause})
    return found


def _counted(timer: Timer, end: datetime) -> list[dict[str, Any]]:
    """List the working intervals that were counted."""
    return [
        {"from": instant_text(begin), "to": instant_text(close), "s": seconds(close - begin)}
        for span in timer.spans
        for begin, close in intervals(span.calendar, span.start, min(span.end or end, end))
        if begin < close
    ]


def _step(step: Step) -> dict[str, Any]:
    return {
        "at": instant_text(step.at),
        "what": step.what,
        "cause": step.cause,
        "due_at": instant_text(step.due_at),
        "consumed_s": seconds(step.consumed),
        "target_s": None if step.target is None else seconds(step.target),
    }
