"""Readiness: whether this process can do its work now, and in words what it lacks."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import Unavailable
from app.core.eventlog import head
from app.core.migrate import newest, revisions
from app.core.transaction import transaction
from app.watch.vitals import Vitals

log = structlog.get_logger()

_PATIENCE_SECONDS: Final = 3.0
"""So long the database may take to answer."""

_SENTENCES: Final = {
    "database": "The database does not answer.",
    "schema": "The database has an older schema than this version needs: run `mentiondesk migrate`.",
    "tail": "The event log is not being followed: consoles would see nothing new.",
    "listener": "The connection that listens for notifications is down: everything comes a little later.",
    "stopping": "This process is stopping.",
}


class NotReady(Unavailable):
    """This process cannot work now."""


@cache
def _older() -> frozenset[str]:
    """The schemas that this version has left behind; one it does not know is a newer one, which is fine."""
    return frozenset(revisions()) - {newest() or ""}


class Readiness:
    """Answers for one process, from what its vitals show."""

    def __init__(self, vitals: Vitals, *, behind_seconds: float = 10.0, kept_seconds: float = 1.0) -> None:
        """Answer for these vitals.

        `behind_seconds`: so long the reader of the log may stand still behind its end. `kept_seconds`: so long an
        answer stands, since strangers must not keep the database busy.
        """
        self._vitals = vitals
        self._behind_seconds = behind_seconds
        self._kept_seconds = kept_seconds
        self._alone = asyncio.Lock()
        self._asked: float | None = None
        self._missing: list[str] = []
        self._stood: tuple[int, float] | None = None  # where the reader stands behind the log's end, and since when

    async def check(self) -> None:
        """Return when all is well. Raises NotReady, whose details name in `missing` what is not."""
        async with self._alone:
            if self._asked is None or time.monotonic() - self._asked > self._kept_seconds:
                self._missing = [name for name, good in _CHECKS if not await good(self)]
                self._asked = time.monotonic()
        missing = ["stopping"] if self._vitals.closing else self._missing
        if missing:
            raise NotReady(" ".join(_SENTENCES[name] for name in missing), missing=missing)

    async def _database(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), transaction() as tx:
                await tx.execute(text("select 1"))
        except (SQLAlchemyError, OSError, TimeoutError) as problem:
            log.warning("not_ready", problem=type(problem).__name__)
            return False
        return True

    async def _schema(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), transaction() as tx:
                found = await tx.scalar(text("select version_num from alembic_version"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return True  # the database itself is what is missing, and says so
        return found is not None and found not in _older()

    async def _tail(self) -> bool:
        """The reader runs, and where it is behind the log's end it gets on."""
        hub = self._vitals.hub
        if hub is None:
            return True
        if not self._vitals.following():
            return False
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), transaction() as tx:
                end = await head(tx)
        except (SQLAlchemyError, OSError, TimeoutError):
            return True
        if hub.position >= end:
            self._stood = None
            return True
        if self._stood is None or self._stood[0] != hub.position:
            self._stood = (hub.position, time.monotonic())
        return time.monotonic() - self._stood[1] < self._behind_seconds

    async def _listener(self) -> bool:
        return all(listener.connected.is_set() for listener in self._vitals.listeners.values())


_CHECKS: Final[tuple[tuple[str, Callable[[Readiness], Awaitable[bool]]], ...]] = (
    ("database", Readiness._database),  # noqa: SLF001 - a list of its own methods
    ("schema", Readiness._schema),  # noqa: SLF001
    ("tail", Readiness._tail),  # noqa: SLF001
    ("listener", Readiness._listener),  # noqa: SLF001
)
