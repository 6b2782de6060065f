"""refer_ticket(): what other systems call a ticket comes and goes."""

from collections.abc import Sequence

from sqlalchemy import select

from app.agents.permit import Actor, require
from app.core.db import Tx
from app.core.transaction import record
from app.tickets.errors import ReferenceTaken
from app.tickets.events import TicketReferred
from app.tickets.hold import card_now, hold_ticket
from app.tickets.models import TicketReference
from app.tickets.references import Given, checked, drop_references, find_reference, give_references
from app.tickets.views import TicketCard


async def refer_ticket(
    tx: Tx,
    actor: Actor,
    ticket_id: str,
    add: Sequence[tuple[str, str | None]],
    remove: Sequence[str],
    revision: int | None,
) -> TicketCard:
    """Add names, each perhaps with an address in the other system, and remove names; what is so already stays as it is.

    Raises StaleTicket, ReferenceInvalid, and ReferenceTaken with the ticket of the brand that has such a name.
    """
    require(actor, "refer")
    ticket = await hold_ticket(tx, actor, "refer", ticket_id, revision)
    wanted = {checked(reference, "add"): url for reference, url in add}
    had = set(await tx.scalars(select(TicketReference.reference).filter_by(ticket_id=ticket_id)))
    removed = [one for one in dict.fromkeys(remove) if one in had and one not in wanted]
    added = [one for one in wanted if one not in had]
    if removed:
        await drop_references(tx, ticket.brand_id, removed)
    given = [Given(ticket.brand_id, ticket_id, one, wanted[one], actor.agent_id) for one in added]
    stand = {reference for _, reference in await give_references(tx, given)}
    for reference in added:
        if reference not in stand:
            other = await find_reference(tx, ticket.brand_id, reference)
            raise ReferenceTaken(field="add", reference=reference, ticket_id=other.ticket_id if other else None)
    if added or removed:
        ticket.revision += 1
        fact = TicketReferred(brand_id=ticket.brand_id, ticket_id=ticket_id, added=added, removed=removed)
        record(tx, fact, agent_id=actor.agent_id)
    return await card_now(tx, ticket_id)
