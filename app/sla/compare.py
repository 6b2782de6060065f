"""What a rebuild changed: two readings of a ticket's clocks side by side, so that a lead sees the difference."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.sla.timer import Timer

_SHOWN = ("started_at", "due_at", "met_at", "breached_at", "cancelled_at", "state", "cause")


@dataclass(frozen=True, slots=True)
class Difference:
    """One cycle that is not what it was; None where it did not exist."""

    metric: str
    cycle: int
    before: Timer | None
    after: Timer | None
    fields: tuple[str, ...]


def compare(before: Iterable[Timer], after: Iterable[Timer]) -> list[Difference]:
    """List the cycles that differ in what people see, by metric and cycle; equal readings give nothing."""
    old = {(one.metric, one.cycle): one for one in before}
    new = {(one.metric, one.cycle): one for one in after}
    found = []
    for metric, cycle in sorted(old.keys() | new.keys()):
        was, now = old.get((metric, cycle)), new.get((metric, cycle))
        changed = tuple(name for name in _SHOWN if getattr(was, name, None) != getattr(now, name, None))
        if changed:
            found.append(Difference(metric, cycle, was, now, changed))
    return found
