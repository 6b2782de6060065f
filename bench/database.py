"""The database that benchmarks are measured on: on a server that keeps what it commits, as in production."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg

from app.core import db, embedded
from app.core.migrate import migrate

DATA = Path(__file__).parent.parent / ".run" / "bench"


@contextlib.asynccontextmanager
async def empty_database(pool_size: int = 20) -> AsyncIterator[str]:
    """An open, migrated, empty database; its URL."""
    with embedded.start(DATA) as server:
        url = server.url_of("bench")
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute("drop database if exists bench with (force)")
            admin.execute("create database bench template template0")
        migrate(url)
        db.open_database(url, pool_size=pool_size)
        try:
            yield url
        finally:
            await db.close_database()
