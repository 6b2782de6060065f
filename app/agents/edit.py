"""edit_agent(), edit_me(), change_password(): what can change about a colleague, and about oneself."""

from typing import Any, Final

from sqlalchemy import or_, select, update

from app.agents.errors import AgentNotFound, LastLead, OldPasswordWrong, StaleAgent
from app.agents.events import AgentChanged
from app.agents.guesses import count_guess, forgive, guess_keys
from app.agents.models import Agent
from app.agents.password import PasswordHash, check_password, hash_password
from app.agents.permit import Actor, require
from app.agents.queries import agent_view, me
from app.agents.sign_in import end_sign_ins
from app.agents.views import AgentPart, AgentView, Availability, MeView, Role
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record, transaction

_PARTS: Final[tuple[AgentPart, ...]] = ("name", "role", "availability", "signature", "locale")


def _apply(agent: Agent, wanted: dict[str, Any]) -> list[AgentPart]:
    """Set what is wanted and different; None means: leave it."""
    changed: list[AgentPart] = []
    for part in _PARTS:
        value = wanted.get(part)
        if value is not None and value != getattr(agent, part):
            setattr(agent, part, value)
            changed.append(part)
    return changed


async def edit_agent(
    tx: Tx,
    actor: Actor,
    agent_id: str,
    *,
    revision: int | None,
    name: str | None = None,
    role: Role | None = None,
    availability: Availability | None = None,
    disabled: bool | None = None,
    hashed: PasswordHash | None = None,
) -> AgentView:
    """Change a colleague; only leads may. Disabling somebody, or a new password, ends their sign-ins.

    Raises AgentNotFound, StaleAgent, LastLead.
    """
    require(actor, "edit_people")
    agent, others = await _locked(tx, agent_id)
    if revision not in {None, agent.revision}:
        present = await agent_view(tx, agent_id)
        raise StaleAgent(agent=present.model_dump(mode="json"))
    changed = _apply(agent, {"name": name, "role": role, "availability": availability})
    if disabled is not None and disabled != (agent.disabled_at is not None):
        agent.disabled_at = now() if disabled else None
        changed.append("disabled")
    if not others and (agent.role != "lead" or agent.disabled_at is not None):
        raise LastLead
    if hashed is not None:
        agent.password_hash = hashed
        changed.append("password")
    if not changed:
        return await agent_view(tx, agent_id)
    agent.revision += 1
    await tx.flush()
    view = await agent_view(tx, agent_id)
    record(tx, AgentChanged(agent=view, changed=changed), agent_id=actor.agent_id)
    if disabled or hashed is not None:
        kept = actor.sign_in_id if agent_id == actor.agent_id and not disabled else None
        await end_sign_ins(tx, agent_id, by=actor.agent_id, except_id=kept)
    return view


async def _locked(tx: Tx, agent_id: str) -> tuple[Agent, int]:
    """The agent's row, and how many other enabled leads there are; all locked, so that two cannot leave at once."""
    leads = (Agent.role == "lead") & Agent.disabled_at.is_(None)
    rows = await tx.scalars(
        select(Agent)
        .where(or_(Agent.id == agent_id, leads), Agent.kind == "person")
        .order_by(Agent.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True),
    )
    found = {row.id: row for row in rows}
    if agent_id not in found:
        raise AgentNotFound
    agent = found.pop(agent_id)
    return agent, sum(row.role == "lead" and row.disabled_at is None for row in found.values())


async def edit_me(
    tx: Tx,
    actor: Actor,
    *,
    name: str | None = None,
    signature: str | None = None,
    locale: str | None = None,
    availability: Availability | None = None,
) -> MeView:
    """Change one's own name, signature, language or availability; `handover` gives one's tickets to others."""
    require(actor, "edit_self")
    agent = await tx.scalar(
        select(Agent)
        .where(Agent.id == actor.agent_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True),
    )
    if agent is None:
        raise AgentNotFound
    wanted = {"name": name, "signature": signature, "locale": locale, "availability": availability}
    changed = _apply(agent, wanted)
    if changed:
        agent.revision += 1
        await tx.flush()
        fact = AgentChanged(agent=await agent_view(tx, actor.agent_id), changed=changed)
        record(tx, fact, agent_id=actor.agent_id)
    return await me(tx, actor)


async def change_password(actor: Actor, old: str, new: str) -> None:
    """Change one's own password and end one's other sign-ins; opens its own transactions, since a guess is counted.

    Raises OldPasswordWrong, PasswordTooShort, TooManyGuesses.
    """
    require(actor, "edit_self")
    async with transaction() as tx:
        known = await tx.execute(select(Agent.email, Agent.password_hash).where(Agent.id == actor.agent_id))
        email, hashed = known.one()
        keys = guess_keys(email, None)
        await count_guess(tx, keys)
    if not await check_password(hashed, old):
        raise OldPasswordWrong(field="password.old")
    fresh = await hash_password(new, field="password.new")
    async with transaction() as tx:
        await forgive(tx, keys)
        await tx.execute(update(Agent).where(Agent.id == actor.agent_id).values(password_hash=fresh))
        await end_sign_ins(tx, actor.agent_id, by=actor.agent_id, except_id=actor.sign_in_id)
