"""How many transactions with one fact each the log numbers, and that it numbers them without a gap."""

import asyncio
import time

from sqlalchemy import text

from app.core import db
from app.core.event import Event
from app.core.transaction import record, transaction
from bench.database import empty_database
from bench.figures import Figure, percentile

_WRITERS = 8
_SECONDS = 5.0


class _Measured(Event):
    type: str = "bench.measured"
    note: str


async def measure() -> list[Figure]:
    """Commits a second by eight writers, and how long one takes."""
    took: list[float] = []

    async def write(until: float) -> None:
        while (began := time.perf_counter()) < until:
            async with transaction() as tx:
                record(tx, _Measured(note="one of many"))
            took.append(time.perf_counter() - began)

    async with empty_database():
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(_WRITERS):
                group.create_task(write(began + _SECONDS))
        seconds = time.perf_counter() - began
        async with db.engine().connect() as connection:
            seqs = [row.seq for row in await connection.execute(text("select seq from events order by seq"))]
    if seqs != list(range(1, len(took) + 1)):
        raise RuntimeError("The log has a gap.")
    return [
        Figure("commits", len(took) / seconds, "1/s"),
        Figure("one commit, p50", percentile(took, 50) * 1000, "ms"),
        Figure("one commit, p95", percentile(took, 95) * 1000, "ms"),
    ]
