"""How promises were kept, counted fairly: late ones are in the averages, and nothing cancelled is a success."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.sla.timer import Timer, consumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of cycles, and the mean working time of all that were answered or are late already."""

    met: int
    breached: int
    resolved_without_reply: int
    cancelled: int
    running: int
    mean: timedelta | None


def tally(timers: Iterable[Timer], now: datetime) -> Tally:
    """Count the promised cycles as of now; a breached one that still waits counts with what it consumed until now."""
    shown = [one for one in timers if one.promised]
    off = [one for one in shown if one.state == "cancelled"]
    silent = [one for one in off if one.cause == "resolved_without_reply"]
    measured = [
        consumed(one, one.met_at or one.cancelled_at or now) for one in shown if one.state in {"met", "breached"}
    ]
    return Tally(
        met=sum(one.state == "met" for one in shown),
        breached=sum(one.state == "breached" for one in shown),
        resolved_without_reply=len(silent),
        cancelled=len(off) - len(silent),
        running=sum(one.state in {"running", "paused"} for one in shown),
        mean=sum(measured, timedelta()) / len(measured) if measured else None,
    )
