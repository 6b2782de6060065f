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
        self._rest = b""
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
        have = self._rest + data if self._rest else data
        begin = 0
        if not self._upgraded:
            head, found, _ = have.partition(b"\r\n\r\n")
            if not found:
                self._rest = have
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.open.set_exception(ConnectionError(head.decode("latin-1")))
                return
            self._upgraded = True
            self.open.set_result(None)
            begin = len(head) + 4
        while (frame := _next(have, begin)) is not None:
            kind, payload, begin = frame
            if kind == _TEXT:
                self._hear(payload, at)
            elif kind == _PING and self._transport is not None:
                self._transport.write(bytes((0x80 | _PONG, 0x80 | len(payload))) + b"\0\0\0\0" + payload)
            elif kind == _CLOSE:
                self.closed = struct.unpack("!H", payload[:2])[0] if payload else 1005
        self._rest = have[begin:]

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def _next(have: bytes, at: int) -> tuple[int, bytes, int] | None:
    """The whole frame that begins there, and where it ends. A server's frames are never masked, ours never in parts."""
    if len(have) < at + 2:
        return None
    length, begin = have[at + 1], at + 2
    if length == _SHORT:
        if len(have) < at + 4:
            return None
        length, begin = struct.unpack_from("!H", have, at + 2)[0], at + 4
    elif length == _LONG:
        if len(have) < at + 10:
            return None
        length, begin = struct.unpack_from("!Q", have, at + 2)[0], at + 10
    end = begin + length
    if len(have) < end:
        return None
    return have[at] & 0x0F, have[begin:end], end


async def listen(port: int, path: str, cookie: str, hear: Hear) -> Ear:
    """An open line. Raises ConnectionError when the server does not upgrade."""
    loop = asyncio.get_running_loop()
    host = f"127.0.0.1:{port}"
    _, ear = await loop.create_connection(lambda: Ear(path, host, cookie, hear), "127.0.0.1", port)
    await ear.open
    return ear
