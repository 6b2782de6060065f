"""What leads see of webhooks, their deliveries and attempts."""

from datetime import datetime
from typing import Literal

from app.core.event import View
from app.core.shown import shown
from app.hooks import examples

Problem = Literal["unknown_host", "refused_address", "unreachable", "timeout", "redirect", "status"]


class WebhookView(View):
    """An address of another system, what it hears, and how it fares."""

    model_config = shown(examples.WEBHOOK)

    id: str
    name: str
    url: str
    types: list[str] | None
    """The chosen types of events; null for all."""
    brand_ids: list[str] | None
    """The chosen brands; null for all, and for what only leads may hear."""
    full: bool
    active: bool
    off_why: Literal["gone", "failing"] | None
    """Why it was turned off by itself."""
    off_at: datetime | None
    agent_id: str
    created_at: datetime
    revision: int
    old_secret_until: datetime | None
    """Until then the secret before this one signs too."""
    position: int
    """Up to this number of the log its deliveries were planned."""
    failing_since: datetime | None
    waiting: int
    """Deliveries planned and not finished, counted to 1,000."""


class NewWebhookView(View):
    """A webhook just made, with its secret."""

    model_config = shown({"webhook": examples.WEBHOOK, "secret": examples.SECRET})

    webhook: WebhookView
    secret: str


class SecretView(View):
    """A webhook's secret, and until when the one before it signs too."""

    model_config = shown({"secret": examples.SECRET, "old_secret_until": None})

    secret: str
    old_secret_until: datetime | None


class AttemptView(View):
    """One request: how long it took, the status or what went wrong, and the first of the answer."""

    model_config = shown(examples.ATTEMPT)

    at: datetime
    latency_ms: int
    status: int | None
    problem: Problem | None
    """Null when the receiver took it; `status` when it answered something else than 2xx."""
    answer: str


class DeliveryView(View):
    """An event for a webhook, and how its last attempt went."""

    model_config = shown(examples.DELIVERY)

    id: str
    message_id: str
    """What the receiver reads as `webhook-id`."""
    seq: int
    type: str
    ticket_id: str | None
    state: Literal["waiting", "delivered", "failed"]
    tries: int
    created_at: datetime
    due_at: datetime | None
    """When it is tried next; null when finished."""
    finished_at: datetime | None
    last: AttemptView | None


class DeliveriesView(View):
    """A page of deliveries, the highest number first."""

    model_config = shown({"items": [examples.DELIVERY], "next": None})

    items: list[DeliveryView]
    next: str | None


class DeliveryAttemptsView(View):
    """A delivery with its newest 50 attempts, the newest first."""

    model_config = shown({"delivery": examples.DELIVERY, "attempts": [examples.ATTEMPT]})

    delivery: DeliveryView
    attempts: list[AttemptView]


class WebhookTypesView(View):
    """The types of events that can be chosen."""

    model_config = shown({"types": ["ticket.moved", "ticket.opened"]})

    types: list[str]
