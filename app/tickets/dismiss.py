"""dismiss_ticket(): not every mention is a case; it is closed with a reason and no answer."""

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record
from app.tickets.errors import MoveNotAllowed
from app.tickets.events import TicketDismissed
from app.tickets.hold import card_now, hold_ticket
from app.tickets.state import ACTIVE, DismissReason
from app.tickets.views import TicketCard


async def dismiss_ticket(
    tx: Tx, actor: Actor, ticket_id: str, reason: DismissReason, revision: int | None
) -> TicketCard:
    """Close an active ticket as no case. Raises MoveNotAllowed or StaleTicket."""
    require(actor, "dismiss")
    ticket = await hold_ticket(tx, actor, "dismiss", ticket_id, revision)
    if ticket.state not in ACTIVE:
        raise MoveNotAllowed(field="reason", before=ticket.state, to="closed")
    before = ticket.state
    ticket.state, ticket.dismissed, ticket.snoozed_until, ticket.resolved_at = "closed", reason, None, now()
    ticket.revision += 1
    fact = TicketDismissed(brand_id=ticket.brand_id, ticket_id=ticket_id, before=before, reason=reason)
    record(tx, fact, agent_id=actor.agent_id)
    return await card_now(tx, ticket_id)
