"""Serving the sandbox with uvicorn, on a port that is really its own."""

import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.core.errors import Invalid, Unavailable
from app.core.port import address_of, take_port
from app.sandbox.address import ADDRESS, DEFAULT_PORT
from app.sandbox.flavour import FLAVOURS
from app.sandbox.server import create_sandbox

_BACKLOG = 8_192


class FlavourUnknown(Invalid):
    """The sandbox plays mastodon or gotosocial."""


class PortTaken(Unavailable):
    """The sandbox's port is already in use; choose another one with --port."""


class DroppableProtocol(HttpToolsProtocol):
    """HTTP that lets a scripted fault end the connection without an answer, as a dying server would."""

    def on_message_begin(self) -> None:
        """Offer the two ways of ending a connection to the app."""
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["extensions"] = {"sandbox.drop": self.transport.close, "sandbox.reset": self.transport.abort}


def bind(host: str, port: int) -> socket.socket:
    """Take a port (0: any free one) before anything else is done. Raises PortTaken."""
    try:
        return take_port(host, port)
    except OSError as error:
        sentence = f"The sandbox cannot have {host}:{port} ({error.strerror}); choose another one with --port."
        raise PortTaken(sentence) from error


def make_server(bound: socket.socket, host: str, **options: Any) -> uvicorn.Server:
    """Make a uvicorn server for a bound socket; `options` go to create_sandbox()."""
    app = create_sandbox(address=address_of(bound, host), **options)
    bound.listen(_BACKLOG)  # uvicorn would only after the app has told that it answers; who comes earlier waits
    config = uvicorn.Config(
        app,
        http=DroppableProtocol,
        ws="websockets-sansio",
        log_level="warning",
        access_log=False,
        backlog=_BACKLOG,
        ws_ping_interval=30,
        timeout_graceful_shutdown=1,
        lifespan="on",
    )
    return uvicorn.Server(config)


def serve(
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    *,
    flavour: str = "mastodon",
    folder: Path | None = None,
    brand: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve a network until SIGINT or SIGTERM; `tell` hears one line when it answers. Raises PortTaken, MemoryUnreadable.

    With a folder it goes on where it stopped, and notes its address there for known_address().
    """
    if flavour not in FLAVOURS:
        raise FlavourUnknown
    bound = bind(host, port)
    address = address_of(bound, host)
    with bound:
        server = make_server(bound, host, flavour=flavour, folder=folder, brand=brand, tell=tell)
        note = folder / ADDRESS if folder else None
        if note:
            note.write_text(address)
        # uvicorn hands a signal on once it has stopped; the default would end us before the note is gone
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
        try:
            server.run([bound])
        finally:
            if note:
                note.unlink(missing_ok=True)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
