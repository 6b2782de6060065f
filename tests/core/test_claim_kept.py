"""A lease is renewed while its work lasts, and no longer: others wait a short time for what a dead worker left."""

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from app.core import claim as queue
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.models import Poll
from tests.given import a_desk, a_lean_account

LEASE = timedelta(seconds=0.4)


async def test_work_keeps_its_lease_and_a_dead_worker_does_not(database: str, lean: object) -> None:
    await a_lean_account(await a_desk())
    async with transaction() as tx:
        await tx.execute(update(Poll).values(due_at=now(), lease_until=None))
    async with transaction() as tx:
        (poll,) = await queue.claim(tx, Poll, lease=LEASE)
    async with queue.kept(poll, LEASE):
        await asyncio.sleep(1)
        async with transaction() as tx:
            assert await queue.claim(tx, Poll, lease=LEASE) == []
    await asyncio.sleep(0.5)
    async with transaction() as tx:
        (taken_over,) = await queue.claim(tx, Poll, lease=timedelta(seconds=60))
    async with queue.kept(poll, LEASE):  # who stood still for too long has lost it
        await asyncio.sleep(0.3)
    async with transaction() as tx:
        left = await tx.scalar(select(Poll.lease_until))
    assert left == taken_over.lease_until
