"""Front: what stands before several web processes, in its smallest form; each connection goes to the next that answers."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Self

from tests.processes.house import Part


class Front:
    """A TCP proxy on a free port that knows nothing of HTTP."""

    def __init__(self, webs: Sequence[Part]) -> None:
        self._webs = webs
        self._turn = 0
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, down: asyncio.StreamReader, up: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        with contextlib.closing(up):
            for _ in self._webs:
                self._turn += 1
                port = self._webs[self._turn % len(self._webs)].port
                try:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:  # being restarted
                    continue
                with contextlib.closing(writer):
                    await _both(asyncio.create_task(_pipe(down, writer)), asyncio.create_task(_pipe(reader, up)))
                return


async def _both(*ways: "asyncio.Task[None]") -> None:
    """Until one side has ended."""
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
