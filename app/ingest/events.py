"""Facts about how well an account hears."""

from typing import Literal

from app.core.event import Event
from app.ingest.views import HealthView


class HealthChanged(Event):
    """An account went silent, answers again, set something aside, or its import went on."""

    type: Literal["account.health_changed"] = "account.health_changed"
    health: HealthView
