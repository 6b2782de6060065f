"""The clock was set back: no delivery waits for a time that the old clock planned."""

from app.core.clock import now
from app.core.db import Tx
from app.core.set_back import bring_forward
from app.core.wake import wake
from app.hooks.models import Delivery, Webhook
from app.hooks.take import LEASE


async def hook_by_new_clock(tx: Tx) -> None:
    """Plan all unfinished deliveries anew: they are due at once, and held no longer than a lease."""
    at = now()
    limits = {"rests_until": at, "failing_since": at}
    await bring_forward(tx, Webhook, limits, Webhook.failures > 0)
    await bring_forward(tx, Delivery, {"due_at": at, "lease_until": at + LEASE}, Delivery.due_at.is_not(None))
    await wake(tx, "webhooks")
