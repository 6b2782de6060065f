"""How many mentions a second one worker takes in, beside bare inserts of the very rows that they become."""

import asyncio
import time
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
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
from app.ingest.receive import receive
from app.networks.adapters.mastodon.pages import reader_of
from app.networks.adapters.mastodon.translate import to_outcome
from app.networks.port import Account, Author, Inbound, Reject
from app.tickets.thread import Taken
from app.wiring import wire
from bench.bare_rows import forget, read_back, write_again
from bench.database import empty_database
from bench.figures import Figure, at_least, part_of
from bench.mastodon_pages import PAGE, Pages, author

LOOPS: Final = 4
"""So many accounts a worker reads at once (app/worker.py)."""
_BRANDS: Final = 4
_ROUNDS: Final = 5
_PAGES: Final = 40
_SERVER: Final = "https://social.example"


@dataclass(frozen=True, slots=True)
class Line:
    """One account that is read: what our books say of it, and what its server will say."""

    brand: Brand
    account: BrandAccount
    reads: Account
    pages: Pages


async def measure() -> list[Figure]:
    """Mentions a second, and in parts of what bare inserts of the same rows reach."""
    speeds: list[float] = []
    limits: list[float] = []
    async with empty_database():
        wire()
        lines = await _lines()
        began = now()
        for turn in range(_ROUNDS + 1):
            await _know(lines)
            since = now()
            bodies = [(line, line.pages.page(now())) for _ in range(_PAGES // len(lines)) for line in lines]
            taken: list[Taken] = []
            took = await in_loops(_take_in(line, body, taken) for line, body in bodies)
            written = [await read_back(one.ticket_ids, since) for one in taken]
            await forget(since)
            limit = await in_loops(write_again(page) for page in written)
            await forget(began)
            print(took, limit, limit / took, len(bodies) * PAGE / took)
            if turn:  # the first one warms up
                speeds.append(len(bodies) * PAGE / took)
                limits.append(len(bodies) * PAGE / limit)
    ratio = median(speed / limit for speed, limit in zip(speeds, limits, strict=True))
    speed = median(speeds)
    return [
        part_of("taken in by one worker", speed, "mentions/s", speed / ratio, 0.4),
        at_least("taken in by one worker", speed, "mentions/s", 2000),
    ]


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
        taken.append(await receive(tx, line.brand, line.account, items, rejects, received_at=now()))
    if taken[-1].new != PAGE:
        raise RuntimeError("Not every mention was taken in.")


async def _lines() -> list[Line]:
    """Some brands, each with an account; all on one server."""
    async with transaction() as tx:
        lead = await begin(tx, name="Lea", email="lea@acme.example", hashed=PasswordHash("-"), brand_name="Brand 0")
        for n in range(1, _BRANDS):
            await create_brand(tx, lead, name=f"Brand {n}", colour="#3b5bdb")
    lines = []
    async with transaction() as tx:
        for n, brand in enumerate(await tx.scalars(select(Brand).order_by(Brand.name))):
            handle = f"brand{n}@social.example"
            account = BrandAccount(
                id=new_id("ac"),
                brand_id=brand.id,
                network="mastodon",
                server=_SERVER,
                remote_id=str(n + 1),
                handle=handle,
                name=brand.name,
                credentials="-",
                traits={},
                warnings=[],
                connected_at=now(),
            )
            tx.add(account)
            known = [str(_KNOWN + n * _PAGES * PAGE + k) for k in range(_PAGES // _BRANDS * PAGE // 2)]
            reads = Account("mastodon", _SERVER, account.remote_id, handle, {})
            lines.append(Line(brand, account, reads, Pages(account.remote_id, handle, _SERVER, known, n * 10**8)))
    return lines


_KNOWN: Final = 109_000_000_000_000_000


async def _know(lines: Sequence[Line]) -> None:
    """Let half of the authors to come be customers already."""
    for line in lines:
        async with transaction() as tx:
            people = [author(one) for one in line.pages.known]
            given = [Author(p["id"], p["acct"], p["display_name"], p["url"], p["avatar"]) for p in people]
            await identify_customers(tx, "mastodon", _SERVER, given)
