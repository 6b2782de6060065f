"""Tail: follows the log on wake-up or once a second, and insists that each seq is the last plus one."""

import asyncio
from typing import Final

import sentry_sdk
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.core.eventlog import head, read_after
from app.core.transaction import transaction
from app.core.wake import wait_for
from app.stream.hub import Hub

log = structlog.get_logger()

_LOOK_SECONDS: Final = 1.0
_BATCH: Final = 500


class LogBroken(Exception):
    """The event log has a gap or a late arrival: its one law does not hold."""


class Tail:
    """The process's one reader of the log."""

    def __init__(self, hub: Hub, woken: asyncio.Event) -> None:
        """Feed `hub`; `woken` is set when events were committed."""
        self._hub = hub
        self._woken = woken

    async def begin(self) -> None:
        """Stand at the log's present end."""
        async with transaction() as tx:
            self._hub.position = await head(tx)

    async def step(self) -> int:
        """Hand on what came after the position; how many events. Raises LogBroken."""
        async with transaction() as tx:
            batch = await read_after(tx, self._hub.position, _BATCH)
        for event in batch:
            if event.seq != self._hub.position + 1:
                raise LogBroken(f"after {self._hub.position} came {event.seq}")
            self._hub.publish(event)
        return len(batch)

    async def follow(self) -> None:
        """Follow until cancelled. A database that is away is waited for: positions lose nothing."""
        while True:
            try:
                while await self.step() == _BATCH:  # noqa: ASYNC110
                    await asyncio.sleep(0)  # let the sockets send
            except (SQLAlchemyError, OSError) as problem:
                log.warning("tail_waits", problem=type(problem).__name__)
            except LogBroken as problem:
                log.exception("log_broken")
                sentry_sdk.capture_exception(problem)
            await wait_for(self._woken, _LOOK_SECONDS)
