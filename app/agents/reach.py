"""Which brands a team and its agents reach: brand_teams belongs to the floor above, so it is known here by name only."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, column, delete, func, insert, literal, select, table

from app.agents.errors import UnknownMember
from app.agents.models import Agent, Team, TeamMember
from app.core.db import Tx

_brands = table("brands", column("id"))
_brand_teams = table("brand_teams", column("brand_id"), column("team_id"))


def team_ids() -> ColumnElement[Any]:
    """The teams of the selected agent, as an array in a select."""
    found = select(TeamMember.team_id).where(TeamMember.agent_id == Agent.id).order_by(TeamMember.team_id)
    return func.array(found.correlate(Agent).scalar_subquery())


def brand_ids() -> ColumnElement[Any]:
    """The brands which the selected agent sees, as an array in a select: a lead every one, others their teams'."""
    theirs = (
        select(_brand_teams.c.brand_id)
        .distinct()
        .join(TeamMember, TeamMember.team_id == _brand_teams.c.team_id)
        .where(TeamMember.agent_id == Agent.id)
        .correlate(Agent)
    )
    return case(
        (Agent.role == "lead", func.array(select(_brands.c.id).scalar_subquery())),
        else_=func.array(theirs.scalar_subquery()),
    )


def brands_of_team() -> ColumnElement[Any]:
    """The brands the selected team works for, as an array in a select."""
    found = select(_brand_teams.c.brand_id).where(_brand_teams.c.team_id == Team.id).order_by(_brand_teams.c.brand_id)
    return func.array(found.correlate(Team).scalar_subquery())


async def set_team_brands(tx: Tx, team_id: str, wanted: Sequence[str]) -> None:
    """Make the team work for exactly these brands. Raises UnknownMember."""
    known = set((await tx.scalars(select(_brands.c.id).where(_brands.c.id.in_(set(wanted))))).all())
    if known != set(wanted):
        raise UnknownMember(field="brand_ids")
    await tx.execute(delete(_brand_teams).where(_brand_teams.c.team_id == team_id))
    if known:
        rows = select(_brands.c.id, literal(team_id)).where(_brands.c.id.in_(known))
        await tx.execute(insert(_brand_teams).from_select(["brand_id", "team_id"], rows))
