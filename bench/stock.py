"""A database that holds many tickets as the product itself writes them: made once, kept, and lent to benchmarks."""

import contextlib
import hashlib
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from app.core import clock, db, embedded
from app.core.migrate import migrate
from app.wiring import wire
from bench.database import DATA
from bench.stock_desk import set_up
from bench.stock_load import load
from bench.stock_long import talk_long
from bench.stock_moulds import live_all

_KEPT_DAYS: Final = 3
"""Its clocks run while it is kept; after more days some would be due that nobody noticed."""
_copies: Final = set[str]()
"""Those that this run has made."""


@contextlib.asynccontextmanager
async def stocked(tickets: int, pool_size: int = 20) -> AsyncIterator[str]:
    """An open database with so many tickets of three messages each, and the house wired; its URL.

    It is kept for the next run: whoever changes more than they undo takes copied(). 43 of 100 tickets are unfinished:
    open, on hold, waiting or snoozed, nearly all with three running clocks (1.3 million timers at a million tickets),
    due in one to three months; 2 of 100 are late, and that was noticed. The others are resolved or closed and were done
    before there were promises: they have no clocks. Ten tickets more have 200 messages each (bench/stock_long.py).
    Customers, identities, conversations, search entries, labels, notes, replies, the log with its cards gone,
    `ticket_clocks` and `timers` are as the product wrote them for a dozen tickets, multiplied with other names, times
    and words (bench/stock_moulds.py). Networks are not asked: `polls` are due in ten years.
    """
    name = await _kept(tickets)
    with embedded.start(DATA) as server:
        async with _open(server.url_of(name), pool_size) as url:
            yield url


@contextlib.asynccontextmanager
async def copied(tickets: int, pool_size: int = 20) -> AsyncIterator[str]:
    """The same as stocked(), in a copy that may be written to.

    Thirteen gigabytes take their time: whoever asks next in the same run gets the copy as it was left, with some more
    tickets or clocks that went off. The run ends with drop_copies().
    """
    name, copy = await _kept(tickets), f"copy_{tickets}"
    with embedded.start(DATA) as server:
        if copy not in _copies:
            with psycopg.connect(server.url, autocommit=True) as admin:
                _drop(admin, copy)
                _copies.add(copy)
                _copy(admin, name, copy)
        async with _open(server.url_of(copy), pool_size) as url:
            yield url


def drop_copies() -> None:
    """Give back the space of this run's copies."""
    if _copies:
        with embedded.start(DATA) as server, psycopg.connect(server.url, autocommit=True) as admin:
            while _copies:
                _drop(admin, _copies.pop())


@contextlib.asynccontextmanager
async def _open(url: str, pool_size: int) -> AsyncIterator[str]:
    wire()
    db.open_database(url, pool_size=pool_size)
    try:
        yield url
    finally:
        await db.close_database()


async def _kept(tickets: int) -> str:
    """The name of the database with so many tickets, which is made unless it is there; others of older code are dropped."""
    fingerprint, today = _fingerprint(), clock.now()
    name = f"stock_{tickets}_{fingerprint}_{today:%y%m%d}"
    with embedded.start(DATA) as server, psycopg.connect(server.url, autocommit=True) as admin:
        kept = [row[0] for row in admin.execute("select datname from pg_database where datname like 'stock\\_%%'")]
        fresh = [n for n in kept if _usable(n, fingerprint)]
        for old in set(kept) - set(fresh):
            _drop(admin, old)
    found = [n for n in fresh if n.startswith(f"stock_{tickets}_")]
    if found:
        return str(found[0])
    # What a power cut would leave of it is made again, so this server waits for no disk; whoever measures starts another.
    with embedded.start(DATA, durable=False) as server, psycopg.connect(server.url, autocommit=True) as admin:
        making = f"making_{tickets}"
        _drop(admin, making)
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(making)))
        print(f"  stock: making {tickets:,} tickets", flush=True)
        began = time.monotonic()
        await _make(server.url_of(making), tickets)
        admin.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(making), sql.Identifier(name)))
    os.sync()
    print(f"  stock: made in {time.monotonic() - began:.0f} s", flush=True)
    return name


def _usable(name: str, fingerprint: str) -> bool:
    """Whether a kept database is of this code and not too old."""
    parts = name.split("_")
    days = [f"{clock.now() - timedelta(days=n):%y%m%d}" for n in range(_KEPT_DAYS)]
    return len(parts) == 4 and parts[2] == fingerprint and parts[3] in days


async def _make(url: str, tickets: int) -> None:
    migrate(url)
    async with _open(url, 5):
        desk = await set_up()
        moulds = await live_all(desk)
    load(url, desk, moulds, tickets)
    async with _open(url, 5):
        await talk_long(desk)


def _fingerprint() -> str:
    """Changes with the schema and with whatever makes the stock."""
    here = Path(__file__).parent
    files = [*sorted((here.parent / "migrations" / "versions").glob("*.py")), *sorted(here.glob("stock*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _copy(admin: psycopg.Connection, source: str, target: str) -> None:
    order = sql.SQL("create database {} template {} strategy file_copy")
    admin.execute(order.format(sql.Identifier(target), sql.Identifier(source)))
