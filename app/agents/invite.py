"""invite_agent(), add_agent(): a new colleague with a first password; refuse_taken() says early what they would refuse."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or

from app.agents.errors import EmailTaken, UnknownMember
from app.agents.events import AgentChanged
from app.agents.models import Agent, TeamMember
from app.agents.password import PasswordHash
from app.agents.permit import Actor, require
from app.agents.queries import agent_view, known_teams
from app.agents.views import AgentView, Role
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.transaction import record


async def refuse_taken(tx: Tx, actor: Actor, *, email: str) -> None:
    """Say that somebody has the address already, before a password is hashed for nothing. Raises EmailTaken."""
    require(actor, "edit_people")
    taken = select(Agent.id).where(func.lower(Agent.email) == email.strip().lower(), Agent.kind == "person")
    if await tx.scalar(taken) is not None:
        raise EmailTaken(field="email")


async def invite_agent(
    tx: Tx, actor: Actor, *, name: str, email: str, role: Role, hashed: PasswordHash, team_ids: Sequence[str]
) -> AgentView:
    """Let a new colleague in; only leads may. Raises EmailTaken, UnknownMember."""
    require(actor, "edit_people")
    return await add_agent(tx, name=name, email=email, role=role, hashed=hashed, team_ids=team_ids, by=actor.agent_id)


async def add_agent(
    tx: Tx,
    *,
    name: str,
    email: str,
    role: Role,
    hashed: PasswordHash,
    team_ids: Sequence[str] = (),
    locale: str | None = None,
    by: str | None = None,
) -> AgentView:
    """Make the agent's row and say so, for whoever may: a lead, the first set-up, the command line (`by` None).

    Raises EmailTaken, UnknownMember.
    """
    if await known_teams(tx, team_ids) != set(team_ids):
        raise UnknownMember(field="team_ids")
    made = await tx.scalar(
        insert_or(Agent)
        .values(
            id=new_id("ag"),
            name=name,
            email=email.strip(),
            password_hash=hashed,
            role=role,
            locale=locale,
            created_at=now(),
        )
        .on_conflict_do_nothing()
        .returning(Agent.id),
    )
    if made is None:
        raise EmailTaken(field="email")
    if team_ids:
        await tx.execute(insert(TeamMember), [{"team_id": team, "agent_id": made} for team in sorted(set(team_ids))])
    view = await agent_view(tx, made)
    changed = AgentChanged(agent=view, changed=["name", "email", "role", "password", "teams"])
    record(tx, changed, agent_id=by)
    return view
