"""run_loop(): step until nothing is due, then sleep until the next due time, a wake-up or the end."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import sentry_sdk
import structlog

from app.core import metrics, trace
from app.core.clock import now
from app.core.wake import wait_for

log = structlog.get_logger()

Step = Callable[[], Awaitable[bool]]
"""Do a piece of due work; True when there was some, so that the loop looks again at once."""
NextDue = Callable[[], Awaitable[datetime | None]]

LONGEST_SLEEP: Final = 15.0
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0


async def run_loop(name: str, step: Step, next_due: NextDue, woken: asyncio.Event, stop: asyncio.Event) -> None:
    """Run until `stop` is set; a step in progress is finished. A step that fails is told to us and tried again later.

    Sleeping ends at the next due time, at a wake-up, or after 15 seconds, since a wake-up may be lost.
    """
    pause = _FIRST_PAUSE
    metrics.loop_begins(name)
    while not stop.is_set():
        try:
            while not stop.is_set() and await _measured(name, step):
                pass
            due = await next_due()
            pause = _FIRST_PAUSE
        except Exception as problem:
            log.exception("loop_failed", loop=name)
            metrics.step_failed(name)
            sentry_sdk.capture_exception(problem)
            await _sleep(stop, pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            pause = min(pause * 2, _LONGEST_PAUSE)
            continue
        seconds = LONGEST_SLEEP if due is None else min(max((due - now()).total_seconds(), 0.0), LONGEST_SLEEP)
        await _wait_either(woken, stop, seconds)


async def _measured(name: str, step: Step) -> bool:
    """One step, under a trace of its own."""
    trace.adopt()
    with metrics.stepping(name) as found:
        found.append(await step())
    return found[0]


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _wait_either(woken: asyncio.Event, stop: asyncio.Event, seconds: float) -> None:
    """Wait for a wake-up, the end, or the time; whichever comes first."""
    waiting = asyncio.ensure_future(wait_for(woken, seconds))
    ending = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({waiting, ending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (waiting, ending):
            task.cancel()
        await asyncio.gather(waiting, ending, return_exceptions=True)
