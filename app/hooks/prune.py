"""prune_deliveries(): the log of deliveries forgets what was finished 30 days ago; the events stay."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from app.core.clock import now
from app.core.transaction import transaction
from app.hooks.models import Delivery

KEPT: Final = timedelta(days=30)
_BATCH: Final = 2_000
_EVERY: Final = timedelta(hours=1)


async def prune_deliveries() -> bool:
    """Forget one batch; whether there may be more."""
    old = select(Delivery.id).where(Delivery.finished_at < now() - KEPT).order_by(Delivery.finished_at).limit(_BATCH)
    async with transaction() as tx:
        gone = await tx.scalars(delete(Delivery).where(Delivery.id.in_(old)).returning(Delivery.id))
        return len(gone.all()) == _BATCH


async def next_prune_of_deliveries() -> datetime | None:
    """In an hour; nothing depends on it."""
    return now() + _EVERY
