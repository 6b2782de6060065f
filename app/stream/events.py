"""Facts of the floors above the catalogue, which has to name them: what became of webhooks."""

from typing import ClassVar, Literal

from app.core.event import Event


class WebhookChanged(Event):
    """A lead made, changed, turned on or off, or removed a webhook."""

    audience: ClassVar[str] = "leads"
    type: Literal["webhook.changed"] = "webhook.changed"
    webhook_id: str
    name: str
    what: Literal["made", "changed", "removed"]


class WebhookDisabled(Event):
    """A webhook was turned off by itself: its receiver said that it is gone, or nothing arrived there for days."""

    audience: ClassVar[str] = "leads"
    type: Literal["webhook.disabled"] = "webhook.disabled"
    webhook_id: str
    name: str
    why: Literal["gone", "failing"]
