"""hand_over(): somebody goes away and their tickets go to others, or back to everybody."""

from collections.abc import Collection

from sqlalchemy import select

from app.agents.events import AgentChanged
from app.agents.permit import Actor, require
from app.assignment.arrivals import give
from app.assignment.choose import by_itself, call_staff, choose_agents
from app.brands.models import Brand
from app.core.db import Tx
from app.tickets.models import Ticket
from app.tickets.state import ACTIVE


async def hand_over(tx: Tx, actor: Actor, agent_id: str) -> int:
    """Give an agent's unfinished tickets to others in each brand's own way; how many there were.

    One's own, or anybody's for a lead. Where a brand's assignment is off, or nobody is there, they become unassigned.
    """
    require(actor, "edit_self" if agent_id == actor.agent_id else "edit_people")
    return await _give_away(tx, {agent_id}, by=actor.agent_id)


async def react_handover(tx: Tx) -> None:
    """At the commit: who became `handover`, or was disabled, hands over."""
    leaving: dict[str | None, set[str]] = {}
    for noted in tx.noted:
        fact = noted.fact
        if isinstance(fact, AgentChanged) and (
            ("availability" in fact.changed and fact.agent.availability == "handover")
            or ("disabled" in fact.changed and fact.agent.disabled)
        ):
            leaving.setdefault(noted.agent_id, set()).add(fact.agent.id)
    for by, agent_ids in leaving.items():
        await _give_away(tx, agent_ids, by=by)


async def _give_away(tx: Tx, agent_ids: Collection[str], *, by: str | None) -> int:
    """Five statements however many tickets; the most urgent is given first."""
    await tx.flush()
    rows = await tx.execute(
        select(Ticket, Brand.assignment)
        .join(Brand, Brand.id == Ticket.brand_id)
        .where(Ticket.assignee_id.in_(agent_ids), Ticket.state.in_(ACTIVE))
        .order_by(Ticket.id)  # the order in which everybody locks tickets
        .with_for_update(of=Ticket, key_share=True)
        .execution_options(populate_existing=True),
    )
    ways: dict[str, str] = {}
    tickets: list[Ticket] = []
    for ticket, way in rows:
        ways[ticket.brand_id] = way
        tickets.append(ticket)
    tickets.sort(key=lambda t: (t.next_due_at is None, t.next_due_at or t.opened_at, t.opened_at, t.id))
    given: dict[str, str] = {}
    if by_itself(ways):
        staff = await call_staff(tx, ways)
        others = [seat for seat in staff.seats if seat.candidate.agent_id not in agent_ids]
        given = await choose_agents(tx, tickets, ways, others)
    for ticket in tickets:
        give(tx, ticket, given.get(ticket.id), why="handed_over", by=by)
    await tx.flush()
    return len(tickets)
