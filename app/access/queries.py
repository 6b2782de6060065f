"""Keys read back as views; each query is one statement."""

from typing import Any

from sqlalchemy import Select, select

from app.access.errors import KeyNotFound
from app.access.models import AccessKey
from app.access.views import KeyView
from app.agents.models import Agent
from app.agents.permit import Actor, require
from app.core.db import Tx


def _keys() -> Select[AccessKey, str]:
    return select(AccessKey, Agent.name).join(Agent, Agent.id == AccessKey.id).execution_options(populate_existing=True)


def _key(row: Any) -> KeyView:
    key, name = row
    return KeyView(
        id=key.id,
        name=name,
        begins_with=key.begins_with,
        scopes=key.scopes,
        brand_ids=key.brand_ids,
        per_minute=key.per_minute,
        created_at=key.created_at,
        made_by=key.made_by,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )


async def keys(tx: Tx, actor: Actor) -> list[KeyView]:
    """Every key, the newest first, the revoked too; for leads."""
    require(actor, "edit_keys")
    return [_key(row) for row in await tx.execute(_keys().order_by(AccessKey.created_at.desc(), AccessKey.id))]


async def key_view(tx: Tx, key_id: str) -> KeyView:
    """One key. Raises KeyNotFound."""
    row = (await tx.execute(_keys().where(AccessKey.id == key_id))).one_or_none()
    if row is None:
        raise KeyNotFound
    return _key(row)
