"""A world of one's own for generated tests: a private event loop on the worker's database, wiped for every example."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg

from app.core import clock, db
from app.wiring import wire
from tests import postgres

T = TypeVar("T")


class World:
    """Runs coroutines one after the other on its own loop; its clock may be turned and keeps its time between them."""

    def __init__(self, url: str, wiping: tuple[psycopg.Connection, str]) -> None:
        self.url = url
        self._wiping = wiping

    @contextmanager
    def open(self) -> Iterator["World"]:
        """The loop and the database, for as many examples as are asked for."""
        wire()
        with asyncio.Runner() as self._runner:
            self.run(self._begin())
            try:
                yield self
            finally:
                self.run(db.close_database())

    async def _begin(self) -> None:
        db.open_database(self.url, pool_size=5)

    @contextmanager
    def example(self) -> Iterator["World"]:
        """An empty database and a running clock; wiped at the end."""
        self.run(_turn_back())
        try:
            yield self
        finally:
            postgres.wipe(*self._wiping)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the coroutine answers."""
        return self._runner.run(work)


async def _turn_back() -> None:
    clock.turn(None)
