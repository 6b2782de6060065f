"""A crisis: hundreds of mentions a second, hundreds of consoles that hear all of it, and agents who answer."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2
from sqlalchemy import func, select

from app.core import client, db
from app.core.eventlog import head
from app.core.migrate import migrate
from app.core.transaction import transaction
from app.replies.models import Reply
from app.tickets.card import card_of, cards_query
from app.tickets.models import Message
from bench.agents import Shift, shift
from bench.consoles import SAMPLED, Console, Consoles, consoles
from bench.crowd import Crowd, Desk, a_desk
from bench.database import empty_database
from bench.figures import Figure, at_most, percentile
from bench.parts import product, sandbox, settings_for

_CALM_SECONDS = 12.0
_SETTLE_SECONDS = 120.0
_ARRIVED_MS = 250.0
_ANSWERED_MS = 150.0


@dataclass
class Crisis:
    """What a crisis left behind, in seconds; `wrong` says in words what should not be, and is empty when all is well."""

    calm_arrival: list[float]
    calm_requests: list[float]
    arrival: list[float]
    requests: dict[str, list[float]]
    mentions: int
    replies: int
    events: int
    caught_up: float
    slowest_burst: float
    wrong: list[str] = field(default_factory=list)


async def measure() -> list[Figure]:
    """Sixty seconds with one web and one worker process."""
    seen = await crisis()
    if seen.wrong:
        raise RuntimeError(" ".join(seen.wrong))
    return figures(seen)


def figures(seen: Crisis) -> list[Figure]:
    """The figures of a crisis; the limit beside each is the same desk without the crowd."""
    every = [wait for some in seen.requests.values() for wait in some]
    return [
        at_most(
            "record to console, p95",
            percentile(seen.arrival, 95) * 1000,
            "ms",
            _ARRIVED_MS,
            percentile(seen.calm_arrival, 95) * 1000,
        ),
        at_most(
            "agents' requests, p95",
            percentile(every, 95) * 1000,
            "ms",
            _ANSWERED_MS,
            percentile(seen.calm_requests, 95) * 1000,
        ),
        *(Figure(f"{name}, p95", percentile(some, 95) * 1000, "ms") for name, some in seen.requests.items()),
        Figure("record to console, p50", percentile(seen.arrival, 50) * 1000, "ms"),
        Figure("mentions taken in", seen.mentions, ""),
        Figure("replies published", seen.replies, ""),
        Figure("events", seen.events, ""),
        Figure("until the last mention was in", seen.caught_up, "s"),
        Figure("the network's slowest burst", seen.slowest_burst * 1000, "ms"),
        at_most("lost, double or different", len(seen.wrong), "", 0),
    ]


@dataclass(frozen=True, slots=True)
class Storm:
    """Mentions a second for so many seconds, so many consoles, and how many seconds are calm before."""

    rate: int
    seconds: float
    consoles: int
    calm: float


async def crisis(
    *,
    webs: int = 1,
    workers: int = 1,
    rate: int = 200,
    seconds: float = 60.0,
    consoles: int = 200,
    agents: int = 20,
    calm: float = _CALM_SECONDS,
    database_url: str | None = None,
) -> Crisis:
    """Let `rate` mentions a second come for so long, on an empty database or on the one given (empty as well).

    All clients are in this process: consoles that each hear everything, agents that work on, and the crowd.
    """
    async with _database(database_url) as url, sandbox() as network:
        desk = await a_desk(network, agents=agents)
        async with product(settings_for(url), webs=webs, workers=workers) as ports:
            return await _crisis(desk, network, list(ports), Storm(rate, seconds, consoles, calm))


@contextlib.asynccontextmanager
async def _database(given: str | None) -> AsyncIterator[str]:
    try:
        if given is None:
            async with empty_database() as url:
                yield url
            return
        migrate(given)
        db.open_database(given)
        try:
            yield given
        finally:
            await db.close_database()
    finally:
        await client.close()


async def _crisis(desk: Desk, network: str, ports: list[int], storm: Storm) -> Crisis:
    async with transaction() as tx:
        begun = await head(tx)
    async with consoles(begun, ports, desk.cookies, storm.consoles) as listening:
        crowd = Crowd(network, storm.rate)
        await crowd.speak(1.0)  # so that the agents have something to do while it is calm
        await _taken_in(len(crowd.said))
        calm_from = time.time()
        calm = await _shift(desk, ports, storm.calm)
        await asyncio.sleep(2)
        calm_waits = _waits(listening, calm_from)
        listening.timed = SAMPLED
        storm_from = time.time()
        busy, _ = await asyncio.gather(_shift(desk, ports, storm.seconds), crowd.speak(storm.seconds))
        spoke_until = time.monotonic()
        await _taken_in(len(crowd.said))
        caught_up = time.monotonic() - spoke_until
        end = await _quiet()
        await listening.until(end)
        seen = Crisis(
            calm_arrival=calm_waits,
            calm_requests=calm.every(),
            arrival=_waits(listening, storm_from),
            requests=busy.waits,
            mentions=len(crowd.said),
            replies=len(calm.replies) + len(busy.replies),
            events=end - begun,
            caught_up=caught_up,
            slowest_burst=crowd.slowest,
        )
        seen.wrong += await _lost(network, crowd, [*calm.replies, *busy.replies])
        seen.wrong += await _different(listening, begun, end)
        return seen


async def _shift(desk: Desk, ports: list[int], seconds: float) -> Shift:
    return await shift(ports, desk.cookies[1:], desk.agent_ids, seconds)


def _waits(listening: Consoles, since: float) -> list[float]:
    return [wait for one in listening.all for wait in one.waits(since)]


async def _taken_in(said: int) -> None:
    """Wait until so many customers' posts are in the books. Raises TimeoutError."""
    async with asyncio.timeout(_SETTLE_SECONDS):
        while True:
            async with transaction() as tx:
                known = await tx.scalar(select(func.count()).select_from(Message).where(Message.kind == "customer"))
            if (known or 0) >= said:
                return
            await asyncio.sleep(0.2)


