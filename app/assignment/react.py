"""react(): what assignment does inside every commit, for the list in wiring."""

from app.assignment.arrivals import assign_arrivals
from app.assignment.errors import UnknownStrategy
from app.assignment.hand_over import react_handover
from app.assignment.strategies import OFF, strategies
from app.brands.events import BrandChanged
from app.core.db import Tx


async def react(tx: Tx) -> None:
    """Refuse a brand's unknown strategy, hand over the tickets of who leaves, and give out what arrived.

    Stands before the reactions that look at whose a ticket is. Raises UnknownStrategy, which rolls everything back.
    """
    refuse_unknown_strategy(tx)
    await react_handover(tx)
    await assign_arrivals(tx)


def refuse_unknown_strategy(tx: Tx) -> None:
    """Brands stand below and cannot know the strategies: what they were set to is checked here, before it is true."""
    for noted in tx.noted:
        if isinstance(noted.fact, BrandChanged) and noted.fact.brand.assignment not in {OFF, *strategies()}:
            raise UnknownStrategy(field="assignment")
