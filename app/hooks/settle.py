"""write_down(): what came of a batch of deliveries, in one transaction: rows, attempts, and how each webhook fares."""

import random
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import and_, or_, select, text, update

from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.metrics import hooked
from app.core.rows import among, as_json, insert_rows
from app.core.transaction import record
from app.core.wake import wake
from app.hooks.backoff import GONE, PATIENCE, given_up, next_try, rest_until
from app.hooks.models import Attempt, Delivery, Webhook
from app.hooks.post import Outcome
from app.hooks.take import Parcel
from app.stream.events import WebhookDisabled

Came = tuple[Parcel, Outcome]

_WRITE: Final = text("""
update webhook_deliveries d
   set state = r.state, due_at = r.due_at, tries = r.tries, finished_at = r.finished_at, lease_until = null
  from jsonb_to_recordset(cast(:rows as jsonb))
       as r(id text, attempts int, state text, due_at timestamptz, tries int, finished_at timestamptz)
 where d.id = r.id and d.attempts = r.attempts and d.due_at is not null
returning d.id
""")


_TOUCHED: Final = (
    select(Webhook)
    .where(or_(among(Webhook.id, "bad"), and_(among(Webhook.id, "good"), Webhook.failures > 0)))
    .order_by(Webhook.id)
    .with_for_update(key_share=True)
)


async def write_down(tx: Tx, came: Sequence[Came]) -> None:
    """Write the outcomes down whose claim is still ours, in a fixed number of statements but for failing webhooks."""
    bad = {parcel.webhook_id for parcel, outcome in came if outcome.problem}
    good = {parcel.webhook_id for parcel, outcome in came if not outcome.problem}
    # webhooks before deliveries, as whoever derives deliveries locks them
    webhooks = {one.id: one for one in await tx.scalars(_TOUCHED, {"bad": bad, "good": good})}
    rows = as_json([_row(parcel, outcome) for parcel, outcome in came])
    mine = set(await tx.scalars(_WRITE, {"rows": rows}))
    ours = [(parcel, outcome) for parcel, outcome in came if parcel.id in mine]
    await insert_rows(tx, Attempt, [_attempt(parcel, outcome) for parcel, outcome in ours])
    for parcel, outcome in ours:
        hooked(outcome.problem or "delivered")
        webhook = webhooks.get(parcel.webhook_id)
        if webhook is not None:
            await _fares(tx, webhook, outcome)


def _row(parcel: Parcel, outcome: Outcome) -> dict[str, Any]:
    tries, at = parcel.tries + 1, now()
    due_at = next_try(tries, at, random.random(), outcome.asked) if outcome.problem else None  # noqa: S311 - jitter
    state = "delivered" if not outcome.problem else "failed" if due_at is None else "waiting"
    return {
        "id": parcel.id,
        "attempts": parcel.attempts,
        "state": state,
        "due_at": due_at,
        "tries": tries,
        "finished_at": at if due_at is None else None,
    }


def _attempt(parcel: Parcel, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": new_id("wa"),
        "delivery_id": parcel.id,
        "at": outcome.at,
        "latency_ms": outcome.latency_ms,
        "status": outcome.status,
        "problem": outcome.problem,
        "answer": outcome.answer,
    }


async def _fares(tx: Tx, webhook: Webhook, outcome: Outcome) -> None:
    """Count failures in a row; one delivery that arrives ends them, and lets what waited be tried at once."""
    at = now()
    if not outcome.problem:
        if webhook.failures >= PATIENCE:
            waiting = (Delivery.webhook_id == webhook.id, Delivery.due_at > at, Delivery.lease_until.is_(None))
            sooner = update(Delivery).where(*waiting).values(due_at=at)
            await tx.execute(sooner.execution_options(synchronize_session=False))
            await wake(tx, "webhooks")
        webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
        return
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or outcome.at
    webhook.rests_until = rest_until(webhook.failures, at, outcome.asked)
    gone = outcome.status == GONE
    if webhook.active and (gone or given_up(webhook.failures, webhook.failing_since, at)):
        webhook.active, webhook.off_at = False, at
        webhook.off_why = "gone" if gone else "failing"
        webhook.revision += 1
        record(tx, WebhookDisabled(webhook_id=webhook.id, name=webhook.name, why=webhook.off_why))
