"""Two web and two worker processes, and then four and four, on one database: the corridors hold whoever does what."""

import asyncio
import signal

import pytest

from tests.processes.day import a_day, a_day_at
from tests.processes.house import House
from tests.processes.people import watching

_POSTS = "/api/v1/statuses"
_PATIENCE = 240.0
"""A reply whose worker died is looked for after its lease of 60 s, one whose answer was lost after half of that."""


async def test_two_and_two_lose_nothing_and_say_nothing_twice(house: House) -> None:
    day = await a_day(house, "two", house.webs, mentions=40, agents=4, deeds=5)
    assert len(day.answered) == 20


async def test_eight_processes_oversubscribed_do_the_same(house: House) -> None:
    more = house.add(webs=2, workers=2)
    try:
        webs = [*house.webs, *(part for part in more if part.kind == "web")]
        day = await a_day(house, "eight", webs, mentions=60, agents=8, deeds=4)
        assert len(day.answered) == 32
    finally:
        for part in more:
            assert part.end() == 0, part.said()


@pytest.mark.faults
async def test_answers_that_are_lost_go_out_once_whichever_worker_looks_for_them(house: House) -> None:
    """The outbox machine's law with real workers: a rude network, and a worker killed while it delivers."""
    day = a_day_at(house, "rude", house.webs)
    consoles = await day.consoles()
    async with watching(*consoles):
        await day.customers(24)
        house.sandbox.fault("drop", _POSTS, method="POST", after=True, times=3)
        house.sandbox.fault("drop", _POSTS, method="POST", times=3, skip=4)
        house.sandbox.fault("html", _POSTS, method="POST", times=2, skip=8)
        house.sandbox.fault("rate_limit", _POSTS, method="POST", seconds=2, times=2, skip=11)
        house.sandbox.fault("delay", _POSTS, method="POST", seconds=1.5, times=None)
        answering = [asyncio.create_task(day.agent(n, 6)) for n in range(4)]
        for worker in house.workers:
            await asyncio.sleep(4)
            worker.end(signal.SIGKILL)
            worker.start()
        await asyncio.gather(*answering)
        house.sandbox.clear_faults()
        await day.settle(_PATIENCE)
        await day.compare(consoles)
    assert len(day.answered) == 24
