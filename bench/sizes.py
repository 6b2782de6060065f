"""What things take: a ticket, a message and an event on disk, a console and a process in memory; for docs/scaling.md."""

import asyncio
import contextlib
import re
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from sqlalchemy import text
from websockets.asyncio.client import connect

from app.agents.sign_in import open_sign_in
from app.core import clock, db
from app.core.eventlog import head
from app.core.transaction import transaction
from app.wiring import wire
from bench.database import empty_database
from bench.figures import Figure
from bench.stock import stocked
from bench.stock_desk import set_up
from bench.stock_moulds import live_all

_TICKETS: Final = 10_000
_CONSOLES: Final = 500
_START_SECONDS: Final = 60
_PARTS: Final = {
    "events": "event without its card",
    "messages": "message",
    "search_entries": "entry of the search",
    "timers": "promised cycle",
}
_ALL: Final = "select sum(pg_total_relation_size(relid)) from pg_stat_user_tables"
_CARD: Final = "select avg(pg_column_size(card)) from events where card is not null"


async def measure() -> list[Figure]:
    """Bytes on disk with every index, and memory beyond what an idle process has."""
    return [*await _on_disk(), *await _in_memory()]


async def _on_disk() -> list[Figure]:
    async with stocked(_TICKETS, pool_size=2), db.engine().connect() as connection:

        async def number(query: str) -> float:
            return float(await connection.scalar(text(query)) or 0)

        tickets = await number("select count(*) from tickets")
        figures = [Figure("a ticket with everything around it", await number(_ALL) / tickets, "bytes")]
        for table, name in _PARTS.items():
            rows = await number(f"select count(*) from {table}")
            size = await number(f"select pg_total_relation_size('{table}')")
            figures.append(Figure(name, size / rows, "bytes"))
            figures.append(Figure(f"{name}, per ticket", rows / tickets, ""))
    async with empty_database(pool_size=5):
        wire()
        await live_all(await set_up())
        async with db.engine().connect() as connection:
            figures.append(
                Figure("the card of an event, for a week", float(await connection.scalar(text(_CARD))), "bytes")
            )
    return figures


async def _in_memory() -> list[Figure]:
    async with empty_database(pool_size=2) as url:
        wire()
        desk = await set_up()
        clock.turn(None)
        async with transaction() as tx:
            secret = (await open_sign_in(tx, desk.lead.agent_id)).secret
            after = await head(tx)
        async with _web(url) as (process, port), contextlib.AsyncExitStack() as consoles:
            await _open_consoles(consoles, port, secret, after, 20)  # what is loaded at first use is not a console's
            before = _resident(process.pid)
            await _open_consoles(consoles, port, secret, after, _CONSOLES)
            full = _resident(process.pid)
    return [
        Figure("a web process", before / 1024**2, "MB"),
        Figure("a console connected to it", (full - before) / _CONSOLES / 1024, "kB"),
    ]


async def _open_consoles(stack: contextlib.AsyncExitStack, port: int, secret: str, after: int, count: int) -> None:
    for _ in range(count):
        address = f"ws://127.0.0.1:{port}/api/v1/stream?after={after}"
        headers = {"Cookie": f"mentiondesk={secret}"}
        console = await stack.enter_async_context(connect(address, additional_headers=headers, proxy=None))
        await console.recv()


@contextlib.asynccontextmanager
async def _web(url: str) -> AsyncIterator[tuple[Process, int]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "web", "--port", "0"),
        env={"MENTIONDESK_DATABASE_URL": url, "MENTIONDESK_DATA_DIR": str(Path(".run") / "bench")},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not (found := re.search(rb"Ready: http://\S+:(\d+)", await process.stderr.readline())):
                continue
        yield process, int(found.group(1))
    finally:
        process.terminate()
        await process.wait()


def _resident(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found.group(1)) * 1024
