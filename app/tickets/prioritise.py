"""prioritise_ticket(): more or less urgent than before; the promise follows."""

from app.agents.permit import Actor, require
from app.core.db import Tx
from app.core.transaction import record
from app.tickets.events import TicketPrioritised
from app.tickets.hold import card_now, hold_ticket
from app.tickets.state import PRIORITIES, Priority
from app.tickets.views import TicketCard


async def prioritise_ticket(
    tx: Tx, actor: Actor, ticket_id: str, priority: Priority, revision: int | None
) -> TicketCard:
    """Set the priority. Raises StaleTicket."""
    require(actor, "prioritise")
    ticket = await hold_ticket(tx, actor, "prioritise", ticket_id, revision)
    before = PRIORITIES[ticket.priority]
    if before != priority:
        ticket.priority = PRIORITIES.index(priority)
        ticket.revision += 1
        fact = TicketPrioritised(brand_id=ticket.brand_id, ticket_id=ticket_id, before=before, to=priority)
        record(tx, fact, agent_id=actor.agent_id)
    return await card_now(tx, ticket_id)
