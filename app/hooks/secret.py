"""reveal_secret(), rotate_secret(): what receivers check signatures with; the one before still signs for a while."""

from datetime import timedelta

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.secrets import seal, unseal
from app.core.transaction import record
from app.hooks.queries import held_webhook, locked_webhook
from app.hooks.sign import new_secret
from app.hooks.views import SecretView
from app.stream.events import WebhookChanged


async def reveal_secret(tx: Tx, actor: Actor, webhook_id: str) -> SecretView:
    """The secret of a webhook. Raises WebhookNotFound, CredentialsUnreadable."""
    require(actor, "edit_webhooks")
    webhook = await locked_webhook(tx, actor, webhook_id)
    return SecretView(secret=unseal(webhook.sealed)["secret"], old_secret_until=webhook.old_until)


async def rotate_secret(
    tx: Tx, actor: Actor, webhook_id: str, *, overlap_hours: int, revision: int | None = None
) -> SecretView:
    """Give a webhook a new secret; the present one signs too for so many hours, and the one before that no more.

    Raises WebhookNotFound, StaleWebhook, CredentialsUnreadable.
    """
    require(actor, "edit_webhooks")
    webhook = await held_webhook(tx, actor, webhook_id, revision)
    secret = new_secret()
    webhook.sealed = seal({"secret": secret, "old": unseal(webhook.sealed)["secret"]})
    webhook.old_until = now() + timedelta(hours=overlap_hours) if overlap_hours else None
    webhook.revision += 1
    record(tx, WebhookChanged(webhook_id=webhook_id, name=webhook.name, what="changed"), agent_id=actor.agent_id)
    return SecretView(secret=secret, old_secret_until=webhook.old_until)
