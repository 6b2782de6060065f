"""Tail: follows the log on wake-up or once a second, and insists that each seq is the last plus one."""

import asyncio
import time
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import sentry_sdk
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.core.eventlog import Logged, head, read_after
from app.core.trace import mark
from app.core.transaction import glance
from app.core.wake import wait_for
from app.stream.hub import Hub

log = structlog.get_logger()

_LOOK_SECONDS: Final = 1.0
_BATCH: Final = 500
_BEFORE: Final = 2_000
"""Events before the present end that are read at the start: what is missed during a restart in the middle of a crisis."""
_REST: Final = 4.0
"""Parts of the time that waking the consoles took, rested before the next: what comes meanwhile goes into one frame."""
_LONGEST_REST: Final = 0.1


class LogBroken(Exception):
    """The event log has a gap or a late arrival: its one law does not hold."""


def note_pushed(batch: Sequence[Logged], consoles: int) -> None:
    """Say of each trace which of its events were handed to the consoles of this process."""
    for trace, events in groupby(batch, key=lambda event: event.trace):
        numbers = [event.seq for event in events]
        mark("pushed", trace=trace, first=numbers[0], last=numbers[-1], consoles=consoles)


class Tail:
    """The process's one reader of the log."""

    def __init__(self, hub: Hub, woken: asyncio.Event) -> None:
        """Feed `hub`; `woken` is set when events were committed."""
        self._hub = hub
        self._woken = woken
        self._took = 0.0  # seconds that waking all consoles took the last time

    async def begin(self) -> None:
        """Stand at the log's present end, with what came just before it: consoles that come back after a restart miss that."""
        async with glance() as tx:
            end = await head(tx)
        self._hub.begin(max(0, end - _BEFORE))
        while whole := (await self._read())[0]:
            await self._hub.publish(whole)
        if self._hub.position < end:  # a log with a hole; whatever comes after it is looked at as ever
            self._hub.begin(end)

    async def step(self) -> int:
        """Hand on what came after the position; how many events. Raises LogBroken."""
        whole, batch = await self._read()
        began = time.monotonic()
        await self._hub.publish(whole)
        self._took = time.monotonic() - began
        note_pushed(whole, len(self._hub))
        if len(whole) < len(batch):
            raise LogBroken(f"after {self._hub.position} came {batch[len(whole)].seq}")
        return len(batch)

    async def _read(self) -> tuple[list[Logged], list[Logged]]:
        """The next of the log that follow each other without a gap, and all that was read."""
        position = self._hub.position
        async with glance() as tx:
            batch = await read_after(tx, position, _BATCH)
        return [event for n, event in enumerate(batch, 1) if event.seq == position + n], batch

    async def follow(self) -> None:
        """Follow until cancelled. A database that is away is waited for: positions lose nothing."""
        while True:
            handed = 0
            try:
                handed = await self.step()
            except (SQLAlchemyError, OSError) as problem:
                log.warning("tail_waits", problem=type(problem).__name__)
            except LogBroken as problem:
                log.exception("log_broken")
                sentry_sdk.capture_exception(problem)
            if handed:
                await asyncio.sleep(min(self._took * _REST, _LONGEST_REST))
            if handed < _BATCH:
                await wait_for(self._woken, _LOOK_SECONDS)
