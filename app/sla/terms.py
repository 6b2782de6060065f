"""What a policy promises one ticket: per metric how long, by which calendar, warned when; resolved, nothing left to look up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Literal

from app.core.value import value
from app.sla.calendar import ALWAYS, Calendar

Reopen = Literal["resume", "restart", "keep"]
SHORTEST_TARGET = timedelta(seconds=15)
LONGEST_TARGET = timedelta(days=366)
DEFAULT_LAG = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Warn:
    """When to warn: at a percentage of the target or so long before it, in working time.

    A warning waits for the calendar's open hours unless it is urgent.
    """

    percent: float | None = None
    before: timedelta | None = None
    urgent: bool = False

    def level(self, target: timedelta) -> timedelta:
        """Answer how much working time may be consumed before the warning."""
        return _level(self.percent, self.before or timedelta(), target)


@lru_cache(maxsize=1_000)
def _level(percent: float | None, before: timedelta, target: timedelta) -> timedelta:
    """A length times a fraction is reckoned exactly, which takes long; there are a few for each policy."""
    share = target if percent is None else target * (percent / 100)
    return max(timedelta(), share - before)


@value(frozen=True, slots=True, kw_only=True)
class Promise:
    """What holds for one clock: the target (None: measured, nothing promised), its calendar and who promised it."""

    target: timedelta | None
    calendar: Calendar = ALWAYS
    warn: Warn | None = None
    policy: str | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything the fold must know of the policy that matched a ticket, its priority already applied.

    `pauses` replaces the metrics' own pauses when it is given: ticket states by metric name.
    """

    targets: Mapping[str, timedelta] = field(default_factory=dict, hash=False)
    warns: Mapping[str, Warn] = field(default_factory=dict, hash=False)
    pauses: Mapping[str, frozenset[str]] | None = field(default=None, hash=False)
    reopen: Reopen = "resume"
    count_automatic: bool = False
    calendar: Calendar = ALWAYS
    lag_threshold: timedelta = DEFAULT_LAG
    policy: str | None = None
    why: tuple[str, ...] = ()
    _promises: dict[str, Promise] = field(default_factory=dict, init=False, repr=False, compare=False)

    def promise(self, metric: str) -> Promise:
        """Answer what these terms promise for one metric."""
        if metric not in self._promises:
            self._promises[metric] = Promise(
                target=self.targets.get(metric),
                calendar=self.calendar,
                warn=self.warns.get(metric),
                policy=self.policy,
                why=self.why,
            )
        return self._promises[metric]
