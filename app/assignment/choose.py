"""choose_agents(): for each ticket an agent who is available and works for its brand, chosen in the brand's own way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, text, update

from app.agents.models import Agent, TeamMember
from app.assignment.deal import Seat, deal
from app.assignment.strategies import OFF, counting, strategies
from app.assignment.strategy import MOST_COUNTED, Candidate
from app.brands.models import BrandTeam
from app.core.clock import now
from app.core.db import Tx
from app.tickets.models import Ticket

# One at a time until the commit, so that two pages do not both find the same agent idle. Taken after the tickets' own
# locks and before those of agents, which are never waited for: nobody can wait in a ring.
_IN_TURN: Final = text("select pg_advisory_xact_lock(hashtext('assignment'))")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is there, locked by this transaction: nobody of them goes away before it ends."""

    seats: list[Seat]  # who may be given a ticket
    availability: dict[str, str]  # of everybody asked for: available, away, handover, disabled


def by_itself(ways: Mapping[str, str]) -> set[str]:
    """The brands whose tickets are given out by themselves; a strategy that was taken away counts as off."""
    return {brand_id for brand_id, way in ways.items() if way != OFF and way in strategies()}


async def call_staff(tx: Tx, ways: Mapping[str, str], *, also: Collection[str] = ()) -> Staff:
    """The available agents of these brands, by the brands' ways, and how others (`also`) stand; two statements.

    Their tickets are counted only where one of the ways looks at that, and then to a limit.
    An agent whose row is being changed this very moment is passed over, since they may be leaving: they are in neither
    list. Call it when the tickets are locked, and no earlier.
    """
    await tx.execute(_IN_TURN)
    brand_ids = by_itself(ways)
    load: ColumnElement[int] = literal(0)
    if any(ways[brand_id] in counting() for brand_id in brand_ids):
        theirs_open = select(Ticket.id).where(Ticket.assignee_id == Agent.id, Ticket.state == "open")
        counted = theirs_open.limit(MOST_COUNTED).correlate(Agent).subquery()
        load = select(func.count()).select_from(counted).scalar_subquery()
    theirs = (
        select(BrandTeam.brand_id)
        .join(TeamMember, TeamMember.team_id == BrandTeam.team_id)
        .where(TeamMember.agent_id == Agent.id, BrandTeam.brand_id.in_(brand_ids))
        .correlate(Agent)
    )
    available = and_(Agent.availability == "available", Agent.disabled_at.is_(None))
    rows = await tx.execute(
        select(
            Agent.id,
            Agent.availability,
            Agent.disabled_at,
            load,
            Agent.last_given_at,
            func.array(theirs.scalar_subquery()),
        )
        .where(or_(Agent.id.in_(also), and_(available, exists(theirs))))
        .order_by(Agent.id)
        .with_for_update(of=Agent, key_share=True, skip_locked=True),
    )
    staff = Staff([], {})
    for agent_id, availability, disabled_at, count, last, brands in rows:
        staff.availability[agent_id] = availability if disabled_at is None else "disabled"
        if staff.availability[agent_id] == "available":
            staff.seats.append(Seat(Candidate(agent_id, count, last), frozenset(brands)))
    return staff


async def choose_agents(
    tx: Tx, tickets: Sequence[Ticket], ways: Mapping[str, str], seats: Sequence[Seat]
) -> dict[str, str]:
    """Who gets each ticket, by ticket id, given in their order; a ticket for which nobody is there is left out.

    `ways` names each brand's strategy. Writes down whose turn it was, in one statement.
    """
    chooses = {brand_id: strategies()[ways[brand_id]] for brand_id in by_itself(ways)}
    given, last = deal([(ticket.id, ticket.brand_id) for ticket in tickets], seats, chooses, now())
    if last:
        times = [{"id": agent_id, "last_given_at": last[agent_id]} for agent_id in sorted(last)]
        await tx.execute(update(Agent), times)
    return given
