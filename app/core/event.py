"""Event: the frozen base of everything that can happen; pure."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """A fact about to be written down. Its type never changes meaning; a new meaning is a new type."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)

    audience: ClassVar[str] = "brand"
    """Who may see it: `brand` (those who see its brand), `all` agents, or `leads`."""

    type: str
    brand_id: str | None = None
    ticket_id: str | None = None


class View(BaseModel):
    """The shape of an answer; a default is still always present, so generated types need no `?`."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Ask(BaseModel):
    """The shape of a request; an unknown field is refused instead of ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
