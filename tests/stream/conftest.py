"""Desks served on real sockets: one app or several on one database, and consoles that listen to them."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import uvicorn
import websockets
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect

from app.agents.permit import Actor
from app.agents.routes import router as agents
from app.agents.sign_in import open_sign_in
from app.core import http
from app.core.shared_frame import SharedFrames
from app.core.transaction import record, transaction
from app.main import _live, close_consoles
from app.stream.hub import Hub
from app.stream.routes import router as stream
from app.tickets.events import TicketPrioritised
from app.tickets.routes import router as tickets
from tests.kept import keep_routes

_PATIENCE = 60.0
"""Seconds that something waited for may take on a busy machine."""


class Served:
    """An app on a real port."""

    def __init__(self, app: FastAPI, server: uvicorn.Server, port: int) -> None:
        self.app, self.server, self.port = app, server, port
        self.hub: Hub = app.state.hub

    def restart(self) -> None:
        """What a shutdown tells the consoles."""
        close_consoles(self.app)

    def console(self, secret: str | None, after: int = 0, **more: Any) -> "Opening":
        return Opening(self.port, secret, after, more)


class Opening:
    """A console about to connect: `async with desk.console(secret) as console`."""

    def __init__(self, port: int, secret: str | None, after: int, more: dict[str, Any]) -> None:
        headers = {"Cookie": f"mentiondesk={secret}"} if secret else {}
        headers |= more.pop("headers", {})
        address = f"ws://127.0.0.1:{port}/api/v1/stream?after={after}"
        # a client that paused reading would wait for the server's goodbye behind what it has not read
        more.setdefault("max_queue", None)
        self._connecting = connect(address, additional_headers=headers, proxy=None, **more)

    async def __aenter__(self) -> "Console":
        return Console(await self._connecting.__aenter__())

    async def __aexit__(self, *why: object) -> None:
        await self._connecting.__aexit__(*why)  # type: ignore[arg-type]


class Console:
    """What a console hears."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line

    async def frame(self, seconds: float = _PATIENCE) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            return json.loads(await self.line.recv())

    async def until(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = _PATIENCE) -> list[dict[str, Any]]:
        """Every frame up to the first that is wanted."""
        frames = []
        async with asyncio.timeout(seconds):
            while not frames or not wanted(frames[-1]):
                frames.append(json.loads(await self.line.recv()))
        return frames

    async def up_to(self, seq: int) -> list[dict[str, Any]]:
        """Every frame until the console knows of this number."""
        return await self.until(lambda f: max([f.get("seq", 0), *seqs([f])]) >= seq)

    async def closed(self, seconds: float = _PATIENCE) -> int:
        """The code with which the line ends."""
        async with asyncio.timeout(seconds):
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    await self.line.recv()
        return self.line.close_code or 0

    async def say(self, **frame: Any) -> None:
        await self.line.send(json.dumps(frame))


def seqs(frames: list[dict[str, Any]]) -> list[int]:
    """The numbers of the events among these frames."""
    return [e["seq"] for e in events(frames)]


def events(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events that these frames bring."""
    return [e for f in frames if f["kind"] == "events" for e in f["events"]]


@contextlib.asynccontextmanager
async def serving(database_url: str, **config: Any) -> AsyncIterator[Served]:
    """The stream, tickets and agents of an app, on a free loopback port."""
    app = FastAPI(lifespan=_live)
    app.state.hub, app.state.database_url = Hub(), database_url
    http.install(app)
    for router in (stream, tickets, agents):
        app.include_router(router)
    keep_routes(app)
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    config = {"ws": SharedFrames, "ws_per_message_deflate": False} | config
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=1, **config)
    )
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
    running = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started:
        assert not running.done(), running.exception()
        await asyncio.sleep(0.01)
    try:
        yield Served(app, server, bound.getsockname()[1])
    finally:
        server.should_exit = True
        await running
        bound.close()


@pytest.fixture
async def served(database: str) -> AsyncIterator[Served]:
    async with serving(database) as served:
        yield served


async def signed_in(actor: Actor) -> str:
    """A browser's secret."""
    async with transaction() as tx:
        return (await open_sign_in(tx, actor.agent_id)).secret


async def happen(brand_id: str, times: int = 1, *, ticket_id: str = "tk_none") -> None:
    """So many facts about a brand, each in its own commit."""
    for _ in range(times):
        async with transaction() as tx:
            fact = TicketPrioritised(brand_id=brand_id, ticket_id=ticket_id, before="normal", to="high")
            record(tx, fact)
