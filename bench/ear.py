"""A websocket client that does as little as one can, so that a thousand of them do not measure themselves."""

import asyncio
import base64
import os
import struct
import time
from collections.abc import Callable
from typing import Final

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_SHORT: Final = 126
_LONG: Final = 127

Hear = Callable[[bytes, float], None]
"""Called with each text frame and the time at which it had arrived whole (seconds since 1970)."""


class Ear(asyncio.Protocol):
    """One open line: it answers pings, and hands on what it is told."""

    def __init__(self, path: str, host: str, cookie: str, hear: Hear) -> None:
        """Follow `path` as whoever the cookie belongs to."""
        self._asks = (path, host, cookie)
        self._hear = hear
        self._buffer = bytearray()
        self._upgraded = False
        self.open = asyncio.get_running_loop().create_future()
        self.closed: int | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the line."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        path, host, cookie = self._asks
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nCookie: {cookie}\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that it ended; 1006 when nobody said why."""
        self.closed = self.closed or 1006
        if not self.open.done():
            self.open.set_exception(exc or ConnectionError("the line was refused"))

    def data_received(self, data: bytes) -> None:
        """Take whole frames out of what came."""
        at = time.time()
        self._buffer += data
        if not self._upgraded:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.open.set_exception(ConnectionError(head.decode("latin-1")))
                return
            self._upgraded = True
            self._buffer = rest
            self.open.set_result(None)
        while (frame := self._next()) is not None:
            kind, payload = frame
            if kind == _TEXT:
                self._hear(payload, at)
            elif kind == _PING and self._transport is not None:
                self._transport.write(bytes((0x80 | _PONG, 0x80 | len(payload))) + b"\0\0\0\0" + payload)
            elif kind == _CLOSE:
                self.closed = struct.unpack("!H", payload[:2])[0] if payload else 1005

    def _next(self) -> tuple[int, bytes] | None:
        """The next whole frame. A server's frames are never masked, and ours are never in parts."""
        have = self._buffer
        if len(have) < 2:
            return None
        length, begin = have[1], 2
        if length == _SHORT:
            if len(have) < 4:
                return None
            length, begin = struct.unpack_from("!H", have, 2)[0], 4
        elif length == _LONG:
            if len(have) < 10:
                return None
            length, begin = struct.unpack_from("!Q", have, 2)[0], 10
        if len(have) < begin + length:
            return None
        payload = bytes(memoryview(have)[begin : begin + length])
        kind = have[0] & 0x0F
        del have[: begin + length]
        return kind, payload

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def listen(port: int, path: str, cookie: str, hear: Hear) -> Ear:
    """An open line. Raises ConnectionError when the server does not upgrade."""
    loop = asyncio.get_running_loop()
    host = f"127.0.0.1:{port}"
    _, ear = await loop.create_connection(lambda: Ear(path, host, cookie, hear), "127.0.0.1", port)
    await ear.open
    return ear
