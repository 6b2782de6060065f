"""assign_ticket(): somebody owns the ticket now, or nobody."""

from sqlalchemy import or_, select

from app.agents.models import Agent, TeamMember
from app.agents.permit import Actor, require
from app.brands.models import BrandTeam
from app.core.db import Tx
from app.core.transaction import record
from app.tickets.errors import AgentNotAvailable
from app.tickets.events import TicketAssigned
from app.tickets.hold import card_now, hold_ticket
from app.tickets.views import TicketCard


async def assign_ticket(tx: Tx, actor: Actor, ticket_id: str, agent_id: str | None, revision: int | None) -> TicketCard:
    """Give the ticket to an agent who sees its brand, or to nobody. Raises AgentNotAvailable."""
    require(actor, "assign")
    ticket = await hold_ticket(tx, actor, "assign", ticket_id, revision)
    if agent_id == ticket.assignee_id:
        return await card_now(tx, ticket_id)
    if agent_id is not None:
        works = (
            select(Agent.id)
            .join(TeamMember, TeamMember.agent_id == Agent.id, isouter=True)
            .join(BrandTeam, BrandTeam.team_id == TeamMember.team_id, isouter=True)
            .where(
                Agent.id == agent_id,
                Agent.disabled_at.is_(None),
                or_(Agent.role == "lead", BrandTeam.brand_id == ticket.brand_id),
            )
        )
        if await tx.scalar(works.limit(1)) is None:
            raise AgentNotAvailable(field="agent_id")
    before, ticket.assignee_id = ticket.assignee_id, agent_id
    ticket.revision += 1
    why = "taken" if agent_id == actor.agent_id and before is None else "by_hand"
    fact = TicketAssigned(brand_id=ticket.brand_id, ticket_id=ticket_id, agent_id=agent_id, before_id=before, why=why)
    record(tx, fact, agent_id=actor.agent_id)
    return await card_now(tx, ticket_id)
