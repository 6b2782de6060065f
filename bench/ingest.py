"""How many mentions a second one worker takes in, beside bare inserts of the very rows that they become."""

import asyncio
import time
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from sqlalchemy import select

from app.agents.password import PasswordHash
from app.brands.begin import begin
from app.brands.edit import create_brand
from app.brands.models import Brand, BrandAccount
from app.core.client import Answer
from app.core.clock import now
from app.core.ids import new_id
from app.core.transaction import transaction
from app.customers.identify import identify_customers
from app.customers.models import Identity
from app.ingest.receive import receive
from app.networks.adapters.mastodon.pages import reader_of
from app.networks.adapters.mastodon.translate import to_outcome
from app.networks.port import Account, Author, Inbound, Reject
from app.tickets.models import Ticket
from app.tickets.thread import Taken
from app.wiring import wire
from bench.bare_rows import forget, read_back, write_again
from bench.database import empty_database
from bench.figures import Figure, at_least, part_of, within
from bench.mastodon_pages import PAGE, Pages, author
from bench.stock import copied

TICKETS: Final = 1_000_000
LOOPS: Final = 4
"""So many accounts a worker reads at once (app/worker.py)."""
_ROUNDS: Final = 3
_PAGES: Final = 40
_SERVER: Final = "https://social.example"
_KNOWN: Final = _PAGES // LOOPS * PAGE // 2
"""So many known customers write to each account in a round."""


@dataclass(frozen=True, slots=True)
class Line:
    """One account that is read: what our books say of it, and what its server will say."""

    brand: Brand
    account: BrandAccount
    reads: Account
    pages: Pages


async def measure() -> list[Figure]:
    """Mentions a second, in parts of what bare inserts of the same rows reach, and what they cost among many tickets."""
    async with empty_database():
        wire()
        speeds, limits = await _beside_bare_rows(await _new_desk())
    async with copied(TICKETS):
        among_many = await _among_many(await _lines(_ROUNDS + 1))
    speed = median(speeds)
    ratio = median(one / limit for one, limit in zip(speeds, limits, strict=True))
    return [
        part_of("taken in by one worker", speed, "mentions/s", speed / ratio, 0.4),
        at_least("taken in by one worker", speed, "mentions/s", 2000),
        within(f"one mention among {TICKETS:,} tickets", 1e6 / among_many, "us", 1e6 / speed, 1.3),
    ]


async def _beside_bare_rows(lines: Sequence[Line]) -> tuple[list[float], list[float]]:
    """Mentions a second taken in, and inserted bare; the two take turns on the same empty tables."""
    speeds, limits, began = [], [], now()
    for turn in range(_ROUNDS + 1):
        await _know(lines)
        since = now()
        speed, taken = await _round(lines)
        written = [await read_back(one.ticket_ids, since) for one in taken]
        await forget(since)
        took = await in_loops(write_again(page) for page in written)
        await forget(began)
        if turn:  # the first one warms up
            speeds.append(speed)
            limits.append(_PAGES * PAGE / took)
    return speeds, limits


async def _among_many(lines: Sequence[Line]) -> float:
    """Mentions a second where many tickets are: the median of the rounds after one that warms up."""
    await _know(lines)
    return median([(await _round(lines))[0] for _ in range(_ROUNDS + 1)][1:])


async def _round(lines: Sequence[Line]) -> tuple[float, list[Taken]]:
    """Take some pages of each account in; mentions a second, and what became of each page."""
    at = now()
    bodies = [(line, line.pages.page(at)) for _ in range(_PAGES // len(lines)) for line in lines]
    taken: list[Taken] = []
    took = await in_loops(_take_in(line, body, taken) for line, body in bodies)
    if sum(len(one.ticket_ids) for one in taken) != _PAGES * PAGE:
        raise RuntimeError("Not every mention opened a ticket.")
    return _PAGES * PAGE / took, taken


async def in_loops(pages: Iterable[Awaitable[None]]) -> float:
    """Do the pages as a worker does, so many at a time; the seconds it took."""
    waiting = iter(list(pages))

    async def loop() -> None:
        for page in waiting:
            await page

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(LOOPS):
            group.create_task(loop())
    return time.perf_counter() - began


async def _take_in(line: Line, body: bytes, taken: list[Taken]) -> None:
    """From the bytes of a page to the commit, as app/ingest/poll.py does once the server has answered."""
    reader = reader_of(line.reads)
    outcomes = [to_outcome(one, reader) for one in reversed(Answer(200, {}, body).json())]
    items = [one for one in outcomes if isinstance(one, Inbound)]
    rejects = [one for one in outcomes if isinstance(one, Reject)]
    async with transaction() as tx:
        found = await receive(tx, line.brand, line.account, items, rejects, received_at=now())
    taken.append(found)


async def _new_desk() -> list[Line]:
    """Some brands with an account each, all on one server, and people who are known there."""
    async with transaction() as tx:
        lead = await begin(tx, name="Lea", email="lea@acme.example", hashed=PasswordHash("-"), brand_name="Brand 0")
        for n in range(1, LOOPS):
            await create_brand(tx, lead, name=f"Brand {n}", colour="#3b5bdb")
    async with transaction() as tx:
        for n, brand_id in enumerate(await tx.scalars(select(Brand.id).order_by(Brand.name))):
            tx.add(_account(n, brand_id, now()))
    return await _lines(1)


def _account(n: int, brand_id: str, at: datetime) -> BrandAccount:
    return BrandAccount(
        id=new_id("ac"),
        brand_id=brand_id,
        network="mastodon",
        server=_SERVER,
        remote_id=str(n + 1),
        handle=f"brand{n}@social.example",
        name=f"Brand {n}",
        credentials="-",
        traits={},
        warnings=[],
        connected_at=at,
    )


async def _lines(rounds: int) -> list[Line]:
    """The desk's accounts, each with other customers for every round, who have asked its brand before."""
    lines = []
    async with transaction() as tx:
        rows = await tx.execute(
            select(Brand, BrandAccount).join(Brand, Brand.id == BrandAccount.brand_id).order_by(BrandAccount.id)
        )
        for n, (brand, account) in enumerate(list(rows)[:LOOPS]):
            theirs = select(Ticket.customer_id).where(Ticket.brand_id == brand.id)
            asked = select(Identity.remote_id).where(Identity.customer_id.in_(theirs)).limit(_KNOWN * rounds)
            known = list(await tx.scalars(asked)) or [str(10**17 + n * 10**6 + k) for k in range(_KNOWN)]
            reads = Account(account.network, account.server, account.remote_id, account.handle, {})
            pages = Pages(account.remote_id, account.handle, account.server, known, n * 10**8)
            lines.append(Line(brand, account, reads, pages))
    return lines


async def _know(lines: Sequence[Line]) -> None:
    """Let the known be as their server shows them, so that nobody is renamed while it is measured."""
    for line in lines:
        people = [author(one) for one in line.pages.known]
        given = [Author(p["id"], p["acct"], p["display_name"], p["url"], p["avatar"]) for p in people]
        async with transaction() as tx:
            await identify_customers(tx, line.account.network, line.account.server, given)
