"""The one way out to other servers by HTTP: bounded in time and size, to checked addresses only."""

import asyncio
import json
import ssl
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final
from weakref import WeakKeyDictionary

import httpcore2
import httpx2
import orjson

from app.core.addresses import checked_addresses
from app.core.errors import Unavailable

BUDGET: Final = 20.0
"""Seconds a whole exchange may take, from resolving the name to the last byte; shorter than any lease."""

LARGEST: Final = 5_000_000
"""Bytes of an answer, after decompression, that are read unless the caller allows more."""


_apart: ContextVar[bool] = ContextVar("apart", default=False)


@contextmanager
def apart() -> Iterator[None]:
    """Let each request in here have a connection of its own, opened for it and closed after it.

    Where a server, or something before it, answers a request twice, what is left over is read as the answer to the next
    one on that connection: the library looks whether the socket has something to read, and it may have read it already,
    or it may come when the next request is out. For requests where another one's answer would be believed.
    """
    before = _apart.set(True)
    try:
        yield
    finally:
        _apart.reset(before)


class Unreachable(Unavailable):
    """The server could not be reached or did not finish its answer in time."""

    def __init__(self, sentence: str | None = None, *, sent: bool) -> None:
        """`sent`: the request may have left, so what it asked may have been done."""
        super().__init__(sentence)
        self.sent = sent


class AnswerTooLarge(Unavailable):
    """The server's answer is too large to read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON; raises ValueError when it is none, however it is broken."""
        try:
            return orjson.loads(self.body)
        except ValueError:  # stricter than servers are: NaN, halves of pairs, another encoding
            try:
                return json.loads(self.body)
            except RecursionError as failure:
                raise ValueError("nested too deeply") from failure


async def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Sequence[tuple[str, str]] = (),
    content: Any = None,
    data: tuple[bytes, str] | None = None,
    form: Mapping[str, str] | None = None,
    files: Mapping[str, tuple[str, bytes, str]] | None = None,
    budget: float = BUDGET,
    largest: int = LARGEST,
    clip: bool = False,
) -> Answer:
    """Ask a server once and read its whole answer; redirects are answers, not followed.

    `content` goes out as JSON, `data` as it is under its media type, `form` and `files` as a form; `budget` is in
    seconds, `largest` in bytes; with `clip` a larger answer ends there. Raises HostRefused or HostUnknown before
    anything left, Unreachable(sent) when no answer came, AnswerTooLarge.
    """
    left: list[str] = []

    async def trace(event: str, _details: object) -> None:
        if event.endswith("send_request_headers.started"):
            left.append(event)

    body, media_type = data if data is not None else (None, "application/json")
    if content is not None:
        body = json.dumps(content).encode()
    sent_headers = {"accept-encoding": "gzip", "user-agent": user_agent(), **(headers or {})}
    if body is not None:
        sent_headers["content-type"] = media_type
    try:
        async with asyncio.timeout(budget):
            client = _client(apart=_apart.get())
            outgoing = client.build_request(
                method,
                url,
                params=list(params) or None,
                headers=sent_headers,
                content=body,
                data=dict(form) if form is not None else None,
                files=dict(files) if files else None,
                extensions={"trace": trace},
            )
            answer = await client.send(outgoing, stream=True)
            try:
                read = await _read(answer, largest, clip=clip)
            finally:
                await answer.aclose()
            return Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, read)
    except TimeoutError as failure:
        raise Unreachable(f"No answer within {budget:g} seconds.", sent=bool(left)) from failure
    except (httpx2.TransportError, httpx2.InvalidURL, ssl.SSLError, OSError, zlib.error) as failure:
        raise Unreachable("The server could not be reached.", sent=bool(left)) from failure


