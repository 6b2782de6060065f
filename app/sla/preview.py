"""What would be due when: a policy tried on one instant before it is switched on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.sla.metrics import all_metrics
from app.sla.terms import Terms
from app.sla.timer import start


@dataclass(frozen=True, slots=True)
class Preview:
    """One metric's promise for a message of some instant."""

    metric: str
    label: str
    target: timedelta
    due_at: datetime
    warn_at: datetime | None


def preview(terms: Terms, at: datetime) -> list[Preview]:
    """Answer for each promised metric when it would be due and warned of, were it started at that instant.

    Raises CalendarNeverOpen when the calendar closes for ever before that.
    """
    found = []
    for name, metric in all_metrics().items():
        timer = start(name, 1, at, terms.promise(name))
        if timer.promise.target is not None and timer.due_at is not None:
            found.append(Preview(name, metric.label, timer.promise.target, timer.due_at, timer.warn_at))
    return found
