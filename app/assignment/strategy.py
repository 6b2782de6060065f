"""What a way of choosing promises, and what it may look at; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

MOST_COUNTED: Final = 500
"""Who has more open tickets than this has as many as anybody: what comes in costs no more the more lies there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An available agent who works for the ticket's brand."""

    agent_id: str
    open_tickets: int  # theirs that wait for us, of all brands, counted to MOST_COUNTED; 0 where nobody asks
    last_given_at: datetime | None  # when a ticket last came to them by itself


class Choose(Protocol):
    """Whom to give the next ticket to; None when there is nobody. Looks at nothing else, so it can be tried on paper."""

    def __call__(self, candidates: Sequence[Candidate]) -> Candidate | None:
        """Choose among candidates, who come in the order of their ids."""
        ...
