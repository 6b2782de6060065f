"""How long the console waits for a page of the inbox, the counts, an open ticket and a search, up to a million tickets."""

import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx2
from sqlalchemy import delete, select

from app.agents.current import COOKIE
from app.agents.models import Agent, SignIn, TeamMember
from app.agents.sign_in import fingerprint
from app.brands.models import Brand, BrandTeam
from app.core.clock import now
from app.core.ids import new_id
from app.core.transaction import transaction
from app.customers.models import Customer
from app.main import create_app
from app.tickets.models import Message, Ticket
from bench.figures import Figure, at_most, percentile, within
from bench.stock import stocked
from bench.stock_desk import BRANDS
from bench.stock_words import COMMON, rare_word

SIZES: Final = {10_000: 20, 100_000: 10, 1_000_000: 40}
"""How many tickets, and how often everything is asked among so many; the last size is judged."""
_WARMING: Final = 2
"""Rounds that do not count."""
_READS: Final = 40
_FIFTIETH: Final = 49
_MOST_MS: Final = 30.0
_SEARCH_MS: Final = 80.0
_GROWTH: Final = 1.5


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks, and a client that carries their cookie."""

    name: str
    agent_id: str
    client: httpx2.AsyncClient


@dataclass(slots=True)
class World:
    """What of the stock the questions need."""

    tickets: int
    brands: list[str]
    long_ids: list[str]
    customer_ids: list[str]
    cursors: dict[str, str]


Ask = Callable[[World, Person, int], str | None]
"""The address of a request in the n-th round, or null when there is nothing to ask."""


def _list(query: str) -> Ask:
    return lambda world, me, n: f"/api/v1/tickets?limit=50&{query.format(me=me.agent_id, brand=world.brands[n % 5])}"


def _of_long(rest: str) -> Ask:
    return lambda world, me, n: f"/api/v1/tickets/{world.long_ids[n % 10]}{rest}" if me.name != "small" else None


ASKED: Final[dict[str, Ask]] = {
    "first page": _list("view=all_open"),
    "50th page": lambda world, me, _: (
        f"/api/v1/tickets?limit=50&view=all_open&cursor={world.cursors[me.name]}" if me.name in world.cursors else None
    ),
    "mine": _list("view=mine"),
    "filter: assignee is me": _list("view=all_open&assignee={me}"),
    "filter: label": _list("view=all_open&label=refund"),
    "filter: brand and state": _list("view=all_open&brand={brand}&state=on_hold&state=resolved"),
    "filter: language": _list("view=all_open&language=ja"),
    "filter: priority": _list("view=all_open&priority=urgent"),
    "waiting": _list("view=waiting"),
    "resolved": _list("view=resolved"),
    "counts": lambda *_: "/api/v1/tickets/counts",
    "open a ticket of 200 messages": _of_long(""),
    "its replies": _of_long("/replies"),
    "its reply options": _of_long("/reply-options"),
    "its draft": _of_long("/draft"),
    "its clocks": _of_long("/clocks"),
    "its customer": lambda world, me, n: (
        f"/api/v1/customers/{world.customer_ids[n % 10]}" if me.name != "small" else None
    ),
    "its customer's tickets": lambda world, me, n: (
        f"/api/v1/customers/{world.customer_ids[n % 10]}/tickets" if me.name != "small" else None
    ),
    "search: a rare word": lambda world, _, n: (
        f"/api/v1/tickets?limit=50&q={rare_word(n * 7919 % (3 * world.tickets // 20))}"
    ),
    "search: a common word": lambda *_: f"/api/v1/tickets?limit=50&q={COMMON}",
}
"""What the console asks: its lists, its counts, and all of what it asks when a ticket is opened (frontend/src/features)."""


async def measure() -> list[Figure]:
    """The 95th percentile of each request at each size, and how much a million tickets add to ten thousand."""
    figures: list[Figure] = []
    medians: dict[int, dict[str, float]] = {}
    few, many = min(SIZES), max(SIZES)
    for tickets, rounds in SIZES.items():
        async with stocked(tickets):
            took, limits = await _ask(tickets, rounds)
        medians[tickets] = {name: percentile(times, 50) for name, times in took.items()}
        for name, times in took.items():
            most = _SEARCH_MS if name.startswith("search") else _MOST_MS
            said, p95 = f"{name}, p95 at {tickets:,}", percentile(times, 95)
            limit = limits["messages" if name.startswith("open") else "tickets"]
            judged = tickets == many
            figures.append(at_most(said, p95, "ms", most, limit) if judged else Figure(said, p95, "ms", limit))
    for name, median in medians[many].items():
        said = f"{name}, median at a million beside ten thousand"
        figures.append(within(said, median, "ms", medians[few][name], _GROWTH))
    return figures


async def _ask(tickets: int, rounds: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Milliseconds of each request, asked in turn by a lead and by agents of the largest and the smallest brand."""
    took: dict[str, list[float]] = defaultdict(list)
    async with _people() as people:
        world = await _world(tickets, people)
        for n in range(-_WARMING, rounds):
            for name, ask in ASKED.items():
                for me in people:
                    address = ask(world, me, n % rounds)
                    if address is None:
                        continue
                    began = time.perf_counter()
                    answer = await me.client.get(address)
                    spent = (time.perf_counter() - began) * 1000
                    if answer.status_code != httpx2.codes.OK:
                        raise RuntimeError(f"{address}: {answer.status_code}")
                    if n >= 0:
                        took[name].append(spent)
        return took, await _limits(world)


