"""assign_arrivals(): at the commit, tickets that a customer opened or opened again find their agent by themselves."""

from typing import Final

from sqlalchemy import or_, select

from app.assignment.choose import by_itself, call_staff, choose_agents
from app.assignment.strategies import OFF
from app.brands.models import Brand
from app.core.db import Tx
from app.core.rows import among
from app.core.transaction import record
from app.tickets.events import TicketAssigned, TicketMoved, TicketOpened
from app.tickets.models import Ticket

_WANTING: Final = (
    select(Ticket, Brand.assignment)
    .join(Brand, Brand.id == Ticket.brand_id)
    .where(
        among(Ticket.id, "arrived"),
        Ticket.state == "open",
        or_(Ticket.assignee_id.is_not(None), Brand.assignment != OFF),  # the others stay nobody's
    )
    .order_by(Ticket.opened_at, Ticket.id)
    .execution_options(populate_existing=True)
)


def _arrived(tx: Tx) -> dict[str, bool]:
    """The tickets that arrived in this transaction, and whether they had been resolved before; imported ones wait."""
    found: dict[str, bool] = {}
    for noted in tx.noted:
        fact = noted.fact
        if isinstance(fact, TicketOpened) and not fact.backfilled:
            found[fact.ticket_id] = False
        elif isinstance(fact, TicketMoved) and fact.why == "customer_wrote" and fact.to == "open":
            found.setdefault(fact.ticket_id, fact.before == "resolved")
    return found


async def assign_arrivals(tx: Tx) -> None:
    """Give what arrived to agents in each brand's own way; five statements however many tickets.

    A ticket keeps its agent, with two exceptions: one who has left or hands over loses it in any case, and one who is
    away loses what had been resolved and comes back, when somebody else is there.
    """
    arrived = _arrived(tx)
    if not arrived:
        return
    await tx.flush()
    rows = await tx.execute(_WANTING, {"arrived": sorted(arrived)})
    ways: dict[str, str] = {}
    tickets: list[Ticket] = []
    for ticket, way in rows:
        ways[ticket.brand_id] = way
        tickets.append(ticket)
    owners = {ticket.assignee_id for ticket in tickets if ticket.assignee_id is not None}
    if not owners and not by_itself(ways):
        return
    staff = await call_staff(tx, ways, also=owners)
    left = {agent_id for agent_id in owners if staff.availability.get(agent_id) not in {"available", "away"}}
    wanting = [
        ticket
        for ticket in tickets
        if ticket.assignee_id is None
        or ticket.assignee_id in left
        or (arrived[ticket.id] and staff.availability[ticket.assignee_id] == "away")
    ]
    given = await choose_agents(tx, wanting, ways, staff.seats)
    for ticket in wanting:
        if ticket.id in given:
            give(tx, ticket, given[ticket.id], why=ways[ticket.brand_id])
        elif ticket.assignee_id in left:
            give(tx, ticket, None, why="handed_over")
    await tx.flush()


def give(tx: Tx, ticket: Ticket, agent_id: str | None, *, why: str, by: str | None = None) -> None:
    """Make the ticket theirs, or nobody's, and say why; part of verbs that took care of permission and locks."""
    fact = {
        "brand_id": ticket.brand_id,
        "ticket_id": ticket.id,
        "agent_id": agent_id,
        "before_id": ticket.assignee_id,
        "why": why,
    }
    ticket.assignee_id = agent_id
    ticket.revision += 1
    record(tx, TicketAssigned.model_validate(fact), agent_id=by)
