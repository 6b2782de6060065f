"""Stills: who is still signed in, asked in one statement for all consoles of this process that want to know about now."""

import asyncio
from collections.abc import Mapping
from typing import Final

from app.agents.current import actors_now
from app.agents.permit import Actor
from app.core.transaction import glance
from app.stream.still import actor_still

_GATHER_SECONDS: Final = 1.0
"""So long who asks waits for others: a thousand consoles that each ask once a minute are one statement a second."""


class Stills:
    """The looks at sign-ins that nobody is in a hurry for; what an event says has changed is read at once, elsewhere."""

    def __init__(self) -> None:
        """Nobody asks."""
        self._sign_in_ids: set[str] = set()
        self._asking: asyncio.Task[Mapping[str, Actor]] | None = None

    async def of(self, known: Actor) -> Actor | None:
        """The same person or key with what they may now; null when their sign-in or key is over."""
        if known.scopes is not None or known.sign_in_id is None:  # keys are few
            async with glance() as tx:
                return await actor_still(tx, known)
        self._sign_in_ids.add(known.sign_in_id)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return (await asyncio.shield(self._asking)).get(known.sign_in_id)

    async def _ask(self) -> Mapping[str, Actor]:
        await asyncio.sleep(_GATHER_SECONDS)
        asked, self._sign_in_ids, self._asking = self._sign_in_ids, set(), None
        async with glance() as tx:
            return await actors_now(tx, asked)