@asynccontextmanager
async def lines(
    url: str, *, headers: Mapping[str, str], silence: float, longest: int = LARGEST
) -> AsyncIterator[tuple[Answer, AsyncIterator[bytes]]]:
    """Open an answer that does not end, line by line; with any status but 200, its whole body and no lines.

    `silence` is for how many seconds nothing may come before the line counts as broken, `longest` the bytes of a line.
    Raises, also while iterating, HostRefused, HostUnknown, Unreachable(sent) and AnswerTooLarge.
    """
    wishes = {"accept-encoding": "identity", "user-agent": user_agent(), **headers}
    try:
        async with asyncio.timeout(silence):
            asked = _client().build_request("GET", url, headers=wishes)
            answer = await _client().send(asked, stream=True)
        try:
            body = b"" if answer.status_code == 200 else await asyncio.wait_for(_read(answer, longest), silence)
            said = Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, body)
            yield said, _lines(answer, silence, longest)
        finally:
            await answer.aclose()
    except TimeoutError as failure:
        raise Unreachable(f"Nothing came for {silence:g} seconds.", sent=True) from failure
    except (httpx2.TransportError, httpx2.InvalidURL, ssl.SSLError, OSError) as failure:
        raise Unreachable("The server could not be reached.", sent=True) from failure


@cache
def user_agent() -> str:
    """Name the product and its version to other servers; read from the disk once."""
    try:
        return f"Mentiondesk/{version('mentiondesk')}"
    except PackageNotFoundError:  # a checkout that was never installed
        return "Mentiondesk"


async def close() -> None:
    """Close this event loop's connections; the next request opens new ones."""
    for client in _clients.pop(asyncio.get_running_loop(), {}).values():
        await client.aclose()


@asynccontextmanager
async def connections() -> AsyncIterator[None]:
    """Close the connections when the block ends: what a process's lifespan wraps itself in."""
    try:
        yield
    finally:
        await close()


async def _read(answer: httpx2.Response, largest: int, *, clip: bool = False) -> bytes:
    # Decompressed here and not by the library, so that a small answer cannot unfold into gigabytes.
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 32) if answer.headers.get("content-encoding") == "gzip" else None
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += unzip.decompress(chunk, largest + 1 - len(body)) if unzip else chunk
        if len(body) > largest and clip:
            break
        if len(body) > largest:
            raise AnswerTooLarge(f"The server's answer is larger than {largest // 1_000_000} MB.")
    return bytes(body[:largest])


async def _lines(answer: httpx2.Response, silence: float, longest: int) -> AsyncIterator[bytes]:
    chunks = answer.aiter_raw()
    rest = bytearray()
    while True:
        try:
            async with asyncio.timeout(silence):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        first, *more = chunk.split(b"\n")
        rest += first
        for begun in more:
            yield bytes(rest).rstrip(b"\r")
            rest = bytearray(begun)
        if len(rest) > longest:
            raise AnswerTooLarge(f"A line is larger than {longest // 1_000_000} MB.")


class _CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Opens sockets only to addresses that were checked; the name stays in the Host header and in TLS."""

    def __init__(self) -> None:
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, check, and connect to the first address that answers."""
        failure: Exception = OSError("no address")
        for address in await checked_addresses(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as refused:
                failure = refused
        raise failure


@cache
def _trust() -> ssl.SSLContext:
    """The authorities we trust, read once for all event loops."""
    return httpx2.create_ssl_context()


class _CheckedTransport(httpx2.AsyncHTTPTransport):
    def __init__(self, *, kept: int) -> None:
        super().__init__(verify=_trust())
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=_trust(),
            max_connections=50,
            max_keepalive_connections=kept,
            keepalive_expiry=10,
            network_backend=_CheckedBackend(),
        )


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[bool, httpx2.AsyncClient]] = WeakKeyDictionary()


def _client(*, apart: bool = False) -> httpx2.AsyncClient:
    of_loop = _clients.setdefault(asyncio.get_running_loop(), {})
    if apart not in of_loop:
        of_loop[apart] = httpx2.AsyncClient(
            transport=_CheckedTransport(kept=0 if apart else 20),
            timeout=httpx2.Timeout(None, connect=5),  # the budget bounds the rest
            follow_redirects=False,
            trust_env=False,  # a proxy from the environment would connect to names that were never checked
            # Several accounts share these connections: what a server sets for one must not come back with another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
    return of_loop[apart]
