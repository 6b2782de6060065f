"""actor_still(): who was let in some time ago, as they are now: for what outlives a change of role, team, brand or key."""

from app.access.recognise import key_now
from app.agents.current import actor_now
from app.agents.permit import Actor
from app.core.db import Tx


async def actor_still(tx: Tx, known: Actor) -> Actor | None:
    """The same person or key with what they may now; null when their sign-in or key is over."""
    if known.scopes is not None:
        return await key_now(tx, known.agent_id)
    return await actor_now(tx, known.sign_in_id or "")
