"""A bare Starlette app that sends a text to every open socket, one after the other: `python -m bench.bare_broadcast PORT`."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.core.port import take_port
from app.serve import web_config

_open: set[WebSocket] = set()


async def stream(websocket: WebSocket) -> None:
    """Stay until the other side goes."""
    await websocket.accept()
    _open.add(websocket)
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await websocket.receive_text()
    _open.discard(websocket)


async def say(request: Request) -> Response:
    """Send the body to everybody; when it began, in seconds since 1970."""
    words = (await request.body()).decode()
    began = time.time()
    for websocket in tuple(_open):
        await websocket.send_text(words)
    return JSONResponse(began)


@contextlib.asynccontextmanager
async def _announced(_: Starlette) -> AsyncIterator[None]:
    print("answers", flush=True)
    yield


def main(port: int) -> None:
    """Serve until a signal."""
    routes = [WebSocketRoute("/api/v1/stream", stream), Route("/say", say, methods=["POST"])]
    server = uvicorn.Server(web_config(Starlette(routes=routes, lifespan=_announced)))
    with take_port("127.0.0.1", port) as bound:
        asyncio.run(
            server.serve([bound])
        )  # as app/serve.py does: `run()` would choose another kind of loop where it can


if __name__ == "__main__":
    main(int(sys.argv[1]))
