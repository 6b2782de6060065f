"""When the machine's clock was set back: notice it, and let nothing wait for times that the old clock planned."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import sentry_sdk
import structlog
from sqlalchemy import case, update
from sqlalchemy.orm import Mapped

from app.core.clock import now
from app.core.db import Tx

log = structlog.get_logger()

_LOOK_SECONDS: Final = 1.0
_SLACK: Final = timedelta(seconds=5)
"""Clocks are corrected by less all the time; leases and pauses are longer."""
T = TypeVar("T")


def was_set_back(newest: datetime | None) -> bool:
    """Whether something was written down at a time that has not come yet."""
    return newest is not None and newest > now() + _SLACK


async def notice_set_back(act: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Call `act` whenever the clock has gone back while we look, until `stop` is set."""
    ahead = _ahead()
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)
        except TimeoutError:
            before, ahead = ahead, _ahead()
            if before - ahead > _SLACK:
                log.warning("clock_set_back", seconds=(before - ahead).total_seconds())
                try:
                    await act()
                except Exception as problem:
                    log.exception("set_back_failed")
                    sentry_sdk.capture_exception(problem)
                    ahead = before  # noticed again at the next look


def _ahead() -> timedelta:
    """How far the clock is ahead of one that only counts."""
    return now() - datetime.fromtimestamp(time.monotonic(), now().tzinfo)


def at_most(column: Mapped[T], latest: Any) -> Any:
    """A column's value, but `latest` when it is later; null stays null."""
    return case((column > latest, latest), else_=column)


async def bring_forward(tx: Tx, table: Any, limits: dict[str, datetime], *where: Any) -> None:
    """Let no time of these columns be later than its limit."""
    values = {name: at_most(getattr(table, name), latest) for name, latest in limits.items()}
    await tx.execute(update(table).where(*where).values(values).execution_options(synchronize_session=False))
