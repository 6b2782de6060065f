"""A server that answers exactly what a test tells it to, in bytes, however rude."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from app.core import client


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    writer: asyncio.StreamWriter


Handler = Callable[[Asked], Awaitable[bytes | None]]


@asynccontextmanager
async def rude_server(handler: Handler) -> AsyncIterator[str]:
    """Serve on a free port; the handler answers bytes, or writes by itself and answers None."""
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        busy.add(task)
        try:
            while asked := await _read(reader, writer):
                said = await handler(asked)
                if said is not None:
                    writer.write(said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
            busy.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await client.close()
        for task in list(busy):
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await asyncio.gather(*busy, return_exceptions=True)


def answer(body: bytes | object, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer; anything but bytes goes out as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(raw)}", *headers)
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + raw


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Asked:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    method, target, _ = first.split(" ")
    return Asked(method, urlsplit(target).path, parse_qs(urlsplit(target).query), headers, body, writer)
