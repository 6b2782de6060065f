"""Consoles at their worst: one that takes nothing while much happens, and five hundred that come back at once."""

import asyncio
import time
from contextlib import closing

import httpx2
import pytest

from tests.faults.console import Console
from tests.faults.processes import Ground
from tests.faults.rounds import ONLY_FULL, Rounds
from tests.faults.world import World, say, world
from tests.stream.test_socket import silent_socket

MOST_MEMORY = 400_000_000


async def connected(desk: World) -> int:
    """How many consoles the web process has."""
    async with httpx2.AsyncClient(trust_env=False, timeout=60) as http:
        many: int = (await http.get(f"{desk.parts.address}/api/v1/alive")).json()["consoles"]
    return many


@pytest.mark.parametrize("rounds", ONLY_FULL)
async def test_one_that_stops_reading_is_let_go(own_database: str, ground: Ground, rounds: Rounds) -> None:
    async with world(ground, own_database, rounds) as desk:
        await desk.load.start()
        await desk.load.stop()
        await desk.settle()
        before, lea = await connected(desk), desk.hands["lea"]
        deaf = await asyncio.to_thread(silent_socket, desk.parts.port, lea.secret, 0)
        with closing(deaf):
            while await connected(desk) == before:  # noqa: ASYNC110 - the other side is another process
                await asyncio.sleep(0.02)
            tickets, began, acts = list(desk.consoles[0].cards), time.monotonic(), 0
            label = "x" * 40

            async def act(n: int) -> None:
                add, remove = ([label], []) if n % 2 else ([], [label])
                await lea.ask("POST", f"tickets/{tickets[n % len(tickets)]}/labels", add=add, remove=remove)

            while await connected(desk) > before:
                assert time.monotonic() < began + 300, f"still there after {acts} facts"
                await asyncio.gather(*(act(acts + n) for n in range(len(tickets))))
                acts += len(tickets)
        memory = desk.parts.resident("web")
        say(f"let go after {acts} facts and {time.monotonic() - began:.0f} s; web holds {memory // 1_000_000} MB")
        assert memory < MOST_MEMORY
        await desk.check()


@pytest.mark.parametrize("rounds", ONLY_FULL)
async def test_five_hundred_come_back_at_once(own_database: str, ground: Ground, rounds: Rounds) -> None:
    async with world(ground, own_database, rounds) as desk:
        await desk.load.start()
        first = desk.consoles[0]
        for _ in range(rounds.consoles):
            console = Console(desk.hands["lea"])
            console.cards, console.position = dict(first.cards), first.position
            desk.consoles.append(console)
            desk.listen(console)
        while await connected(desk) < rounds.consoles:  # noqa: ASYNC110 - the other side is another process
            await asyncio.sleep(0.2)
        for n in range(3):
            await desk.load.more(2, at_most=10)
            opened = [console.opened for console in desk.consoles]
            began = time.monotonic()
            await (desk.parts.kill("web") if n % 2 else desk.parts.restart("web"))
            if n % 2:
                await desk.parts.start("web")
            waits = []
            while any(c.opened == before for c, before in zip(desk.consoles, opened, strict=True)):
                asked = time.monotonic()
                await desk.hands["ana"].ask("GET", "tickets/counts")
                waits.append(time.monotonic() - asked)
                await asyncio.sleep(0.05)
            waits.sort()
            took = time.monotonic() - began
            say(f"{rounds.consoles} back after {took:.1f} s; meanwhile an answer took {waits[-1]:.2f} s at most")
        memory = desk.parts.resident("web")
        say(f"web holds {memory // 1_000_000} MB")
        assert memory < MOST_MEMORY
        await desk.load.stop()
        await desk.check()
