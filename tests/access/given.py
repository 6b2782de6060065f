"""Keys made by the real verb, and clients that bring them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx2

from app.access.make_key import make_key
from app.access.views import MadeKeyView
from app.agents.permit import Actor
from app.core.transaction import transaction

EVERY = ("read", "work", "reply", "administer")


async def a_key(
    lead: Actor,
    *scopes: str,
    brands: Sequence[str] | None = None,
    name: str = "Shop",
    per_minute: int = 60_000,
    expires_at: datetime | None = None,
) -> MadeKeyView:
    """A key of every scope, or of these."""
    async with transaction() as tx:
        return await make_key(
            tx,
            lead,
            name=name,
            scopes=list(scopes or EVERY),  # type: ignore[arg-type]
            brand_ids=brands,
            expires_at=expires_at,
            per_minute=per_minute,
        )


def bears(key: MadeKeyView | str) -> dict[str, str]:
    """The header of another system."""
    return {"authorization": f"Bearer {key if isinstance(key, str) else key.secret}"}


async def ask(client: httpx2.AsyncClient, method: str, path: str, who: dict[str, str], **more: Any) -> httpx2.Response:
    return await client.request(method, f"/api/v1/{path}", headers={**who, **more.pop("headers", {})}, **more)
