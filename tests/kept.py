"""What outlives a test because making it is dear: one engine for each database, its connections, routes worked out, whom TLS trusts."""

import asyncio
import contextlib
import select
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import httpcore2
import pytest
from fastapi import FastAPI
from psycopg import AsyncConnection
from psycopg.errors import Diagnostic
from psycopg.pq import ConnStatus, TransactionStatus
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from app.core import db

_idle: dict[str, list["Kept"]] = defaultdict(list)
_included: dict[tuple[str | None, int], BaseRoute] = {}
_MOST = 30
"""Connections that wait for the next test: more than any of its pools has."""


class _Now:
    age = 0  # of connections: they grow old when the server ends them


_now = _Now()


class Kept(AsyncConnection[Any]):
    """A connection that is laid aside instead of closed, when nothing is going on in it, for the next who asks.

    A new session costs the server tens of milliseconds, most of it for reading again what tables there are.
    """

    key: str
    age: int

    async def close(self) -> None:
        """Lay it aside; one in the middle of something is closed for good."""
        quiet = self.pgconn.transaction_status == TransactionStatus.IDLE and not self.autocommit
        if quiet and self.age == _now.age and len(_idle[self.key]) < _MOST:
            self.lock = asyncio.Lock()  # the old one may belong to a loop that ends now
            _idle[self.key].append(self)
        else:
            await super().close()

    def add_notice_handler(self, callback: Callable[[Diagnostic], None]) -> None:
        """Have it once, however often SQLAlchemy meets this connection."""
        with contextlib.suppress(ValueError):
            self.remove_notice_handler(callback)
        super().add_notice_handler(callback)

    def lives(self) -> bool:
        """Whether the server is still there: it says nothing unasked but that it goes."""
        return self.pgconn.status == ConnStatus.OK and not select.select([self.pgconn.socket], [], [], 0)[0]


async def connect(conninfo: str = "", **how: Any) -> Kept:
    """A connection as psycopg makes it, if none that lives was laid aside."""
    key = repr((conninfo, sorted(how.items())))
    with contextlib.suppress(IndexError):
        while not (kept := _idle[key].pop()).lives():
            kept.pgconn.finish()
        return kept
    made = await Kept.connect(conninfo, **how)
    made.key, made.age = key, _now.age
    return made


async def cut_off() -> None:
    """End every other session of the open database from the server's side, as a restart does."""
    async with db.engine().connect() as connection:
        await connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                " and datname = current_database() and application_name = 'mentiondesk'"
            )
        )
    _now.age += 1  # whoever is still dying now waits for nobody
    let_go()


def let_go() -> None:
    """Close what was laid aside: for a test that counts sessions."""
    for connections in _idle.values():
        for connection in connections:
            connection.pgconn.finish()
        connections.clear()


@contextlib.contextmanager
def kept_engines() -> Iterator[None]:
    """One engine for each database and size, whoever opens it how often: its statements are compiled once and not for
    every test.
    """
    made: dict[tuple[object, ...], AsyncEngine] = {}
    make = db.create_async_engine

    def kept(url: str, **how: Any) -> AsyncEngine:
        arguments = how["connect_args"]
        key = (url, how["pool_size"], how["pool_timeout"], arguments["prepare_threshold"])
        if key not in made:
            made[key] = make(url, **how | {"connect_args": arguments | {"async_creator_fn": connect}})
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "create_async_engine", kept)
        yield
    let_go()


@contextlib.contextmanager
def kept_trust() -> Iterator[None]:
    """The authorities that TLS trusts are read once and not for each of a test's clients, which takes 40 ms of a core;
    the product reads them once, too.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", cache(httpcore2.default_ssl_context))
        yield


def keep_routes(app: FastAPI) -> FastAPI:
    """The app, not asked yet, with the included routers of the first of its kind.

    FastAPI works out what each operation takes and answers when a new app is first asked: an eighth of a second of a core
    for all of ours, with the same result each time. What is an app's own, its state and its doors, stays its own.
    """
    for n, route in enumerate(app.router.routes):
        router = getattr(route, "original_router", None)
        if router is not None:
            app.router.routes[n] = _included.setdefault((app.openapi_url, id(router)), route)
    return app
