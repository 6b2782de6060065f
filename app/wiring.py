"""The only list of what else happens inside every commit, in this order."""

from app.assignment.react import react as assign
from app.core.transaction import react_with
from app.ingest.start import start_reading
from app.tickets.card import attach_cards
from app.tickets.follow_merge import follow_merge


def wire() -> None:
    """Set the reactions: cards come last, since the others still change rows."""
    react_with((start_reading, follow_merge, assign, attach_cards))
