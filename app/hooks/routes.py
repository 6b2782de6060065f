"""HTTP for webhooks, their secrets, deliveries and replays."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from app.agents.asks import Id
from app.agents.current import Current, CurrentApart
from app.agents.permit import require
from app.core.http import Tx
from app.core.http_match import IfMatch, demanded_revision, seen_revision
from app.core.http_next import say_next
from app.core.http_once import Kept
from app.core.transaction import transaction
from app.hooks import asks, make, queries, replay, secret, try_out
from app.hooks.address import check_address
from app.hooks.views import (
    AttemptView,
    DeliveriesView,
    DeliveryAttemptsView,
    DeliveryView,
    NewWebhookView,
    SecretView,
    WebhookTypesView,
    WebhookView,
)

router = APIRouter(prefix="/api/v1", tags=["webhooks"], route_class=Kept)

Cursor = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]


@router.get("/webhooks", operation_id="list_webhooks")
async def webhooks(tx: Tx, actor: Current) -> list[WebhookView]:
    """Every webhook; for leads."""
    return await queries.webhooks(tx, actor)


@router.get("/webhook-types", operation_id="list_webhook_types")
async def webhook_types(actor: Current) -> WebhookTypesView:
    """The types of events that a webhook can choose."""
    return queries.webhook_types(actor)


@router.post("/webhooks", operation_id="make_webhook", status_code=201)
async def make_webhook(actor: CurrentApart, ask: asks.MakeWebhookAsk) -> NewWebhookView:
    """Make a webhook; the answer has its secret."""
    require(actor, "edit_webhooks")  # before a stranger lets us look names up
    await check_address(ask.url)
    async with transaction() as tx:
        return await make.make_webhook(
            tx, actor, name=ask.name, url=ask.url, types=ask.types, brand_ids=ask.brand_ids, full=ask.full
        )


@router.put("/webhooks/{webhook_id}", operation_id="edit_webhook")
async def edit_webhook(
    actor: CurrentApart, webhook_id: Id, ask: asks.EditWebhookAsk, if_match: IfMatch = None
) -> WebhookView:
    """Change a webhook, or turn it on or off."""
    require(actor, "edit_webhooks")
    revision = demanded_revision(ask.revision, if_match)
    if ask.active:  # what leads nowhere any more can still be turned off
        await check_address(ask.url)
    async with transaction() as tx:
        return await make.edit_webhook(
            tx,
            actor,
            webhook_id,
            revision=revision,
            name=ask.name,
            url=ask.url,
            types=ask.types,
            brand_ids=ask.brand_ids,
            full=ask.full,
            active=ask.active,
        )


@router.delete("/webhooks/{webhook_id}", operation_id="remove_webhook", status_code=204)
async def remove_webhook(tx: Tx, actor: Current, webhook_id: Id, if_match: IfMatch = None) -> None:
    """Remove a webhook with its log."""
    await make.remove_webhook(tx, actor, webhook_id, seen_revision(None, if_match))


@router.get("/webhooks/{webhook_id}/secret", operation_id="reveal_webhook_secret")
async def reveal_webhook_secret(tx: Tx, actor: Current, webhook_id: Id) -> SecretView:
    """The secret that signatures are checked with."""
    return await secret.reveal_secret(tx, actor, webhook_id)


@router.post("/webhooks/{webhook_id}/secret", operation_id="rotate_webhook_secret")
async def rotate_webhook_secret(
    tx: Tx, actor: Current, webhook_id: Id, ask: asks.RotateAsk, if_match: IfMatch = None
) -> SecretView:
    """Give a webhook a new secret; the present one signs too for a while."""
    revision = seen_revision(ask.revision, if_match)
    return await secret.rotate_secret(tx, actor, webhook_id, overlap_hours=ask.overlap_hours, revision=revision)


@router.post("/webhooks/{webhook_id}/test", operation_id="test_webhook")
async def test_webhook(actor: CurrentApart, webhook_id: Id) -> AttemptView:
    """Send a ping at once and learn what the receiver answers."""
    return await try_out.try_out(actor, webhook_id)


@router.post("/webhooks/{webhook_id}/replay", operation_id="replay_webhook")
async def replay_webhook(tx: Tx, actor: Current, webhook_id: Id, ask: asks.ReplayAsk) -> WebhookView:
    """Deliver everything after a number of the log again."""
    return await replay.replay_after(tx, actor, webhook_id, after=ask.after)


@router.get("/webhooks/{webhook_id}/deliveries", operation_id="list_webhook_deliveries")
async def webhook_deliveries(
    request: Request,
    response: Response,
    tx: Tx,
    actor: Current,
    webhook_id: Id,
    state: Literal["waiting", "delivered", "failed"] | None = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DeliveriesView:
    """What was delivered, waits, or was given up; the last 30 days, the highest number first."""
    page = await queries.deliveries(tx, actor, webhook_id, state=state, cursor=cursor, limit=limit)
    say_next(request, response, cursor=page.next)
    return page


@router.get("/webhooks/{webhook_id}/deliveries/{delivery_id}", operation_id="get_webhook_delivery")
async def webhook_delivery(tx: Tx, actor: Current, webhook_id: Id, delivery_id: Id) -> DeliveryAttemptsView:
    """One delivery with its attempts."""
    return await queries.delivery_attempts(tx, actor, webhook_id, delivery_id)


@router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", operation_id="replay_webhook_delivery")
async def replay_webhook_delivery(tx: Tx, actor: Current, webhook_id: Id, delivery_id: Id) -> DeliveryView:
    """Deliver one event again, now."""
    return await replay.replay_delivery(tx, actor, webhook_id, delivery_id)
