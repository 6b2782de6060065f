"""Agents, teams and sign-ins read back as views; each query is one statement."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import Select, func, select

from app.agents.errors import AgentNotFound, TeamNotFound
from app.agents.models import Agent, SignIn, Team, TeamMember
from app.agents.permit import Actor, require
from app.agents.reach import brand_ids, brands_of_team, team_ids
from app.agents.views import AgentView, MeView, SessionView, SignInView, TeamView
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import head


def _agents() -> Select[Any]:
    return select(Agent, team_ids())


def _agent(row: Any) -> AgentView:
    agent, teams = row
    return AgentView(
        id=agent.id,
        kind=agent.kind,
        name=agent.name,
        email=agent.email,
        role=agent.role,
        availability=agent.availability,
        disabled=agent.disabled_at is not None,
        team_ids=teams,
        revision=agent.revision,
    )


async def agents(tx: Tx, actor: Actor) -> list[AgentView]:
    """Every colleague by name, and the keys; the disabled too: their names stand under what they wrote."""
    require(actor, "see")
    rows = await tx.execute(_agents().order_by(func.lower(Agent.name), Agent.id))
    return [_agent(row) for row in rows]


async def agent_view(tx: Tx, agent_id: str) -> AgentView:
    """One colleague. Raises AgentNotFound."""
    query = _agents().where(Agent.id == agent_id).execution_options(populate_existing=True)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise AgentNotFound
    return _agent(row)


async def me(tx: Tx, actor: Actor) -> MeView:
    """The signed-in agent, or the key that asks."""
    require(actor, "see")
    query = (
        select(Agent, team_ids(), brand_ids())
        .where(Agent.id == actor.agent_id)
        .execution_options(populate_existing=True)
    )
    agent, teams, brands = (await tx.execute(query)).one()
    return MeView(
        **_agent((agent, teams)).model_dump(),
        signature=agent.signature,
        locale=agent.locale,
        brand_ids=sorted(brands if actor.scopes is None else actor.brand_ids),
    )


async def session(tx: Tx, actor: Actor) -> SessionView:
    """Who is signed in; the log's position is read first, so that what is shown is never older than it says."""
    require(actor, "see")
    at = await head(tx)
    return SessionView(me=await me(tx, actor), sign_in_id=actor.sign_in_id or "", head=at, version=_version())


def _version() -> str:
    try:
        return version("mentiondesk")
    except PackageNotFoundError:  # a checkout that was never installed
        return "checkout"


async def sign_ins(tx: Tx, actor: Actor) -> list[SignInView]:
    """The browsers signed in as me, the one used last first."""
    require(actor, "edit_self")
    rows = await tx.scalars(
        select(SignIn)
        .where(SignIn.agent_id == actor.agent_id, SignIn.expires_at > now())
        .order_by(SignIn.last_seen_at.desc(), SignIn.id),
    )
    return [
        SignInView(
            id=row.id,
            browser=row.browser,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.id == actor.sign_in_id,
        )
        for row in rows
    ]


def _teams() -> Select[Any]:
    members = select(TeamMember.agent_id).where(TeamMember.team_id == Team.id).order_by(TeamMember.agent_id)
    return select(Team, func.array(members.correlate(Team).scalar_subquery()), brands_of_team())


def _team(row: Any) -> TeamView:
    team, people, brands = row
    return TeamView(id=team.id, name=team.name, agent_ids=people, brand_ids=brands, revision=team.revision)


async def teams(tx: Tx, actor: Actor) -> list[TeamView]:
    """Every team by name."""
    require(actor, "see")
    return [_team(row) for row in await tx.execute(_teams().order_by(func.lower(Team.name), Team.id))]


async def team_view(tx: Tx, team_id: str) -> TeamView:
    """One team. Raises TeamNotFound."""
    query = _teams().where(Team.id == team_id).execution_options(populate_existing=True)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise TeamNotFound
    return _team(row)


async def somebody_exists(tx: Tx) -> bool:
    """Whether the desk was set up: there is at least one agent."""
    return bool(await tx.scalar(select(select(Agent.id).exists())))


async def known_teams(tx: Tx, wanted: Iterable[str]) -> set[str]:
    """Those of the wanted teams that exist; they cannot be dissolved before the transaction ends."""
    query = select(Team.id).where(Team.id.in_(set(wanted))).with_for_update(read=True, key_share=True)
    return set(await tx.scalars(query))
