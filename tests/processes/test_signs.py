"""What one process learns the others know at once: who is typing, and whose sign-in is over."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.agents.invite import add_agent
from app.agents.permit import Actor
from app.core.transaction import transaction
from app.stream.socket import RECHECK_SECONDS
from app.tickets.note import add_note
from tests.given import HASH
from tests.processes.house import House
from tests.processes.people import Browser, a_ticket, log_end, secret_of
from tests.stream.conftest import Console, Opening, events

_AT_ONCE = RECHECK_SECONDS / 3
"""Seconds, on a machine that has other things to do: far sooner than what no process told would be noticed by itself."""


async def a_colleague(house: House, role: Any = "agent") -> Actor:
    """Somebody new, who works for the brand."""
    name = f"{time.monotonic_ns()}"
    async with transaction() as tx:
        made = await add_agent(
            tx, name="New", email=f"{name}@acme.example", role=role, hashed=HASH, team_ids=[house.desk.team_id]
        )
    return Actor(made.id, role, frozenset({house.desk.brand_id}))


@contextlib.asynccontextmanager
async def everywhere(house: House, secret: str) -> AsyncIterator[tuple[list[Console], list[Browser]]]:
    """The same sign-in's console and requests on every web process."""
    async with contextlib.AsyncExitStack() as open_now:
        begun = await log_end()
        consoles, browsers = [], []
        for web in house.webs:
            consoles.append(await open_now.enter_async_context(Opening(web.port, secret, begun, {})))
            browsers.append(await open_now.enter_async_context(Browser(secret, web.address)))
        for console in consoles:
            await console.until(lambda frame: frame["kind"] == "heartbeat")
        yield consoles, browsers


async def statuses(browsers: list[Browser], path: str) -> list[int]:
    return [(await browser.ask("GET", path)).status_code for browser in browsers]


async def test_typing_on_one_process_is_seen_on_another_within_a_second(house: House) -> None:
    ticket_id = await a_ticket(house)
    ana, ben = house.desk.agents[:2]
    begun, took = await log_end(), []
    here, there = house.webs
    async with (
        Opening(here.port, await secret_of(ana), begun, {}) as typing,
        Opening(there.port, await secret_of(ben), begun, {}) as watching,
    ):
        for n in range(30):  # of a busy machine one quick moment is enough
            doing = ("typing", "viewing")[n % 2]
            began = time.monotonic()
            await typing.say(kind="presence", ticket_id=ticket_id, doing=doing)
            try:
                seen = (await watching.until(lambda frame: frame["kind"] == "presence", 5))[-1]
            except TimeoutError:  # it may be lost: a process that has just started does not listen yet
                continue
            took.append(time.monotonic() - began)
            assert seen["agents"] == [{"agent_id": ana.agent_id, "doing": doing}]
            if took[-1] < 1:
                break
        await typing.line.close()
        assert (await watching.until(lambda frame: frame["kind"] == "presence"))[-1]["agents"] == []
    assert min(took) < 1, took


@pytest.mark.faults
async def test_who_was_typing_on_a_process_that_died_is_forgotten_by_the_others(house: House) -> None:
    (mortal,) = house.add(webs=1)
    ticket_id = await a_ticket(house)
    ana, ben = house.desk.agents[:2]
    begun = await log_end()
    async with Opening(house.webs[0].port, await secret_of(ben), begun, {}) as watching:
        async with Opening(mortal.port, await secret_of(ana), begun, {}) as typing:
            await typing.say(kind="presence", ticket_id=ticket_id, doing="typing")
            await watching.until(lambda frame: frame["kind"] == "presence")
            began = time.monotonic()
            mortal.end(9)
            frames = await watching.until(lambda frame: frame["kind"] == "presence", 25)
        assert frames[-1]["agents"] == []
        assert 10 < time.monotonic() - began < 20


async def test_who_signs_out_is_out_of_every_process(house: House) -> None:
    secret = await secret_of(await a_colleague(house))
    async with everywhere(house, secret) as (consoles, browsers):
        assert await statuses(browsers, "/session") == [200, 200]
        assert (await browsers[0].ask("DELETE", "/session")).status_code == 204
        began = time.monotonic()
        assert await statuses(browsers[1:], "/session") == [401]
        assert await asyncio.gather(*(console.closed() for console in consoles)) == [4401, 4401]
        assert time.monotonic() - began < _AT_ONCE


async def test_who_is_disabled_is_out_of_every_process(house: House) -> None:
    mia = await a_colleague(house)
    async with (
        everywhere(house, await secret_of(mia)) as (consoles, browsers),
        Browser(await secret_of(house.desk.lead), house.webs[1].address) as lead,
    ):
        done = await lead.ask("PATCH", f"/agents/{mia.agent_id}", json={"revision": 1, "disabled": True})
        assert done.status_code == 200, done.text
        began = time.monotonic()
        assert await statuses(browsers, "/session") == [401, 401]
        assert await asyncio.gather(*(console.closed() for console in consoles)) == [4401, 4401]
        assert time.monotonic() - began < _AT_ONCE


async def test_a_smaller_role_counts_at_once_on_every_process(house: House) -> None:
    """A lead who becomes an agent of no team keeps the line and hears no more of the brand."""
    ticket_id = await a_ticket(house)
    async with transaction() as tx:
        made = await add_agent(
            tx, name="Kim", email=f"kim{time.monotonic_ns()}@acme.example", role="lead", hashed=HASH, team_ids=[]
        )
    kim = Actor(made.id, "lead", frozenset())
    async with (
        everywhere(house, await secret_of(kim)) as (consoles, browsers),
        Browser(await secret_of(house.desk.lead), house.webs[1].address) as lead,
    ):
        assert await statuses(browsers, f"/tickets/{ticket_id}") == [200, 200]
        done = await lead.ask("PATCH", f"/agents/{kim.agent_id}", json={"revision": 1, "role": "agent"})
        assert done.status_code == 200, done.text
        assert await statuses(browsers, f"/tickets/{ticket_id}") == [404, 404]
        async with transaction() as tx:
            await add_note(tx, house.desk.lead, ticket_id, "not for Kim", f"note-{time.monotonic_ns()}")
        end = await log_end()
        for console in consoles:
            frames = await console.up_to(end)
            heard = [event["type"] for event in events(frames)]
            assert heard[heard.index("agent.changed") + 1 :] == []
