"""How many lines a second one worker imports, beside bare inserts of the very rows that they become."""

import time
from collections.abc import Iterator
from typing import Any, Final

import orjson
from sqlalchemy import select

from app.agents.permit import Actor
from app.brands.begin import begin
from app.brands.brought_account import brought_account
from app.brands.models import Brand
from app.core.clock import now
from app.core.transaction import transaction
from app.tickets.models import Ticket
from app.transfer.plan import PIECE, add_piece, plan_import, start_import
from app.transfer.queries import one_job
from app.transfer.work import LINES, job_due
from app.wiring import wire
from bench.bare_rows import forget, read_back, write_again
from bench.crowd import HASH
from bench.database import empty_database
from bench.figures import Figure, at_least, part_of

IMPORTED: Final = 8_000
_WARM: Final = 1_000
_EACH: Final = 10
"""Lines about one customer: who it is, two tickets of three messages each, and a remark."""
_AT: Final = "2026-02-03T10:00:00Z"


async def measure() -> list[Figure]:
    """Lines a second, in parts of what inserts of the same rows in batches of as many lines reach."""
    async with empty_database():
        wire()
        async with transaction() as tx:
            lead = await begin(tx, name="Lea", email="lea@bench.example", hashed=HASH, brand_name="Acme")
            brand = (await tx.scalars(select(Brand))).one()
            await brought_account(tx, brand, agent_id=lead.agent_id)
        await _import(lead, brand.id, 0, _WARM)
        since = now()
        took = await _import(lead, brand.id, 1, IMPORTED)
        async with transaction() as tx:
            made = list(await tx.scalars(select(Ticket.id).where(Ticket.created_at >= since).order_by(Ticket.id)))
        each = LINES * 2 // _EACH
        pages = [await read_back(made[at : at + each], since) for at in range(0, len(made), each)]
        await forget(since)
        began = time.perf_counter()
        for page in pages:
            await write_again(page)
        bare = time.perf_counter() - began
    rate = IMPORTED / took
    return [
        part_of("imported by one worker", rate, "lines/s", IMPORTED / bare, 0.25),
        at_least("imported by one worker", rate, "lines/s", 500),
    ]


async def _import(lead: Actor, brand_id: str, turn: int, lines: int) -> float:
    """Upload a file, and the seconds that a worker's loop took for it. Raises RuntimeError when a line was not taken."""
    data = b"".join(orjson.dumps(line) + b"\n" for line in _lines(turn, lines))
    async with transaction() as tx:
        job = await plan_import(tx, lead, name="bench.jsonl", brand_id=brand_id)
    for number, at in enumerate(range(0, len(data), PIECE)):
        async with transaction() as tx:
            await add_piece(tx, lead, job.id, number, data[at : at + PIECE])
    async with transaction() as tx:
        await start_import(tx, lead, job.id)
    began, state = time.perf_counter(), "queued"
    while state in {"queued", "running"}:
        await job_due()
        async with transaction() as tx:
            done = await one_job(tx, lead, job.id)
        state = done.state
    if (state, done.fresh) != ("done", lines):
        raise RuntimeError(f"Not every line was taken: {done}")
    return time.perf_counter() - began


def _lines(turn: int, lines: int) -> Iterator[dict[str, Any]]:
    for n in range(lines // _EACH):
        who = f"c{turn}-{n}"
        handle = {"network": "interface", "server": "shop", "remote_id": who, "handle": f"{who}@shop.example"}
        yield {"kind": "customer", "reference": who, "name": f"Customer {n}", "identities": [handle]}
        for ticket in (f"t{turn}-{n}a", f"t{turn}-{n}b"):
            yield {"kind": "ticket", "reference": ticket, "customer": who, "opened_at": _AT}
            for said in range(3):
                text = f"Where is my parcel number {n}? It was to be here on day {said}, and nobody tells me anything."
                by = "brand" if said == 1 else "customer"
                message = f"m{ticket}-{said}"
                here = {"kind": "message", "reference": message, "ticket": ticket}
                yield here | {"by": by, "text": text, "posted_at": _AT}
        yield {"kind": "note", "reference": f"n{who}", "ticket": f"t{turn}-{n}a", "text": "Called back"}
