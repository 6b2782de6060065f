"""spread(): derive deliveries from the log, webhook by webhook from where each stands; position and rows move together."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import exists, func, or_, select

from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import EventHead, EventRow
from app.core.ids import new_id
from app.core.rows import insert_rows
from app.core.transaction import transaction
from app.hooks.backoff import PATIENCE
from app.hooks.models import Delivery, Webhook
from app.hooks.wanted import wants

_WEBHOOKS: Final = 20
_EVENTS: Final = 500
_AHEAD: Final = 2_000
"""So many deliveries of one webhook wait as rows; what comes after stays in the log until some are out."""
_AGAIN: Final = """on conflict (webhook_id, seq) do update
   set state = 'waiting', due_at = excluded.due_at, tries = 0, finished_at = null
 where webhook_deliveries.due_at is null"""
"""What is there already is there because the webhook was set back to replay it."""
_COLUMNS: Final = (
    EventRow.seq,
    EventRow.type,
    EventRow.audience,
    EventRow.brand_id,
    EventRow.ticket_id,
)


async def spread() -> bool:
    """Move webhooks on by up to 500 events; whether any moved. Any number of workers may do it at once."""
    async with transaction() as tx:
        groups: dict[int, list[Webhook]] = defaultdict(list)
        for webhook in await tx.scalars(_behind()):
            groups[webhook.position].append(webhook)
        for position, webhooks in groups.items():
            await _move(tx, position, webhooks)
    return bool(groups)


def _behind() -> Any:
    """Webhooks that are on, have not seen the whole log, and are not ahead of what they can take.

    One that fails again and again is given something to try, and nothing more until it works.
    """
    unfinished = select(Delivery.id).where(Delivery.webhook_id == Webhook.id, Delivery.due_at.is_not(None))
    full = unfinished.order_by(Delivery.due_at).offset(_AHEAD).limit(1).correlate(Webhook)
    return (
        select(Webhook)
        .where(
            Webhook.active,
            Webhook.position < select(EventHead.seq).scalar_subquery(),
            ~exists(full),
            or_(Webhook.failures < PATIENCE, ~exists(unfinished.correlate(Webhook))),
        )
        .order_by(func.random())
        .limit(_WEBHOOKS)
        .with_for_update(key_share=True, skip_locked=True, of=Webhook)
    )


async def _move(tx: Tx, position: int, webhooks: Sequence[Webhook]) -> None:
    found = await tx.execute(select(*_COLUMNS).where(EventRow.seq > position).order_by(EventRow.seq).limit(_EVENTS))
    events = found.all()
    rows = [
        _row(webhook, event)
        for webhook in webhooks
        for event in events
        if wants(webhook, event.type, event.audience, event.brand_id)
    ]
    await insert_rows(tx, Delivery, rows, on_conflict=_AGAIN)
    for webhook in webhooks:
        webhook.position = int(events[-1].seq)


def _row(webhook: Webhook, event: Any) -> dict[str, Any]:
    at = now()
    return {
        "id": new_id("wd"),
        "webhook_id": webhook.id,
        "seq": event.seq,
        "type": event.type,
        "lane": event.ticket_id or event.type,
        "ticket_id": event.ticket_id,
        "state": "waiting",
        "due_at": at,
        "attempts": 0,
        "tries": 0,
        "created_at": at,
    }
