"""Ctrl-C does not wait for a network that does not answer, and leaves its account free for whoever comes next."""

import asyncio

import pytest
from sqlalchemy import update

from app import worker
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.models import Poll
from app.networks.port import Account, Page
from tests.given import a_desk, a_lean_account
from tests.lean import Lean


async def test_stopping_does_not_wait_for_a_silent_network(
    database: str, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await a_lean_account(await a_desk())
    asked = asyncio.Event()

    async def silent(_account: Account, _cursor: str | None, **_: object) -> Page:
        asked.set()
        await asyncio.sleep(3600)
        raise AssertionError("nobody waits that long")

    monkeypatch.setattr(lean, "mentions", silent)
    monkeypatch.setattr(worker, "_GRACE_SECONDS", 0.2)
    async with transaction() as tx:
        await tx.execute(update(Poll).values(due_at=now()))
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run_worker(database, stop))
    async with asyncio.timeout(60):
        await asked.wait()
        stop.set()
        await working
    async with transaction() as tx:
        assert (await tx.get_one(Poll, account.id)).lease_until is None
