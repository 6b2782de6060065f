"""replay_delivery(), replay_after(): what was delivered, or given up, is delivered again under its old id."""

from sqlalchemy import select

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import head
from app.core.transaction import record
from app.core.wake import wake
from app.hooks.errors import DeliveryNotFound, NumberAhead
from app.hooks.models import Delivery
from app.hooks.queries import delivery_view, locked_webhook, webhook_view
from app.hooks.views import DeliveryView, WebhookView
from app.stream.events import WebhookChanged


async def replay_delivery(tx: Tx, actor: Actor, webhook_id: str, delivery_id: str) -> DeliveryView:
    """Deliver one event again, now, with all its tries; one that is on its way is left there.

    Raises WebhookNotFound, DeliveryNotFound.
    """
    require(actor, "edit_webhooks")
    await locked_webhook(tx, actor, webhook_id)
    query = select(Delivery).where(Delivery.id == delivery_id, Delivery.webhook_id == webhook_id)
    row = await tx.scalar(query.with_for_update(key_share=True))
    if row is None:
        raise DeliveryNotFound
    row.state, row.due_at, row.finished_at = "waiting", now(), None
    row.tries = 0
    await tx.flush()
    await wake(tx, "webhooks")
    return await delivery_view(tx, row.id)


async def replay_after(tx: Tx, actor: Actor, webhook_id: str, *, after: int) -> WebhookView:
    """Deliver everything after a number of the log again, in its order, before what comes next.

    Raises WebhookNotFound, NumberAhead.
    """
    require(actor, "edit_webhooks")
    webhook = await locked_webhook(tx, actor, webhook_id)
    if after > await head(tx):
        raise NumberAhead(field="after")
    webhook.position = min(webhook.position, after)
    await tx.flush()
    await wake(tx, "webhooks")
    record(tx, WebhookChanged(webhook_id=webhook_id, name=webhook.name, what="changed"), agent_id=actor.agent_id)
    return await webhook_view(tx, webhook_id)
