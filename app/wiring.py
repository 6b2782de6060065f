"""The only list of what else happens inside every commit."""

from app.core.transaction import react_with
from app.tickets.card import attach_cards


def wire() -> None:
    """Set the reactions: cards come last, since the others still change rows."""
    react_with((attach_cards,))
