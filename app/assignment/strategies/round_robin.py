"""Round robin: whoever has waited longest for a ticket gets the next one; pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.assignment.strategy import Candidate

NAME: Final = "round_robin"
COUNTS: Final = False
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def choose(candidates: Sequence[Candidate]) -> Candidate | None:
    """The one to whom a ticket came longest ago; who never got one goes first."""
    return min(candidates, key=lambda c: (c.last_given_at or _NEVER, c.agent_id), default=None)
