"""The only list of what else happens inside every commit, in this order, and who is asked or told before it."""

from app.assignment.react import react as assign
from app.core.transaction import react_with
from app.ingest.budget import resume_reading
from app.ingest.start import start_reading
from app.sla.first_policy import first_policy
from app.sla.foresee import foresee
from app.sla.react import react as move_clocks
from app.tickets.card import attach_cards
from app.tickets.follow_merge import follow_merge
from app.tickets.newcomer import foresee_with
from app.tickets.vanish import forget_with
from app.transfer.forget import forget_words


def wire() -> None:
    """Set the reactions, who knows what will be due and who else keeps words: cards come last, since the others still change rows."""
    foresee_with(foresee)
    forget_with((forget_words,))
    react_with((start_reading, resume_reading, first_policy, follow_merge, assign, move_clocks, attach_cards))