async def _quiet() -> int:
    """Wait until every reply is settled and nothing happened for two seconds; the log's last number then."""
    known, since = -1, time.monotonic()
    async with asyncio.timeout(_SETTLE_SECONDS):
        while True:
            async with transaction() as tx:
                at = await head(tx)
                waiting = await tx.scalar(select(func.count()).select_from(Reply).where(Reply.due_at.is_not(None)))
            if at != known or waiting:
                known, since = at, time.monotonic()
            elif time.monotonic() - since > 2:
                return at
            await asyncio.sleep(0.2)


async def _lost(network: str, crowd: Crowd, replies: list[str]) -> list[str]:
    """Posts that are not in the books once, and replies that are not at the network once."""
    async with transaction() as tx:
        known = Counter(await tx.scalars(select(Message.remote_id).where(Message.kind == "customer")))
    wrong = []
    if known != Counter(crowd.said):
        wrong.append(f"Of {len(crowd.said)} posts {len(set(crowd.said) - known.keys())} are not in the books.")
    async with httpx2.AsyncClient(base_url=network, timeout=60, trust_env=False) as http:
        out = (await http.get("/sandbox/posts", params={"author": "acme"})).raise_for_status().json()
    published = Counter(post["text"] for post in out)
    for text in replies:
        times = sum(n for words, n in published.items() if words.endswith(text))
        if times != 1:
            wrong.append(f"A reply is at the network {times} times.")
    return wrong


async def _different(listening: Consoles, begun: int, end: int) -> list[str]:
    """Consoles that are not equal to the server, or that were told something not at all, twice or too late."""
    async with transaction() as tx:
        server = {row.id: card_of(row).model_dump(mode="json") for row in await tx.execute(cards_query())}
    wrong = [f"A line ended with {code}." for code in listening.ended()]
    for console in listening.all:
        wrong += _one_different(console, server, begun, end)
    return wrong


def _one_different(console: Console, server: dict[str, dict[str, object]], begun: int, end: int) -> list[str]:
    wrong = []
    if console.seqs() != list(range(begun + 1, end + 1)):
        wrong.append("A console was not told every event once and in order.")
    shown = console.cards()
    if shown != server:
        different = sum(shown.get(key) != card for key, card in server.items())
        wrong.append(f"A console shows {different} of {len(server)} tickets otherwise than the server.")
    return wrong
