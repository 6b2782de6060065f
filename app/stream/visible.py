"""Whether an agent sees a ticket, for presence."""

from sqlalchemy import select

from app.agents.permit import Actor, sees
from app.core.transaction import transaction
from app.tickets.models import Ticket


async def brand_of_ticket(actor: Actor, ticket_id: str) -> str | None:
    """The brand of a ticket the actor sees; null for any other."""
    async with transaction() as tx:
        brand_id = await tx.scalar(select(Ticket.brand_id).where(Ticket.id == ticket_id))
    return brand_id if brand_id is not None and sees(actor, brand_id) else None
