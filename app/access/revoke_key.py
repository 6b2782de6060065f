"""revoke_key(): a key ends at once, for every request and on every open socket."""

from sqlalchemy import update

from app.access.events import KeyRevoked
from app.access.models import AccessKey
from app.access.queries import key_view
from app.access.views import KeyView
from app.agents.events import AgentChanged
from app.agents.models import Agent
from app.agents.permit import Actor, require
from app.agents.queries import agent_view
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record


async def revoke_key(tx: Tx, actor: Actor, key_id: str) -> KeyView:
    """End a key for good; what it did stays under its name. Only leads may. Raises KeyNotFound."""
    require(actor, "edit_keys")
    ended = await tx.scalar(
        update(AccessKey)
        .where(AccessKey.id == key_id, AccessKey.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(AccessKey.id)
        .execution_options(synchronize_session=False)
    )
    view = await key_view(tx, key_id)
    if ended is None:  # revoked before
        return view
    await tx.execute(
        update(Agent)
        .where(Agent.id == key_id)
        .values(disabled_at=now(), revision=Agent.revision + 1)
        .execution_options(synchronize_session=False)
    )
    record(tx, AgentChanged(agent=await agent_view(tx, key_id), changed=["disabled"]), agent_id=actor.agent_id)
    record(tx, KeyRevoked(key=view), agent_id=actor.agent_id)
    return view
