"""take_next(): one key gives the agent the most urgent ticket that is theirs to take."""

from sqlalchemy import select

from app.agents.permit import Actor, require, seen_brands
from app.assignment.arrivals import give
from app.assignment.errors import NothingToTake
from app.core.db import Tx
from app.tickets.hold import card_now
from app.tickets.inbox import DUE
from app.tickets.models import Ticket
from app.tickets.views import TicketCard


async def take_next(tx: Tx, actor: Actor) -> TicketCard:
    """Take the open ticket of nobody's that the inbox shows first in its order of urgency, among the actor's brands.

    Two who press at once get two tickets: a row that somebody else is taking is passed over; only when nothing else is
    left is it waited for, since it may yet be let go. Raises NothingToTake.
    """
    require(actor, "take")
    query = (
        select(Ticket)
        .where(Ticket.assignee_id.is_(None), Ticket.state == "open")
        .order_by(DUE, Ticket.last_customer_at, Ticket.id)  # the order of an index, which ends at the first row
        .limit(1)
        .execution_options(populate_existing=True)
    )
    seen = seen_brands(actor)
    if seen is not None:
        query = query.where(Ticket.brand_id.in_(seen))
    ticket = await tx.scalar(query.with_for_update(key_share=True, skip_locked=True))
    if ticket is None:
        ticket = await tx.scalar(query.with_for_update(key_share=True))
    if ticket is None:
        raise NothingToTake
    give(tx, ticket, actor.agent_id, why="taken", by=actor.agent_id)
    return await card_now(tx, ticket.id)
