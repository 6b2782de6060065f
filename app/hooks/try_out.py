"""try_out(): send a ping to a webhook at once and show what it answers; nothing of it is kept."""

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.ids import new_id
from app.core.transaction import transaction
from app.hooks.body import ping_body
from app.hooks.post import post
from app.hooks.queries import attempt_view, locked_webhook
from app.hooks.take import keys_of
from app.hooks.views import AttemptView


async def try_out(actor: Actor, webhook_id: str) -> AttemptView:
    """Ping a webhook, whether it is on or off; opens a short transaction of its own before.

    Raises WebhookNotFound, CredentialsUnreadable.
    """
    require(actor, "edit_webhooks")
    async with transaction() as tx:
        webhook = await locked_webhook(tx, actor, webhook_id)
        keys = keys_of(webhook, now())
    return attempt_view(await post(webhook.url, keys, new_id("ping"), ping_body(now())))
