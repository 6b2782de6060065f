"""Settling: what came back at nearly the same time is written down in one transaction."""

import asyncio
from typing import Final

from app.core.transaction import transaction
from app.hooks.post import Outcome
from app.hooks.settle import Came, write_down
from app.hooks.take import Parcel

_MOST: Final = 100

_Waiting = tuple[Came, "asyncio.Future[None]"]


class Settling:
    """While one transaction runs, outcomes that arrive wait for the next, together; a single one waits for nobody."""

    def __init__(self) -> None:
        """Nothing has arrived."""
        self._arrived: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def settle(self, parcel: Parcel, outcome: Outcome) -> None:
        """Write an outcome down, if the claim is still ours; returns when it is committed."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append(((parcel, outcome), written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        while self._arrived:
            batch, self._arrived = self._arrived[:_MOST], self._arrived[_MOST:]
            (fault,) = await asyncio.gather(self._commit([came for came, _ in batch]), return_exceptions=True)
            for _, written in batch:
                if written.done():
                    continue
                if fault is None:
                    written.set_result(None)
                else:  # the leases run out, and what is not written down is sent again under the same id
                    written.set_exception(fault)

    @staticmethod
    async def _commit(came: list[Came]) -> None:
        async with transaction() as tx:
            await write_down(tx, came)
