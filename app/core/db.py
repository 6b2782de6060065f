"""Engine and session factory; the only file that knows the driver is psycopg."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

import orjson
import psycopg
from psycopg.adapt import Dumper
from sqlalchemy import make_url
from sqlalchemy.event import listen
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app.core.clock import now
from app.core.event import Event
from app.core.settings import settings
from app.core.trace import current

_PREPARE_AFTER: Final = 3
"""psycopg prepares a statement after so many uses; behind a transaction pooler this must be off (docs/scaling.md)."""
_POOL_SECONDS: Final = 5.0
"""How long somebody waits for a connection when all are taken; then a request is told to come again (core/http.py)."""

LIVELINESS: Final[dict[str, Any]] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""How soon a server that vanished without a word is noticed: within a minute (libpq; a socket file ignores it)."""


class Json(bytes):
    """JSON for a statement, sent as it is: a page's rows are hundreds of kilobytes, dear to decode only to be encoded."""


class _JsonDumper(Dumper):
    def dump(self, obj: Json) -> bytes:
        return obj


psycopg.adapters.register_dumper(Json, _JsonDumper)


class Noted:
    """A fact recorded in a transaction, on its way to the log; `card`, its JSON, is attached just before the commit.

    `at` is when it was recorded, for the log and for everything that reacts to it alike; `trace` under which id.
    """

    __slots__ = ("agent_id", "at", "card", "fact", "trace")

    def __init__(
        self, fact: Event, agent_id: str | None, at: datetime | None = None, *, trace: str | None = None
    ) -> None:
        """Note the fact, who caused it (null: the house itself), when (null: now), and under which trace (null: this)."""
        self.fact = fact
        self.agent_id = agent_id
        self.at = at or now()
        self.card: orjson.Fragment | None = None
        self.trace = trace or current()


class Tx(AsyncSession):
    """One transaction: rows to change and the facts that say why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with nothing noted."""
        super().__init__(*args, **kwargs)
        self.noted: list[Noted] = []


class _Database:
    engine: AsyncEngine | None = None
    sessions: async_sessionmaker[Tx] | None = None


_open = _Database()


def async_url(url: str) -> str:
    """The same database for SQLAlchemy on psycopg."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """The same database as libpq writes it, for a connection of psycopg's own."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def open_database(url: str, *, pool_size: int = 10, pooled_outside: bool = False) -> AsyncEngine:
    """Open the process's one database on at most `pool_size` connections.

    `pooled_outside` says that a transaction pooler stands in between: nothing may then depend on the session.
    """
    engine = create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        pool_pre_ping=False,
        pool_recycle=1800,
        json_deserializer=orjson.loads,  # an open ticket is hundreds of JSON values; Python's own reader takes thrice as long
        hide_parameters=True,  # an error is logged and reported; people's words and sealed secrets are not
        connect_args={
            **LIVELINESS,
            "prepare_threshold": None if pooled_outside else _PREPARE_AFTER,
            "application_name": "mentiondesk",
            **({} if pooled_outside else {"options": "-c timezone=UTC -c jit=off"}),
        },
    )
    if pooled_outside:
        listen(engine.sync_engine, "connect", _speak_utc)
    _open.engine = engine
    _open.sessions = async_sessionmaker(engine, class_=Tx, expire_on_commit=False, autoflush=False)
    return engine


def _speak_utc(connection: Any, _record: Any) -> None:
    """Poolers refuse start-up options; the zone is one of the few settings that PgBouncer carries over."""
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("set timezone to 'UTC'")
    cursor.close()
    connection.autocommit = False


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    """The process's one database while the block lasts, as the settings have it: its connections, and a pooler or none."""
    open_database(url, pool_size=settings().pool_size, pooled_outside=settings().listen_url is not None)
    try:
        yield
    finally:
        await close_database()


async def close_database() -> None:
    """Give every connection back."""
    if _open.engine is not None:
        await _open.engine.dispose()
    _open.engine = _open.sessions = None


def engine() -> AsyncEngine:
    """The process's engine."""
    if _open.engine is None:
        raise RuntimeError("The database was not opened.")
    return _open.engine


def sessions() -> async_sessionmaker[Tx]:
    """The process's session factory; only core.transaction makes sessions from it."""
    if _open.sessions is None:
        raise RuntimeError("The database was not opened.")
    return _open.sessions
