"""form_team(), edit_team(), dissolve_team(): who works together, and for which brands."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or

from app.agents.errors import StaleTeam, TeamNameTaken, TeamNotFound, UnknownMember
from app.agents.events import TeamChanged
from app.agents.models import Agent, Team, TeamMember
from app.agents.permit import Actor, require
from app.agents.queries import team_view
from app.agents.reach import set_team_brands
from app.agents.views import TeamView
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.transaction import record


async def form_team(
    tx: Tx, actor: Actor, *, name: str, agent_ids: Sequence[str], brand_ids: Sequence[str] = ()
) -> TeamView:
    """Make a team of these people for these brands; only leads may. Raises TeamNameTaken, UnknownMember."""
    require(actor, "edit_people")
    made = await tx.scalar(
        insert_or(Team)
        .values(id=new_id("te"), name=name, created_at=now())
        .on_conflict_do_nothing()
        .returning(Team.id),
    )
    if made is None:
        raise TeamNameTaken(field="name")
    await _set_members(tx, made, agent_ids)
    await set_team_brands(tx, made, brand_ids)
    view = await team_view(tx, made)
    record(tx, TeamChanged(team_id=made, team=view), agent_id=actor.agent_id)
    return view


async def edit_team(
    tx: Tx,
    actor: Actor,
    team_id: str,
    *,
    revision: int | None,
    name: str,
    agent_ids: Sequence[str],
    brand_ids: Sequence[str] | None = None,
) -> TeamView:
    """Rename a team and set its people, and its brands when given; only leads may.

    Raises TeamNotFound, StaleTeam, TeamNameTaken, UnknownMember.
    """
    require(actor, "edit_people")
    rows = await tx.scalars(
        select(Team)
        .where((Team.id == team_id) | (Team.name == name))
        .order_by(Team.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True),
    )
    found = {row.id: row for row in rows}
    team = found.pop(team_id, None)
    if team is None:
        raise TeamNotFound
    if revision not in {None, team.revision}:
        present = await team_view(tx, team_id)
        raise StaleTeam(team=present.model_dump(mode="json"))
    if found:
        raise TeamNameTaken(field="name")
    team.name = name
    team.revision += 1
    await tx.flush()
    await _set_members(tx, team_id, agent_ids)
    if brand_ids is not None:
        await set_team_brands(tx, team_id, brand_ids)
    view = await team_view(tx, team_id)
    record(tx, TeamChanged(team_id=team_id, team=view), agent_id=actor.agent_id)
    return view


async def dissolve_team(tx: Tx, actor: Actor, team_id: str, revision: int | None = None) -> None:
    """Take a team apart; its people stay. Only leads may. Raises TeamNotFound, StaleTeam."""
    require(actor, "edit_people")
    team = await tx.get(Team, team_id, with_for_update=True, populate_existing=True)
    if team is None:
        raise TeamNotFound
    if revision not in {None, team.revision}:
        raise StaleTeam(team=(await team_view(tx, team_id)).model_dump(mode="json"))
    await tx.execute(delete(Team).where(Team.id == team_id))
    record(tx, TeamChanged(team_id=team_id, team=None), agent_id=actor.agent_id)


async def _set_members(tx: Tx, team_id: str, wanted: Sequence[str]) -> None:
    known = set(await tx.scalars(select(Agent.id).where(Agent.id.in_(set(wanted)), Agent.kind == "person")))
    if known != set(wanted):
        raise UnknownMember(field="agent_ids")
    await tx.execute(delete(TeamMember).where(TeamMember.team_id == team_id))
    if known:
        await tx.execute(insert(TeamMember), [{"team_id": team_id, "agent_id": agent} for agent in sorted(known)])
