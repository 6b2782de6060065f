"""Every process restarted, one after the other, while people work: nothing is lost and nobody notices more than a reconnect."""

import asyncio

from tests.processes.day import Day
from tests.processes.front import Front
from tests.processes.house import House, Part
from tests.processes.people import watching

RESTART = 1012


async def restarted(part: Part) -> None:
    """One process ended in peace and started again."""
    assert await asyncio.to_thread(part.end) == 0, part.said()
    part.start()
    await asyncio.to_thread(part.ready)


async def test_a_rolling_restart_under_load_loses_nothing(house: House) -> None:
    async with Front(house.webs) as front:
        day = Day(house, "rolling", [front.address], [lambda: front.port])
        consoles = await day.consoles()
        async with watching(*consoles):
            async with asyncio.TaskGroup() as group:
                group.create_task(day.customers(10_000, pause=0.2))
                for n in range(3):
                    group.create_task(day.agent(n, 10_000, pause=0.5))
                for part in (*house.webs, *house.workers):
                    before = [len(one.ends) for one in consoles]
                    await restarted(part)
                    async with asyncio.timeout(60):
                        await asyncio.gather(*(one.live.wait() for one in consoles))
                    assert all(
                        len(one.ends) - n <= (part.kind == "web") for one, n in zip(consoles, before, strict=True)
                    )
                day.over.set()
            await day.settle()
            await day.compare(consoles)
    assert day.posted
    assert day.answered
    assert {end for one in consoles for end in one.ends} == {RESTART}
    assert [status for browser in day.browsers for status in browser.statuses if status >= 500] == []
