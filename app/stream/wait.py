"""wait_for_more(): a request that waits until there is something its asker may hear, woken as consoles are and holding nothing meanwhile."""

import asyncio
from contextlib import suppress
from typing import Final

from app.agents.permit import Actor
from app.stream.audience import reach_of
from app.stream.hub import Hub, TooSlow

LONGEST: Final = 30
"""Seconds a request may wait."""


async def wait_for_more(hub: Hub, actor: Actor, after: int, seconds: float) -> int:
    """The number after which to read on: there is something to hear after it, or the time is over, or we are stopping.

    What the asker may not hear passes without waking anybody up for a look into the database.
    """
    reach, reached = reach_of(actor), after
    alarm = hub.attach()
    try:
        with suppress(TimeoutError, TooSlow):  # further behind than the hub holds: there is more
            async with asyncio.timeout(seconds):
                while not hub.closing:
                    next_up = hub.after(reached, reach)
                    if next_up is None:
                        await alarm.woken()
                    elif next_up.frame is not None or next_up.turn is not None:
                        break
                    else:
                        reached = next_up.reached
    finally:
        hub.detach(alarm)
    return reached
