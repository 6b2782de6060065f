"""The shapes of requests about keys."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from app.access.views import Scope
from app.agents.examples import BRAND_ID
from app.core.event import Ask
from app.core.shown import shown

Id = Annotated[str, StringConstraints(max_length=40)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]


class MakeKeyAsk(Ask):
    """Another system that shall get in: its name, what it may, where, how long, and how often it may ask."""

    model_config = shown({"name": "Shop", "scopes": ["read", "reply"], "brand_ids": [BRAND_ID], "per_minute": 600})

    name: Name
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=4)]
    brand_ids: Annotated[
        tuple[Id, ...] | None, Field(min_length=1, max_length=200, description="null: every brand")
    ] = None
    expires_at: Annotated[AwareDatetime | None, Field(description="null: never")] = None
    per_minute: Annotated[int, Field(ge=1, le=60_000)] = 600
