"""Threaded: a server of the tests that runs in a thread of its own, so that each test may bring its own event loop."""

import asyncio
import threading
from contextlib import AbstractAsyncContextManager
from typing import Any, Self


class Threaded:
    """`with` starts it and waits until it serves; `serving()` is entered in its thread, and left at the end."""

    def serving(self) -> AbstractAsyncContextManager[Any]:
        """What serves while it is open."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self.serving():
            ready.set()
            await self._stop.wait()
