"""One fact to a thousand consoles of one web process, beside a bare broadcast of the same bytes on the same settings."""

import asyncio
import resource
import statistics
import time
from datetime import datetime

import httpx2
import orjson

from app.core.eventlog import head
from app.core.transaction import transaction
from app.demo.neighbour import free_port
from app.tickets.note import add_note
from bench.accounts import an_account
from bench.crowd import a_desk
from bench.database import empty_database
from bench.ear import Ear, listen
from bench.figures import Figure, percentile, within
from bench.parts import processor_seconds, sandbox, settings_for, started

CONSOLES = 1000
ROUNDS = 40
_PAUSE = 0.1
"""Seconds of rest after each round."""
_OVER = 1.5
_EACH = 1e6 / (CONSOLES * ROUNDS)


class Ears:
    """Lines that note when each frame arrived."""

    def __init__(self) -> None:
        """None yet."""
        self.ears: list[Ear] = []
        self.arrivals: list[float] = []
        self.frame = b""

    async def open(self, port: int, path: str, cookie: str) -> None:
        """One more."""

        def hear(frame: bytes, at: float) -> None:
            if not frame.startswith(b'{"kind":"heartbeat"'):
                self.arrivals.append(at)
                self.frame = frame

        self.ears.append(await listen(port, path, cookie, hear))

    async def all_heard(self) -> list[float]:
        """When the frame of this round reached each of them. Raises TimeoutError."""
        async with asyncio.timeout(20):
            while len(self.arrivals) < len(self.ears):  # noqa: ASYNC110 - an event per frame would be measured too
                await asyncio.sleep(0.005)
        await asyncio.sleep(_PAUSE)
        if len(self.arrivals) != len(self.ears):
            raise RuntimeError("A console was told something twice.")
        heard, self.arrivals = self.arrivals, []
        return heard


async def measure() -> list[Figure]:
    """Milliseconds from the commit to arrival, waking up and reading the log included, and from the bare broadcast's begin."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    ours: list[float] = []
    whole: list[float] = []
    bare: list[float] = []
    rounds: list[float] = []
    spent, bare_spent = 0.0, 0.0
    port, web = free_port("127.0.0.1", 0), free_port("127.0.0.1", 0)
    async with (
        empty_database() as url,
        sandbox() as network,
        started("bench.bare_broadcast", str(port), ready="answers") as bare_pid,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as http,
    ):
        desk = await a_desk(network, agents=20)
        (ticket_id,) = await an_account(desk.lead, desk.brand_id, f"{network}/other", 1, conversations=1)
        settings = settings_for(url)
        async with started("app.cli", "web", "--port", str(web), ready="Ready:", settings=settings) as web_pid:
            consoles, sockets = Ears(), Ears()
            async with transaction() as tx:
                path = f"/api/v1/stream?after={await head(tx)}"
            for number in range(CONSOLES):
                await consoles.open(web, path, desk.cookies[number % len(desk.cookies)])
                await sockets.open(port, "/api/v1/stream", "nobody")
            await asyncio.sleep(2)
            for number in range(ROUNDS):
                before = processor_seconds(web_pid)
                async with transaction() as tx:
                    await add_note(tx, desk.lead, ticket_id, "one of many", f"note-{number}")
                committed = time.time()
                arrived = await consoles.all_heard()
                spent += processor_seconds(web_pid) - before
                (event,) = orjson.loads(consoles.frame)["events"]
                recorded = datetime.fromisoformat(event["at"]).timestamp()
                ours += [max(at - committed, 0.0) for at in arrived]
                whole += [at - recorded for at in arrived]
                before = processor_seconds(bare_pid)
                began = (await http.post("/say", content=consoles.frame)).raise_for_status().json()
                arrived = await sockets.all_heard()
                bare_spent += processor_seconds(bare_pid) - before
                bare += [at - began for at in arrived]
                rounds.append(max(arrived) - began)
            for ear in (*consoles.ears, *sockets.ears):
                ear.close()
    return [
        within("commit to console, p99", percentile(ours, 99) * 1000, "ms", percentile(bare, 99) * 1000, _OVER),
        Figure("commit to console, p50", percentile(ours, 50) * 1000, "ms", percentile(bare, 50) * 1000),
        Figure("processor time for each console", spent * _EACH, "us", bare_spent * _EACH),
        Figure("record to console, p99", percentile(whole, 99) * 1000, "ms"),
        Figure("the bare broadcast until the last socket", statistics.median(rounds) * 1000, "ms"),
        Figure("bytes of the frame", len(consoles.frame), ""),
    ]
