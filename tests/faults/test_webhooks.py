"""The worker killed again and again during deliveries to webhooks: everything arrives, in order for each ticket, under ids that stay."""

import asyncio
import random
from collections import defaultdict

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, update

from app.core import db
from app.core.settings import settings
from app.core.transaction import transaction
from app.hooks.models import Delivery
from app.wiring import wire
from tests.faults.processes import Ground, Processes
from tests.given import a_desk
from tests.hooks.receiver import OK, Arrived, a_receiver, a_webhook, happen, some

EVENTS, TICKETS, KILLS = 5_000, 200, 20
KEY = "a key of forty characters, more or less ok"


@pytest.mark.faults
async def test_killed_during_ten_thousand_deliveries(
    own_database: str, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "secret_key", SecretStr(KEY))
    wire()
    db.open_database(own_database)
    given = {"database_url": own_database, "secret_key": KEY, "allow_private_networks": "true"}
    parts = Processes(ground.zygote, ground.folder, given)

    async def think(_: Arrived) -> bytes:
        await asyncio.sleep(0.01)
        return OK

    try:
        async with a_receiver() as receiver:
            receiver.answering = think
            desk = await a_desk()
            for name in ("one", "two"):
                await a_webhook(desk, receiver.url + name, types=["ticket.moved"])
            tickets = [f"tk_{n}" for n in range(TICKETS)]
            await happen(*some(desk.brand_id, tickets, each=EVENTS // TICKETS))
            for _ in range(KILLS):
                await parts.start("worker")
                await asyncio.sleep(random.uniform(0.1, 1.0))
                await parts.kill("worker")
                await _leases_run_out()
            await parts.start("worker")
            while await _unfinished() or len({(one.path, one.id) for one in receiver.arrived}) < 2 * EVENTS:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            for path in ("/one", "/two"):
                _hold([one for one in receiver.arrived if one.path == path])
            again = len(receiver.arrived) - 2 * EVENTS
            assert again <= KILLS * 2 * settings().webhook_deliveries, "only what was on its way came twice"
    finally:
        parts.close()
        await db.close_database()


async def _leases_run_out() -> None:
    async with transaction() as tx:
        await tx.execute(update(Delivery).where(Delivery.due_at.is_not(None)).values(lease_until=None))


async def _unfinished() -> int:
    async with transaction() as tx:
        return await tx.scalar(select(func.count()).where(Delivery.due_at.is_not(None))) or 0


def _hold(arrived: list[Arrived]) -> None:
    """Every event at least once, the first time in its ticket's order, each time with the same bytes under its id."""
    bodies: dict[str, set[bytes]] = defaultdict(set)
    lines: dict[str, list[int]] = defaultdict(list)
    for one in arrived:
        if one.id not in bodies:
            lines[one.body["data"]["ticket_id"]].append(one.seq)
        bodies[one.id].add(one.raw)
    assert len(bodies) == EVENTS
    assert {len(raw) for raw in bodies.values()} == {1}
    assert all(line == sorted(line) for line in lines.values())
