"""The shapes of requests about webhooks."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.agents.asks import Id, Name
from app.core.event import Ask
from app.core.http_match import Seen
from app.core.shown import shown
from app.hooks.examples import HEARD

Url = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00-\x20]+$")
]
Types = Annotated[
    list[Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z_.]+$")]], Field(min_length=1, max_length=200)
]
Brands = Annotated[list[Id], Field(min_length=1, max_length=500)]


class MakeWebhookAsk(Ask):
    """Where deliveries go, and of what; null types or brands mean all of them."""

    model_config = shown(HEARD)

    name: Name
    url: Url
    types: Types | None = None
    brand_ids: Brands | None = None
    full: bool = False


class EditWebhookAsk(MakeWebhookAsk):
    """The webhook as it should be."""

    model_config = shown(HEARD | {"revision": 1, "active": False})

    revision: Seen = None
    active: bool = True


class RotateAsk(Ask):
    """For how many hours the present secret still signs beside the new one."""

    model_config = shown({"overlap_hours": 24})

    overlap_hours: int = Field(default=24, ge=0, le=168)
    revision: Seen = None


class ReplayAsk(Ask):
    """After which number of the log everything is delivered again."""

    model_config = shown({"after": 0})

    after: int = Field(ge=0, le=2**62)
