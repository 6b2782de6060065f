"""What the inbox sorts by: which promise of a ticket is due first, and since when it is at risk; pure."""

from datetime import datetime

from app.sla.fold import Clocks
from app.sla.timer import Timer

Outlook = tuple[datetime | None, str | None, datetime | None]
"""Due time, metric, beginning of the warning."""


def outlook(clocks: Clocks | None) -> Outlook:
    """The earliest promise that runs or was missed and still waits, and when its warning begins or began."""
    waiting = [] if clocks is None else [(due, one) for one in clocks.timers if (due := _due(one)) is not None]
    if not waiting:
        return None, None, None
    due, first = min(waiting, key=lambda pair: (pair[0], pair[1].metric))
    return due, first.metric, first.warned_at or first.warn_at


def _due(timer: Timer) -> datetime | None:
    """When it is due, or was; None for what is answered, taken off, paused in time or not promised."""
    if not timer.open or (timer.promise.target is None and timer.breached_at is None):
        return None
    return timer.due_at if timer.running or timer.breached_at is not None else None
