"""A lease is renewed while its work lasts, and no longer: others wait a short time for what a dead worker left."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.core import claim as queue
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.models import Poll
from tests.given import a_desk, a_lean_account

LEASE = timedelta(seconds=1.2)

_PATIENCE = 60.0


async def lease_until() -> datetime:
    async with transaction() as tx:
        return (await tx.scalars(select(Poll.lease_until))).one()


async def taken(lease: timedelta) -> list[Poll]:
    async with transaction() as tx:
        return await queue.claim(tx, Poll, lease=lease)


async def test_work_keeps_its_lease_and_a_dead_worker_does_not(database: str, lean: object) -> None:
    await a_lean_account(await a_desk())
    async with transaction() as tx:
        await tx.execute(update(Poll).values(due_at=now(), lease_until=None))
    async with transaction() as tx:
        (poll,) = await queue.claim(tx, Poll, lease=LEASE)
    async with queue.kept(poll, LEASE):
        first = await lease_until()
        async with asyncio.timeout(_PATIENCE):
            while await lease_until() <= first + LEASE:  # renewed, and renewed again  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert await taken(LEASE) == []
    async with asyncio.timeout(_PATIENCE):
        while not (mine := await taken(timedelta(seconds=600))):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    async with queue.kept(poll, LEASE):  # who stood still for too long has lost it
        await asyncio.sleep(LEASE.total_seconds() / 2)
    assert await lease_until() == mine[0].lease_until
