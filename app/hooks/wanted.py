"""wants(): whether a webhook is to hear of an event: of its types, and within what its brands let it hear."""

from app.hooks.models import Webhook
from app.stream.audience import Reach, may_hear


def reach_of(webhook: Webhook) -> Reach:
    """What a webhook may hear: for every brand as a lead does, for chosen brands as an agent of these."""
    if webhook.brand_ids is None:
        return Reach(lead=True, brand_ids=frozenset())
    return Reach(lead=False, brand_ids=frozenset(webhook.brand_ids))


def wants(webhook: Webhook, kind: str, audience: str, brand_id: str | None) -> bool:
    """Whether an event of this type, audience and brand is for the webhook."""
    return (webhook.types is None or kind in webhook.types) and may_hear(reach_of(webhook), audience, brand_id)
