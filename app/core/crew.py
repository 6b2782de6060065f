"""Crew: how many workers there are, told by NOTIFY, so that each takes its share and no more."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Final

from app.core.clock import now
from app.core.ids import new_id
from app.core.transaction import transaction
from app.core.wake import tell

CHANNEL: Final = "crew"
LASTS: Final = timedelta(seconds=15)
"""Who was not heard of for so long is counted no more; everybody says that they are here three times as often."""
_ARRIVING_SECONDS: Final = 0.5


class Crew:
    """The workers that were heard of lately, ourselves included; it may be wrong for a while, and nothing may depend on it.

    Where notifications do not arrive, everybody believes to be alone and takes what is free: uneven, but complete.
    """

    def __init__(self, changed: asyncio.Event | None = None) -> None:
        """Alone at first; `changed` is set when somebody came or went."""
        self._me = new_id("wk")
        self._others: dict[str, datetime] = {}
        self._changed = changed or asyncio.Event()

    def __len__(self) -> int:
        """How many there are, with ourselves; a clock that is set back makes nobody stay longer."""
        at = now()
        self._others = {name: until for name, until in self._others.items() if at < until <= at + LASTS}
        return 1 + len(self._others)

    def hear(self, payload: str) -> None:
        """Take in one notification."""
        told = json.loads(payload)
        name: str = told["worker"]
        if name == self._me:
            return
        before = len(self)
        if told["here"]:
            self._others[name] = now() + LASTS
        else:
            self._others.pop(name, None)
        if len(self) != before:
            self._changed.set()

    async def arrive(self) -> None:
        """Say that we are here, and listen for a moment to who else is: they answer a new voice at once."""
        await self.say()
        await asyncio.sleep(_ARRIVING_SECONDS)

    async def say(self, *, here: bool = True) -> None:
        """Say that we are here, or that we go."""
        async with transaction() as tx:
            await tell(tx, CHANNEL, {"worker": self._me, "here": here})
