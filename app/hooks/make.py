"""make_webhook(), edit_webhook(), remove_webhook(): where deliveries go and of what; leads alone decide."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from app.agents.permit import Actor, require
from app.brands.queries import brands
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import EventRow, head
from app.core.ids import new_id
from app.core.secrets import seal
from app.core.transaction import record
from app.core.wake import wake
from app.hooks.errors import UnknownType, UnknownWebhookBrand
from app.hooks.models import Delivery, Webhook
from app.hooks.offered import TYPES
from app.hooks.queries import held_webhook, webhook_view
from app.hooks.sign import new_secret
from app.hooks.views import NewWebhookView, WebhookView
from app.hooks.wanted import wants
from app.stream.events import WebhookChanged


async def make_webhook(
    tx: Tx,
    actor: Actor,
    *,
    name: str,
    url: str,
    types: Sequence[str] | None = None,
    brand_ids: Sequence[str] | None = None,
    full: bool = False,
) -> NewWebhookView:
    """Make a webhook that hears what happens from now on; the caller has checked the address.

    Raises UnknownType, UnknownWebhookBrand.
    """
    require(actor, "edit_webhooks")
    secret = new_secret()
    webhook = Webhook(
        id=new_id("wh"),
        name=name,
        url=url,
        types=_known_types(types),
        brand_ids=await _seen(tx, actor, brand_ids),
        full=full,
        agent_id=actor.agent_id,
        sealed=seal({"secret": secret}),
        position=await head(tx),
    )
    tx.add(webhook)
    await tx.flush()
    record(tx, WebhookChanged(webhook_id=webhook.id, name=name, what="made"), agent_id=actor.agent_id)
    return NewWebhookView(webhook=await webhook_view(tx, webhook.id), secret=secret)


async def edit_webhook(
    tx: Tx,
    actor: Actor,
    webhook_id: str,
    *,
    revision: int | None,
    name: str,
    url: str,
    types: Sequence[str] | None,
    brand_ids: Sequence[str] | None,
    full: bool,
    active: bool,
) -> WebhookView:
    """Change a webhook; what waits and is no longer wanted is taken back. Turned on again it goes on where it stopped.

    The caller has checked the address. Raises WebhookNotFound, StaleWebhook, UnknownType, UnknownWebhookBrand.
    """
    require(actor, "edit_webhooks")
    webhook = await held_webhook(tx, actor, webhook_id, revision)
    webhook.name, webhook.url, webhook.full = name, url, full
    webhook.types, webhook.brand_ids = _known_types(types), await _seen(tx, actor, brand_ids)
    if active and not webhook.active:
        webhook.off_why = webhook.off_at = None
        webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
        again = (Delivery.webhook_id == webhook_id, Delivery.due_at.is_not(None))
        await tx.execute(update(Delivery).where(*again).values(due_at=now()))
    elif webhook.active and not active:
        webhook.off_at = now()
    webhook.active = active
    webhook.revision += 1
    await tx.flush()
    await _take_back(tx, webhook)
    await wake(tx, "webhooks")
    record(tx, WebhookChanged(webhook_id=webhook_id, name=name, what="changed"), agent_id=actor.agent_id)
    return await webhook_view(tx, webhook_id)


async def remove_webhook(tx: Tx, actor: Actor, webhook_id: str, revision: int | None = None) -> None:
    """Remove a webhook with its deliveries. Raises WebhookNotFound, StaleWebhook."""
    require(actor, "edit_webhooks")
    webhook = await held_webhook(tx, actor, webhook_id, revision)
    record(tx, WebhookChanged(webhook_id=webhook_id, name=webhook.name, what="removed"), agent_id=actor.agent_id)
    await tx.delete(webhook)


async def _take_back(tx: Tx, webhook: Webhook) -> None:
    """Let nothing wait that the webhook is not to hear any more."""
    columns = (Delivery.id, EventRow.type, EventRow.audience, EventRow.brand_id)
    waiting = select(*columns).join(EventRow, EventRow.seq == Delivery.seq)
    rows = await tx.execute(waiting.where(Delivery.webhook_id == webhook.id, Delivery.due_at.is_not(None)))
    unwanted = [row.id for row in rows if not wants(webhook, row.type, row.audience, row.brand_id)]
    if unwanted:
        await tx.execute(delete(Delivery).where(Delivery.id.in_(unwanted)))


def _known_types(types: Sequence[str] | None) -> list[str] | None:
    if types is None:
        return None
    if not set(types) <= set(TYPES):
        raise UnknownType(field="types")
    return sorted(set(types))


async def _seen(tx: Tx, actor: Actor, brand_ids: Sequence[str] | None) -> list[str] | None:
    """The chosen brands, all of which the actor sees."""
    if brand_ids is None:
        return None
    if not set(brand_ids) <= {brand.id for brand in await brands(tx, actor)}:
        raise UnknownWebhookBrand(field="brand_ids")
    return sorted(set(brand_ids))