async def _limits(world: World) -> dict[str, float]:
    """Milliseconds to read as many tickets, or messages, by their primary key and nothing else; 95th percentile."""
    async with transaction() as tx:
        rows = await tx.scalars(select(Ticket.id).order_by(Ticket.last_message_at.desc()).limit(50))
        ticket_ids = list(rows)
        message_ids = list(await tx.scalars(select(Message.id).where(Message.ticket_id == world.long_ids[0])))
        found = {}
        for table, ids in ((Ticket, ticket_ids), (Message, message_ids)):
            query, times = select(*table.__table__.c).where(table.id.in_(ids)), []
            for _ in range(_READS):
                began = time.perf_counter()
                (await tx.execute(query)).all()
                times.append((time.perf_counter() - began) * 1000)
            found[table.__tablename__] = percentile(times, 95)
    return found


async def _world(tickets: int, people: list[Person]) -> World:
    async with transaction() as tx:
        by_name = {name: key for key, name in await tx.execute(select(Brand.id, Brand.name))}
        found = await tx.execute(
            select(Ticket.id, Ticket.customer_id)
            .join(Customer, Customer.id == Ticket.customer_id)
            .where(Customer.name.in_([f"Patient {n}" for n in range(10)]))
        )
        long = [tuple(row) for row in found]
    world = World(tickets, [by_name[name] for name in BRANDS], [t for t, _ in long], [c for _, c in long], {})
    for me in people:
        cursor: str | None = ""
        for _ in range(_FIFTIETH):
            address = "/api/v1/tickets?limit=50&view=all_open" + (f"&cursor={cursor}" if cursor else "")
            cursor = (await me.client.get(address)).json()["next"]
            if cursor is None:
                break
        if cursor:
            world.cursors[me.name] = cursor
    return world


@asynccontextmanager
async def _people() -> AsyncIterator[list[Person]]:
    """A lead, and an agent of the largest and of the smallest brand, signed in for as long as this lasts."""
    brands = list(BRANDS)
    async with transaction() as tx:
        who: dict[str, Any] = {"lead": await tx.scalar(select(Agent.id).where(Agent.role == "lead"))}
        for name, brand in (("large", brands[0]), ("small", brands[-1])):
            who[name] = await tx.scalar(
                select(Agent.id)
                .join(TeamMember, TeamMember.agent_id == Agent.id)
                .join(BrandTeam, BrandTeam.team_id == TeamMember.team_id)
                .join(Brand, Brand.id == BrandTeam.brand_id)
                .where(Brand.name == brand, Agent.role == "agent")
                .order_by(Agent.id)
                .limit(1)
            )
        found = {name: secrets.token_urlsafe(32) for name in who}
        lasting = {"last_seen_at": now(), "expires_at": now() + timedelta(days=1), "created_at": now()}
        rows = [
            SignIn(id=new_id("si"), agent_id=who[name], secret_hash=fingerprint(secret), browser="", **lasting)
            for name, secret in found.items()
        ]
        tx.add_all(rows)
    transport = httpx2.ASGITransport(app=create_app())
    clients = {
        name: httpx2.AsyncClient(transport=transport, base_url="http://localhost", cookies={COOKIE: secret})
        for name, secret in found.items()
    }
    try:
        yield [Person(name, who[name], client) for name, client in clients.items()]
    finally:
        for client in clients.values():
            await client.aclose()
        async with transaction() as tx:
            await tx.execute(delete(SignIn).where(SignIn.id.in_([row.id for row in rows])))
