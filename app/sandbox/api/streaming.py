"""The live streams: over a websocket as every server has them, and as server-sent events where Mastodon does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.sandbox.api.door import Call, answer, covers, find_token, route
from app.sandbox.failures import Refusal, not_found, unauthorized
from app.sandbox.hub import Listener
from app.sandbox.records import Token
from app.sandbox.world import World

STREAMS: Final = ("user", "user:notification", "direct", "public", "public:local", "hashtag")
HEARTBEAT_SECONDS: Final = 15.0


async def socket(ws: WebSocket) -> None:
    """Serve one websocket: the streams of its address, and those it subscribes to later."""
    world: World = ws.app.state.world
    protocol = ws.headers.get("sec-websocket-protocol", "").partition(",")[0].strip() or None
    try:
        token = _socket_token(world, ws, protocol)
    except Refusal as refusal:
        await ws.send_denial_response(answer(refusal.body, refusal.code))
        return
    listener = Listener(str(token.account_id), token.value, set())
    first = ws.query_params.get("stream")
    unknown = first is not None and not _subscribe(listener, first, ws.query_params.get("tag"), add=True)
    await ws.accept(subprotocol=protocol)
    if unknown:
        await ws.send_text(_UNKNOWN)
    world.hub.join(listener)
    writer = asyncio.ensure_future(_write(ws, listener))
    reader = asyncio.ensure_future(_read(world, ws, listener))
    try:
        await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        world.hub.leave(listener)
        for task in (writer, reader):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await task
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await ws.close(1001)


_UNKNOWN: Final = '{"error":"Unknown stream type","status":400}'


def _socket_token(world: World, ws: WebSocket, protocol: str | None) -> Token:
    scheme, _, shown = ws.headers.get("authorization", "").partition(" ")
    value = shown if scheme.lower() == "bearer" else (ws.query_params.get("access_token") or protocol)
    token = find_token(world, value)
    if not token or not token.account_id:
        raise unauthorized(world.flavour)
    needed = "read:statuses" if world.flavour.honours_keys else "read"
    if not covers(token.scopes, needed):
        raise unauthorized(world.flavour)
    return token


def _subscribe(listener: Listener, stream: str, tag: str | None, *, add: bool) -> bool:
    """Add or remove a stream; False for one that does not exist."""
    if stream not in STREAMS or (stream == "hashtag" and not tag):
        return False
    name = f"hashtag:{str(tag).lower()}" if stream == "hashtag" else stream
    (listener.streams.add if add else listener.streams.discard)(name)
    return True


async def _read(world: World, ws: WebSocket, listener: Listener) -> None:
    while True:
        try:
            said = orjson.loads(await ws.receive_text())
        except orjson.JSONDecodeError:
            await ws.send_text('{"error":"Invalid JSON","status":400}')
            continue
        if not isinstance(said, dict) or said.get("type") not in {"subscribe", "unsubscribe"}:
            continue
        stream = str(said.get("stream", ""))
        if not world.flavour.honours_keys and stream in {"user:notification", "hashtag"}:
            continue  # such servers pass over these without a word
        if not _subscribe(listener, stream, said.get("tag"), add=said["type"] == "subscribe"):
            await ws.send_text(_UNKNOWN)


async def _write(ws: WebSocket, listener: Listener) -> None:
    while event := await listener.queue.get():
        stream, name, payload = event
        frame = {"stream": stream.split(":") if stream.startswith("hashtag:") else [stream], "event": name}
        await ws.send_text(orjson.dumps(frame | {"payload": payload}).decode())


async def events(call: Call) -> Response:
    """Serve a stream as server-sent events."""
    if not call.world.flavour.events_over_http:
        raise not_found(call.world.flavour)
    stream = call.path("stream").replace("/", ":")
    listener = Listener(call.me.id, call.token.value if call.token else "", set())
    if not _subscribe(listener, stream, call.text("tag"), add=True):
        raise not_found(call.world.flavour)
    headers = {"Cache-Control": "private, no-store"}
    return StreamingResponse(_lines(call.world, listener, call.request), 200, headers, "text/event-stream")


async def _lines(world: World, listener: Listener, request: Request) -> AsyncIterator[str]:
    world.hub.join(listener)
    try:
        yield ":)\n\n"
        while not await request.is_disconnected():
            try:
                event = await asyncio.wait_for(listener.queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ":thump\n\n"
                continue
            if event is None:
                return
            yield f"event: {event[1]}\ndata: {event[2]}\n\n"
    finally:
        world.hub.leave(listener)


ROUTES: list[BaseRoute] = [
    WebSocketRoute("/api/v1/streaming", socket),
    WebSocketRoute("/api/v1/streaming/", socket),
    route("GET", "/api/v1/streaming/{stream:path}", events, scope="read:statuses"),
]
