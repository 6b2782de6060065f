"""Webhooks, their deliveries and attempts read back for leads; each query is one statement."""

from typing import Any, Final

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import aliased

from app.agents.permit import Actor, require, seen_brands
from app.core.db import Tx
from app.core.paging import decode, encode, number
from app.hooks.body import message_id
from app.hooks.errors import DeliveryNotFound, StaleWebhook, WebhookNotFound
from app.hooks.models import Attempt, Delivery, Webhook
from app.hooks.offered import TYPES
from app.hooks.post import Outcome
from app.hooks.views import (
    AttemptView,
    DeliveriesView,
    DeliveryAttemptsView,
    DeliveryView,
    WebhookTypesView,
    WebhookView,
)

_COUNTED: Final = 1_000
_SHOWN: Final = 50


def _webhooks() -> Select[Any]:
    unfinished = select(Delivery.id).where(Delivery.webhook_id == Webhook.id, Delivery.due_at.is_not(None))
    few = unfinished.limit(_COUNTED).correlate(Webhook).subquery()
    return select(Webhook, select(func.count()).select_from(few).scalar_subquery())


def _webhook(row: Any) -> WebhookView:
    webhook, waiting = row
    return WebhookView(
        id=webhook.id,
        name=webhook.name,
        url=webhook.url,
        types=webhook.types,
        brand_ids=webhook.brand_ids,
        full=webhook.full,
        active=webhook.active,
        off_why=webhook.off_why,
        off_at=webhook.off_at,
        agent_id=webhook.agent_id,
        created_at=webhook.created_at,
        revision=webhook.revision,
        old_secret_until=webhook.old_until,
        position=webhook.position,
        failing_since=webhook.failing_since,
        waiting=waiting,
    )


def _within(actor: Actor, webhook: Webhook) -> bool:
    """Whether the actor sees every brand the webhook hears of."""
    seen = seen_brands(actor)
    return seen is None or (webhook.brand_ids is not None and seen.issuperset(webhook.brand_ids))


async def webhooks(tx: Tx, actor: Actor) -> list[WebhookView]:
    """Every webhook, by name."""
    require(actor, "edit_webhooks")
    rows = await tx.execute(_webhooks().order_by(func.lower(Webhook.name), Webhook.id))
    return [_webhook(row) for row in rows if _within(actor, row[0])]


async def webhook_view(tx: Tx, webhook_id: str) -> WebhookView:
    """One webhook. Raises WebhookNotFound."""
    query = _webhooks().where(Webhook.id == webhook_id).execution_options(populate_existing=True)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise WebhookNotFound
    return _webhook(row)


async def locked_webhook(tx: Tx, actor: Actor, webhook_id: str) -> Webhook:
    """The row of a webhook the actor sees, ours until the transaction ends. Raises WebhookNotFound."""
    query = select(Webhook).where(Webhook.id == webhook_id).with_for_update(key_share=True)
    row = await tx.scalar(query.execution_options(populate_existing=True))
    if row is None or not _within(actor, row):
        raise WebhookNotFound
    return row


async def held_webhook(tx: Tx, actor: Actor, webhook_id: str, revision: int | None) -> Webhook:
    """The same, if it is still as it was seen; null for any. Raises WebhookNotFound, StaleWebhook."""
    webhook = await locked_webhook(tx, actor, webhook_id)
    if revision not in {None, webhook.revision}:
        raise StaleWebhook(webhook=(await webhook_view(tx, webhook_id)).model_dump(mode="json"))
    return webhook


def webhook_types(actor: Actor) -> WebhookTypesView:
    """The types of events that can be chosen."""
    require(actor, "edit_webhooks")
    return WebhookTypesView(types=list(TYPES))


def attempt_view(attempt: Attempt | Outcome) -> AttemptView:
    """An attempt as leads see it."""
    return AttemptView.model_validate(
        {name: getattr(attempt, name) for name in ("at", "latency_ms", "status", "problem", "answer")}
    )


def _deliveries() -> Select[Delivery, Attempt]:
    newest = select(Attempt).where(Attempt.delivery_id == Delivery.id).order_by(Attempt.id.desc()).limit(1)
    last = aliased(Attempt, newest.lateral("last"))
    return select(Delivery, last).outerjoin(last, true())


def _delivery(row: Any) -> DeliveryView:
    delivery, last = row
    return DeliveryView(
        id=delivery.id,
        message_id=message_id(delivery.seq),
        seq=delivery.seq,
        type=delivery.type,
        ticket_id=delivery.ticket_id,
        state=delivery.state,
        tries=delivery.tries,
        created_at=delivery.created_at,
        due_at=delivery.due_at,
        finished_at=delivery.finished_at,
        last=attempt_view(last) if last is not None else None,
    )


async def delivery_view(tx: Tx, delivery_id: str) -> DeliveryView:
    """One delivery. Raises DeliveryNotFound."""
    query = _deliveries().where(Delivery.id == delivery_id).execution_options(populate_existing=True)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise DeliveryNotFound
    return _delivery(row)


async def deliveries(
    tx: Tx, actor: Actor, webhook_id: str, *, state: str | None, cursor: str | None, limit: int
) -> DeliveriesView:
    """A page of a webhook's deliveries, of one state when given. Raises WebhookNotFound, BadCursor."""
    require(actor, "edit_webhooks")
    await locked_webhook(tx, actor, webhook_id)
    query = _deliveries().where(Delivery.webhook_id == webhook_id).order_by(Delivery.seq.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(Delivery.state == state)
    if cursor is not None:
        query = query.where(Delivery.seq < number(decode(cursor, 1)[0]))
    rows = [_delivery(row) for row in await tx.execute(query)]
    more = len(rows) > limit
    return DeliveriesView(items=rows[:limit], next=encode(rows[limit - 1].seq) if more else None)


async def delivery_attempts(tx: Tx, actor: Actor, webhook_id: str, delivery_id: str) -> DeliveryAttemptsView:
    """A delivery with its newest attempts. Raises WebhookNotFound, DeliveryNotFound."""
    require(actor, "edit_webhooks")
    await locked_webhook(tx, actor, webhook_id)
    here = _deliveries().where(Delivery.id == delivery_id, Delivery.webhook_id == webhook_id)
    row = (await tx.execute(here)).one_or_none()
    if row is None:
        raise DeliveryNotFound
    newest = select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.id.desc()).limit(_SHOWN)
    return DeliveryAttemptsView(
        delivery=_delivery(row), attempts=[attempt_view(one) for one in await tx.scalars(newest)]
    )
