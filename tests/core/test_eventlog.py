"""Sixteen writers, a reader: no gap, no late arrival, and a rolled-back transaction returns its numbers."""

import asyncio
import random

import pytest

from app.agents.events import SignInEnded
from app.core.eventlog import head, read_after
from app.core.transaction import record, transaction


class Boom(Exception):
    pass


async def test_sixteen_writers_and_a_reader_that_never_misses(database: str) -> None:
    done = asyncio.Event()

    async def write(writer: int) -> None:
        for n in range(12):
            try:
                async with transaction() as tx:
                    for k in range(random.randint(1, 3)):
                        record(tx, SignInEnded(sign_in_ids=[f"{writer}-{n}-{k}"]))
                    await asyncio.sleep(random.random() * 0.004)
                    if random.random() < 0.2:
                        raise Boom
            except Boom:
                continue

    seen: list[int] = []

    async def read() -> None:
        while True:
            finished = done.is_set()
            async with transaction() as tx:
                batch = await read_after(tx, seen[-1] if seen else 0)
            seen.extend(e.seq for e in batch)
            if finished and not batch:
                return
            await asyncio.sleep(0.001)

    reader = asyncio.create_task(read())
    await asyncio.gather(*(write(w) for w in range(16)))
    done.set()
    await reader
    assert seen == list(range(1, len(seen) + 1))
    async with transaction() as tx:
        assert await head(tx) == len(seen)


async def test_a_failed_transaction_leaves_no_fact(database: str) -> None:
    with pytest.raises(Boom):
        async with transaction() as tx:
            record(tx, SignInEnded(sign_in_ids=["x"]))
            raise Boom
    async with transaction() as tx:
        assert await read_after(tx, 0) == []


async def test_events_of_one_transaction_are_neighbours(database: str) -> None:
    async def write(n: int) -> None:
        async with transaction() as tx:
            for k in range(5):
                record(tx, SignInEnded(sign_in_ids=[str(n), str(k)]))

    await asyncio.gather(*(write(n) for n in range(10)))
    async with transaction() as tx:
        names = [tuple(e.fact["sign_in_ids"]) for e in await read_after(tx, 0)]
    for start in range(0, 50, 5):
        assert [k for _, k in names[start : start + 5]] == list("01234")
        assert len({n for n, _ in names[start : start + 5]}) == 1
