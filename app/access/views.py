"""What a lead may know of a key."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.access import examples
from app.core.event import View
from app.core.shown import shown

Scope = Literal["read", "work", "reply", "administer"]


class KeyView(View):
    """A key of another system, without its secret. It works while it is neither revoked nor expired."""

    model_config = shown(examples.KEY)

    id: str
    name: str
    begins_with: Annotated[str, Field(description="the first characters of the key, to recognise it by")]
    scopes: list[Scope]
    brand_ids: Annotated[list[str] | None, Field(description="null: every brand, those to come too")]
    per_minute: Annotated[int, Field(description="how many requests it may make in a minute")]
    created_at: datetime
    made_by: str
    expires_at: datetime | None
    last_used_at: Annotated[datetime | None, Field(description="to the minute")]
    revoked_at: datetime | None


class MadeKeyView(View):
    """A new key. `secret` is what the other system sends; it is shown now and never again.

    It is null when the request was repeated with the same Idempotency-Key.
    """

    model_config = shown({"key": examples.KEY, "secret": "mdk_" + "4fTq9ZpL" + "z" * 49})

    key: KeyView
    secret: str | None
