"""recognise(): the key behind a token, as an actor; and the same key as it is now, for a socket."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import DateTime, Select, bindparam, case, column, func, or_, select, table

from app.access.key_text import fingerprint, is_key_text
from app.access.models import AccessKey
from app.agents.permit import Actor
from app.core.clock import now
from app.core.db import Tx
from app.core.rows import read_rows

_brands: Final = table("brands", column("id"))
_EVERY: Final = func.array(select(_brands.c.id).scalar_subquery())
# Every request of a key asks this: put together once, since that takes longer than the database's answer.
_WORKING: Final = select(
    AccessKey.id,
    AccessKey.scopes,
    AccessKey.brand_ids.is_(None),
    case((AccessKey.brand_ids.is_(None), _EVERY), else_=AccessKey.brand_ids),
    AccessKey.per_minute,
).where(
    AccessKey.revoked_at.is_(None),
    or_(AccessKey.expires_at.is_(None), AccessKey.expires_at > bindparam("at", type_=DateTime(timezone=True))),
)
_OF_TOKEN: Final = _WORKING.where(AccessKey.secret_hash == bindparam("which"))
_OF_ID: Final = _WORKING.where(AccessKey.id == bindparam("which"))


@dataclass(frozen=True, slots=True)
class Holder:
    """A key that works: who it is and what it may, and how many requests it may make in a minute."""

    actor: Actor
    per_minute: int


async def recognise(tx: Tx, token: str) -> Holder | None:
    """The key of this text; null when it is unknown, revoked or expired. One statement, and none for what is no key."""
    return await _find(tx, _OF_TOKEN, fingerprint(token)) if is_key_text(token) else None


async def key_now(tx: Tx, key_id: str) -> Actor | None:
    """A key as it is now; null when it does not work any more."""
    holder = await _find(tx, _OF_ID, key_id)
    return None if holder is None else holder.actor


async def _find(tx: Tx, query: Select[Any], which: str) -> Holder | None:
    found = await read_rows(tx, query, {"which": which, "at": now()})
    if not found:
        return None
    ((key_id, scopes, everywhere, brands, per_minute),) = found
    role = "lead" if everywhere and "administer" in scopes else "agent"
    return Holder(Actor(key_id, role, frozenset(brands), scopes=frozenset(scopes)), per_minute)
