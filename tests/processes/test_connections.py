"""How many connections a process takes, whatever is asked of it, and what is said when they are all in use."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from typing import Self

import psycopg
import pytest
from sqlalchemy import text

from app.core.transaction import transaction
from app.tickets.hold import hold_ticket
from tests.processes.day import until
from tests.processes.house import House
from tests.processes.people import Browser, a_ticket, log_end, secret_of
from tests.stream.conftest import Opening

POOL = 3
LISTENING = 1
"""What a process takes beside its pool."""


@pytest.fixture
def counted(processes: House) -> Iterator[str]:
    """The house's database for an account of its own, so that its connections can be told from others'."""
    with psycopg.connect(processes.url, autocommit=True) as admin:
        admin.execute("create role counted superuser login")
        try:
            yield processes.url.replace("//mentiondesk@", "//counted@")
        finally:
            admin.execute("drop role counted")


class Tally:
    """The most connections seen at once, looked at all the time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.most = 0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._count())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _count(self) -> None:
        query = "select count(*) from pg_stat_activity where usename = 'counted'"
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            while True:
                row = await (await connection.execute(query)).fetchone()
                self.most = max(self.most, row[0] if row else 0)
                await asyncio.sleep(0.02)


async def all_wait(house: House) -> bool:
    """Whether every connection of the counted pool waits for a row that somebody holds."""
    query = (
        "select count(*) from pg_stat_activity where usename = 'counted' and wait_event_type = 'Lock'"
        " and datname = current_database()"
    )
    async with transaction() as tx:
        return await tx.scalar(text(query)) == POOL


async def test_a_process_takes_no_more_than_its_pool_and_one_and_says_when_all_are_taken(
    house: House, counted: str
) -> None:
    ticket_id = await a_ticket(house)
    secret = await secret_of(house.desk.lead)
    begun = await log_end()
    parts = house.add(webs=1, workers=1, database_url=counted, pool_size=str(POOL))
    web = parts[0]
    path, body = f"/tickets/{ticket_id}/assign", {"agent_id": None}
    try:
        async with contextlib.AsyncExitStack() as open_now, Tally(house.url) as tally:
            for _ in range(30):
                await open_now.enter_async_context(Opening(web.port, secret, begun, {}))
            browsers = [await open_now.enter_async_context(Browser(secret, web.address)) for _ in range(30)]
            answers = await asyncio.gather(*(browser.ask("GET", "/tickets", patient=True) for browser in browsers))
            assert {answer.status_code for answer in answers} == {200}

            async with transaction() as tx:  # as many requests as there are connections wait for this ticket
                await hold_ticket(tx, house.desk.lead, "assign", ticket_id, None)
                waiting = [asyncio.create_task(browser.ask("POST", path, json=body)) for browser in browsers[:POOL]]
                await until(lambda: all_wait(house))
                began = time.monotonic()
                busy = await browsers[-1].ask("GET", "/tickets")
                assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
                assert busy.json()["code"] == "busy"
                assert time.monotonic() - began < 60  # a sentence soon, and not when the ticket is free
            assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}
            assert (await browsers[-1].ask("GET", "/tickets")).status_code == 200
        assert POOL < tally.most <= len(parts) * (POOL + LISTENING)
    finally:
        for part in parts:
            part.ask_to_end()
        assert [part.ended() for part in parts] == [0, 0]
