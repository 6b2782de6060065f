"""make_key(): another system gets in under a name of its own; its secret is told once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import column, func, insert, or_, select, table

from app.access.errors import ExpiryInThePast, TooManyKeys, UnknownBrand
from app.access.events import KeyMade
from app.access.key_text import fingerprint, new_key_text, recognisable
from app.access.models import AccessKey
from app.access.queries import key_view
from app.access.views import MadeKeyView, Scope
from app.agents.events import AgentChanged
from app.agents.models import Agent
from app.agents.permit import Actor, require
from app.agents.queries import agent_view
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.transaction import record

MOST: Final = 200
"""Keys that work at once; what is counted by key stays small."""
_brands = table("brands", column("id"))


async def make_key(
    tx: Tx,
    actor: Actor,
    *,
    name: str,
    scopes: Sequence[Scope],
    brand_ids: Sequence[str] | None,
    expires_at: datetime | None,
    per_minute: int,
) -> MadeKeyView:
    """Make a key for these brands, or for all when null; only leads may. Raises UnknownBrand, ExpiryInThePast, TooManyKeys."""
    require(actor, "edit_keys")
    at = now()
    if expires_at is not None and expires_at <= at:
        raise ExpiryInThePast(field="expires_at")
    if brand_ids is not None:
        known = set(await tx.scalars(select(_brands.c.id).where(_brands.c.id.in_(set(brand_ids)))))
        if known != set(brand_ids):
            raise UnknownBrand(field="brand_ids")
    works = AccessKey.revoked_at.is_(None) & or_(AccessKey.expires_at.is_(None), AccessKey.expires_at > at)
    if (await tx.scalar(select(func.count()).select_from(AccessKey).where(works)) or 0) >= MOST:
        raise TooManyKeys
    secret, key_id = new_key_text(), new_id("ky")
    await tx.execute(
        insert(Agent).values(
            id=key_id, kind="key", name=name, email="", password_hash="", role="agent", created_at=at
        )  # nobody signs in as a key: a sign-in looks for people, and an empty hash fits no password
    )
    await tx.execute(
        insert(AccessKey).values(
            id=key_id,
            begins_with=recognisable(secret),
            secret_hash=fingerprint(secret),
            scopes=sorted(set(scopes)),
            brand_ids=None if brand_ids is None else sorted(set(brand_ids)),
            per_minute=per_minute,
            expires_at=expires_at,
            made_by=actor.agent_id,
            created_at=at,
        )
    )
    view = await key_view(tx, key_id)
    record(tx, AgentChanged(agent=await agent_view(tx, key_id), changed=["name"]), agent_id=actor.agent_id)
    record(tx, KeyMade(key=view), agent_id=actor.agent_id)
    return MadeKeyView(key=view, secret=secret)
