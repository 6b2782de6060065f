"""wake() inside a transaction, and the one LISTEN connection that turns notifications into asyncio events."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import psycopg
import structlog
from sqlalchemy import text

from app.core.db import LIVELINESS, Tx, plain_url

log = structlog.get_logger()

CHANNELS: Final = ("events", "work", "presence", "crew")
_WAKE = text("select pg_notify('work', :kind)")
_TELL = text("select pg_notify(:channel, :payload)")
_RETRY_SECONDS: Final = 1.0


async def wake(tx: Tx, kind: str) -> None:
    """Hint, when this transaction commits, that there is work of this kind (`polls`, `replies`, `timers` …)."""
    await tx.execute(_WAKE, {"kind": kind})


async def tell(tx: Tx, channel: str, payload: dict[str, Any]) -> None:
    """Say something small to every process; it may be lost, and nothing may depend on it. Under 8,000 bytes."""
    await tx.execute(_TELL, {"channel": channel, "payload": json.dumps(payload)})


class Listener:
    """The process's one connection that listens; whoever depends on a wake-up also looks by themselves."""

    def __init__(self, url: str) -> None:
        """`url` must lead to PostgreSQL directly, not through a transaction pooler."""
        self._url = plain_url(url)
        self._events: dict[str, list[asyncio.Event]] = defaultdict(list)
        self._ears: dict[str, list[Callable[[str], None]]] = defaultdict(list)
        self.connected = asyncio.Event()

    def event(self, kind: str) -> asyncio.Event:
        """An asyncio event that is set whenever this kind of work, or `events`, is announced."""
        event = asyncio.Event()
        self._events[kind].append(event)
        return event

    def hear(self, channel: str, ear: Callable[[str], None]) -> None:
        """Call `ear` with the payload of every notification on the channel."""
        self._ears[channel].append(ear)

    def _dispatch(self, channel: str, payload: str) -> None:
        for ear in self._ears[channel]:
            try:
                ear(payload)
            except Exception:  # said by another version perhaps; whoever listens goes on listening
                log.exception("notification_unreadable", channel=channel)
        for event in self._events[payload if channel == "work" else channel]:
            event.set()

    def wake_all(self) -> None:
        """Set every event: after a reconnection nobody knows what was missed."""
        for events in self._events.values():
            for event in events:
                event.set()

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made again and everybody is woken."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, application_name="mentiondesk-listen", **LIVELINESS
                )
                async with connection:
                    for channel in CHANNELS:
                        await connection.execute(f"listen {channel}".encode())
                    await _complain_of_a_pooler(connection)
                    self.connected.set()
                    self.wake_all()
                    async for note in connection.notifies():
                        self._dispatch(note.channel, note.payload)
            except (psycopg.Error, OSError) as problem:
                log.warning("listen_lost", problem=str(problem))
            self.connected.clear()
            await asyncio.sleep(_RETRY_SECONDS)


async def _complain_of_a_pooler(connection: psycopg.AsyncConnection) -> None:
    """Say so when a pooler stands in between: LISTEN is lost in it, and everything waits for its next look instead."""
    row = await (await connection.execute(b"select pg_backend_pid()")).fetchone()
    if row is not None and row[0] != connection.info.backend_pid:  # a pooler greets with a number of its own
        log.error("listening_through_a_pooler", mend="set MENTIONDESK_LISTEN_URL to a direct connection")


async def wait_for(event: asyncio.Event, seconds: float) -> bool:
    """Wait until the event is set or so many seconds passed; clear it, and say whether it was set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), max(seconds, 0.0))
    was = event.is_set()
    event.clear()
    return was
