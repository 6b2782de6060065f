"""Least loaded: whoever has the fewest open tickets gets the next one; pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.assignment.strategy import Candidate

NAME: Final = "least_loaded"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def choose(candidates: Sequence[Candidate]) -> Candidate | None:
    """The one with the fewest open tickets; among equals, the one to whom a ticket came longest ago."""
    return min(candidates, key=lambda c: (c.open_tickets, c.last_given_at or _NEVER, c.agent_id), default=None)
