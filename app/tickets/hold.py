"""hold_ticket(): the ticket's row, locked for a verb; who may not see it or saw an older state is refused here."""

from sqlalchemy import select

from app.agents.permit import Actor, require, sees
from app.core.db import Tx
from app.tickets.card import cards
from app.tickets.errors import StaleTicket, TicketNotFound
from app.tickets.models import Ticket
from app.tickets.views import TicketCard


async def hold_ticket(tx: Tx, actor: Actor, verb: str, ticket_id: str, revision: int | None) -> Ticket:
    """Lock the ticket for `verb`. Raises TicketNotFound, NotAllowed, or StaleTicket with the present card.

    `revision` is what the agent saw; null where an older state does not matter.
    """
    require(actor, verb)
    ticket = await tx.scalar(
        select(Ticket).where(Ticket.id == ticket_id).with_for_update().execution_options(populate_existing=True),
    )
    if ticket is None or not sees(actor, ticket.brand_id):
        raise TicketNotFound
    if revision is not None and revision != ticket.revision:
        present = await card_now(tx, ticket_id)
        raise StaleTicket(card=present.model_dump(mode="json"))
    return ticket


async def card_now(tx: Tx, ticket_id: str) -> TicketCard:
    """The ticket's card as this transaction has made it."""
    await tx.flush()
    return (await cards(tx, [ticket_id]))[ticket_id]
