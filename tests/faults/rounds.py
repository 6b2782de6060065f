"""The one place for how much is done: a little in `make test`, everything in `make faults`."""

from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often each fault strikes, and how fast the house's own waits run (1: as in production)."""

    kills: int
    stops: int  # of PostgreSQL
    cuts: int  # of everybody's connections to it
    jumps: int  # of the clock, in each direction
    consoles: int
    pace: float


SHORT = Rounds(kills=4, stops=1, cuts=2, jumps=1, consoles=60, pace=0.05)
FULL = Rounds(kills=200, stops=20, cuts=20, jumps=4, consoles=500, pace=1.0)

BOTH = [pytest.param(SHORT, id="short"), pytest.param(FULL, id="full", marks=pytest.mark.faults)]
"""For a fault worth a few rounds in every run of the tests."""
ONLY_FULL = [pytest.param(FULL, id="full", marks=pytest.mark.faults)]
