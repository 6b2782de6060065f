"""A measured figure, the limit measured beside it in the same run, and what it is to reach."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit; `limit` is what the machine could do at best, measured in the same run.

    `goal` says in words what is to be reached, and `met` whether it was; both are empty for a figure that only informs.
    """

    metric: str
    value: float
    unit: str
    limit: float | None = None
    goal: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        """The value in parts of the limit; null without one."""
        return self.value / self.limit if self.limit else None


def at_most(metric: str, value: float, unit: str, most: float, limit: float | None = None) -> Figure:
    """A figure that must not be larger than `most`, in its own unit."""
    return Figure(metric, value, unit, limit, f"at most {most:g} {unit}", value <= most)


def at_least(metric: str, value: float, unit: str, least: float, limit: float | None = None) -> Figure:
    """A figure that must not be smaller than `least`, in its own unit."""
    return Figure(metric, value, unit, limit, f"at least {least:g} {unit}", value >= least)


def within(metric: str, value: float, unit: str, limit: float, most: float) -> Figure:
    """A figure, the less the better, that may be at most `most` times what was measured beside it."""
    return Figure(metric, value, unit, limit, f"at most {most:g} of the limit", value <= most * limit)


def part_of(metric: str, value: float, unit: str, limit: float, least: float) -> Figure:
    """A figure, the more the better, that must reach at least `least` parts of what was measured beside it."""
    return Figure(metric, value, unit, limit, f"at least {least:g} of the limit", value >= least * limit)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value under which so many percent of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
