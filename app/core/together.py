"""Together: what arrives at nearly the same time is written down in one transaction; a single thing waits for nobody."""

import asyncio
from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

T = TypeVar("T")


class Together(ABC, Generic[T]):
    """While one transaction runs, what arrives waits for the next, together: under load many share a commit."""

    most: ClassVar[int]
    """So much goes into one transaction."""
    apart_on_fault: ClassVar[bool]
    """Whether a batch that fails is tried again one by one, so that what is wrong with one does not hold up the others."""

    def __init__(self) -> None:
        """Nothing has arrived."""
        self._arrived: list[tuple[T, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    @abstractmethod
    async def write(self, batch: list[T]) -> None:
        """Write these down in one transaction."""

    async def add(self, one: T) -> None:
        """Write one thing down with those beside it; returns when it is committed, and raises what it failed with."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append((one, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        while self._arrived:
            batch, self._arrived = self._arrived[: self.most], self._arrived[self.most :]
            fault = await self._fault_of(batch)
            if isinstance(fault, Exception) and len(batch) > 1 and self.apart_on_fault:
                for one in batch:
                    _tell([one], await self._fault_of([one]))
            else:
                _tell(batch, fault)

    async def _fault_of(self, batch: list[tuple[T, "asyncio.Future[None]"]]) -> BaseException | None:
        (fault,) = await asyncio.gather(self.write([one for one, _ in batch]), return_exceptions=True)
        return fault


def _tell(batch: list[tuple[T, "asyncio.Future[None]"]], fault: BaseException | None) -> None:
    for _, written in batch:
        if written.done():
            continue
        if fault is None:
            written.set_result(None)
        else:
            written.set_exception(fault)
