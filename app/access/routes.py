"""HTTP for keys."""

from fastapi import APIRouter

from app.access import asks, queries
from app.access.make_key import make_key
from app.access.revoke_key import revoke_key
from app.access.views import KeyView, MadeKeyView
from app.agents.current import Current
from app.core.http import Tx
from app.core.http_once import Kept

router = APIRouter(prefix="/api/v1", tags=["keys"], route_class=Kept)


@router.get("/keys", operation_id="list_keys")
async def list_keys(tx: Tx, actor: Current) -> list[KeyView]:
    """Every key of another system, the newest first; for leads."""
    return await queries.keys(tx, actor)


@router.post("/keys", operation_id="make_key", status_code=201)
async def make(tx: Tx, actor: Current, ask: asks.MakeKeyAsk) -> MadeKeyView:
    """Let another system in; the key itself is in this answer and nowhere else."""
    return await make_key(
        tx,
        actor,
        name=ask.name,
        scopes=ask.scopes,
        brand_ids=ask.brand_ids,
        expires_at=ask.expires_at,
        per_minute=ask.per_minute,
    )


@router.post("/keys/{key_id}/revoke", operation_id="revoke_key")
async def revoke(tx: Tx, actor: Current, key_id: asks.Id) -> KeyView:
    """End a key for good, at once."""
    return await revoke_key(tx, actor, key_id)
