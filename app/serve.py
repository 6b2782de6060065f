"""serve(): web and worker, together or apart, on one database, until a signal says to stop."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Final

import structlog
import uvicorn
from sqlalchemy import func, select

from app.core import client
from app.core.db import close_database, open_database
from app.core.ids import go_on_after
from app.core.secrets import check_key
from app.core.settings import settings
from app.core.shared_frame import SharedFrames
from app.core.transaction import transaction
from app.main import close_consoles, create_app, create_watch
from app.replies.models import Reply
from app.tickets.models import Message
from app.watch.vitals import Vitals
from app.worker import run_worker

log = structlog.get_logger()

_GRACE_SECONDS: Final = 5
_BACKLOG: Final = 2048


@dataclass(frozen=True, slots=True)
class Parts:
    """What this process is: web side, worker, or both."""

    web: bool = True
    work: bool = True


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: one signal ends web and worker alike."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to serve()."""
        yield


async def run(
    parts: Parts,
    url: str,
    bound: socket.socket | None,
    ready: Callable[[], None],
    watched: socket.socket | None = None,
) -> None:
    """Run on a migrated database until SIGINT or SIGTERM; what is begun is finished, at most for a few seconds.

    `watched` is a port on which a process without a web side answers an operator's machines.
    """
    check_key()
    stop = asyncio.Event()
    vitals = Vitals()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    open_database(url, pool_size=settings().pool_size, pooled_outside=settings().listen_url is not None)
    try:
        await _count_on()
        async with asyncio.TaskGroup() as group:
            answering = asyncio.Event()

            def answers() -> None:
                ready()
                answering.set()

            group.create_task(_say_stopping(vitals, stop))
            if parts.web and bound is not None:
                app = create_app(vitals)
                app.state.database_url = url
                group.create_task(_web(app, bound, stop, answers))
            elif watched is not None:
                group.create_task(_web(create_watch(vitals), watched, stop, answers))
            else:
                answers()
            if parts.work:
                await answering.wait()  # people first: the loops' first statements are work, too
                group.create_task(run_worker(url, stop, vitals))
    finally:
        await client.close()
        await close_database()


async def _count_on() -> None:
    """Ids of this process follow those of the processes before it, by whatever clock they were made."""
    async with transaction() as tx:
        for table in (Message, Reply):
            newest = await tx.scalar(select(func.max(table.id)))
            if newest is not None:
                go_on_after(newest)


def web_config(app: Any) -> uvicorn.Config:
    """How an ASGI app is served as the web side."""
    return uvicorn.Config(
        app,
        log_level="warning",
        log_config=None,  # its lines go where ours go
        access_log=False,
        ws=SharedFrames,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,  # each console would compress the same words again: docs/decisions/0015
        ws_ping_interval=20,
        ws_ping_timeout=20,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        proxy_headers=True,
        server_header=False,
    )


async def _say_stopping(vitals: Vitals, stop: asyncio.Event) -> None:
    """From the signal on nobody should send new work here."""
    await stop.wait()
    vitals.stopping = True


async def _web(app: Any, bound: socket.socket, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    server = _Server(web_config(app))

    async def end() -> None:
        await stop.wait()
        if hasattr(app.state, "hub"):
            close_consoles(app)
        server.should_exit = True

    async def announce() -> None:
        while not server.started and not stop.is_set():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.02)
        ready()

    ending, announcing = asyncio.create_task(end()), asyncio.create_task(announce())
    try:
        await server.serve(sockets=[bound])
    finally:
        stop.set()
        await asyncio.gather(ending, announcing, return_exceptions=True)
