"""A worker dies by SIGKILL: the other one holds its accounts within the lease, and nothing said meanwhile is lost."""

import asyncio
import time
from collections.abc import Callable

import pytest

from app.ingest.line import LEASE
from tests.processes.day import until
from tests.processes.house import House
from tests.processes.people import a_ticket

_LOOK_SECONDS = 5.0
"""How often a worker looks for lines that nobody holds."""


async def streams(house: House, count: int) -> bool:
    """Whether so many accounts are listened to at the network."""
    return bool((await asyncio.to_thread(house.sandbox.overview))["listeners"] == count)


@pytest.mark.faults
async def test_the_accounts_of_a_killed_worker_are_taken_over_within_the_lease(
    house: House, record_property: Callable[[str, object], None]
) -> None:
    accounts = len(house.account_ids)
    await until(lambda: streams(house, accounts))
    killed = house.workers[0]
    began = time.monotonic()
    killed.end(9)
    await until(lambda: streams(house, accounts // 2), 10)  # each held a half
    said = [asyncio.create_task(a_ticket(house, n)) for n in range(accounts)]
    await until(lambda: streams(house, accounts))
    took = time.monotonic() - began
    await asyncio.gather(*said)
    record_property("seconds until taken over", round(took, 1))
    assert took < LEASE.total_seconds() + 2 * _LOOK_SECONDS
    killed.start()
    await asyncio.to_thread(killed.ready)
    await asyncio.to_thread(time.sleep, 2 * _LOOK_SECONDS)
    killed.end(9)  # it has its share again
    await until(lambda: streams(house, accounts // 2), 10)
    killed.start()
    await asyncio.to_thread(killed.ready)
