"""claim(): lease due rows with FOR UPDATE SKIP LOCKED, so that any number of workers share a table as a queue."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Mapped

from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import transaction


class Due(Protocol):
    """A table that is a queue."""

    due_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]


Q = TypeVar("Q", bound=Any)


async def claim(
    tx: Tx, table: type[Q], *, lease: timedelta, limit: int = 1, where: Sequence[ColumnElement[bool]] = ()
) -> list[Q]:
    """Take up to `limit` due rows whose lease is free, for `lease`; `attempts` is counted up and fences who is late.

    The caller's transaction must commit before the work begins, so that no other worker takes the same rows.
    """
    at = now()
    key = next(iter(table.__table__.primary_key.columns))
    free = or_(table.lease_until.is_(None), table.lease_until <= at)
    # a WITH is run once: what stands in an `in` may be run again for each row, and then picks others each time
    picked = (
        select(key)
        .where(table.due_at <= at, free, *where)
        .order_by(table.due_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)  # rows that refer to it are not held up
        .cte("picked")
    )
    rows = await tx.scalars(
        update(table)
        .where(key == picked.c[key.name])
        .values(lease_until=at + lease, attempts=table.attempts + 1)
        .returning(table)
        .execution_options(populate_existing=True, synchronize_session=False),
    )
    return list(rows)


@asynccontextmanager
async def kept(row: Any, lease: timedelta) -> AsyncIterator[None]:
    """Renew a claimed row's lease while the work lasts, however slow the network is.

    A process that dies renews nothing, so that others take its work over after one short lease. Who has lost the row
    meanwhile renews nothing either: `attempts` is the fence.
    """

    async def renew() -> None:
        table = type(row)
        key = next(iter(table.__table__.primary_key.columns))
        mine = update(table).where(key == getattr(row, key.name), table.attempts == row.attempts)
        while True:
            await asyncio.sleep(lease.total_seconds() / 4)
            async with transaction() as tx:
                held = mine.where(table.lease_until.is_not(None)).values(lease_until=now() + lease)
                await tx.execute(held.execution_options(synchronize_session=False))

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)


async def next_due(tx: Tx, table: type[Q], where: Sequence[ColumnElement[bool]] = ()) -> datetime | None:
    """When the earliest row falls due, leases taken into account; null when nothing is planned."""
    at = func.greatest(table.due_at, func.coalesce(table.lease_until, table.due_at))
    due: datetime | None = await tx.scalar(select(func.min(at)).where(table.due_at.is_not(None), *where))
    return due
