"""serve(): web and worker, together or apart, on one database, until a signal says to stop."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Final

import structlog
import uvicorn
from sqlalchemy import func, select
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from app.core import client, embedded
from app.core.db import close_database, open_database
from app.core.errors import Unavailable
from app.core.ids import go_on_after
from app.core.migrate import migrate
from app.core.port import take_port
from app.core.secrets import check_key
from app.core.settings import settings
from app.core.telemetry import configure
from app.core.transaction import transaction
from app.main import close_consoles, create_app, create_watch
from app.replies.models import Reply
from app.tickets.models import Message
from app.watch.vitals import Vitals
from app.worker import run_worker

log = structlog.get_logger()

_GRACE_SECONDS: Final = 5
_BACKLOG: Final = 2048
_DEAF_SECONDS: Final = 60
"""A peer that takes nothing for so long has gone, and what waits for it is dropped with its connection."""

Say = Callable[[str], None]


class PortTaken(Unavailable):
    """Something else listens on this port already; choose another one with --port."""


class DatabaseUnreachable(Unavailable):
    """The database cannot be reached; look at MENTIONDESK_DATABASE_URL."""


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


@contextlib.contextmanager
def database(say: Say) -> Iterator[str]:
    """The address of the database to use, migrated: the one that is set, else the embedded one, started for us."""
    configure(settings())
    given = settings().database_url
    if given:
        say("Migrating the database …")
        try:
            migrate(settings().listen_url or given)  # the lock of a session needs a connection of its own
        except OperationalError as problem:
            why = str(problem.orig or problem).splitlines()[0]
            raise DatabaseUnreachable(f"The database of MENTIONDESK_DATABASE_URL cannot be used: {why}.") from problem
        except (ArgumentError, ProgrammingError, ValueError) as problem:  # its words may hold a part of the password
            raise DatabaseUnreachable("MENTIONDESK_DATABASE_URL is no address of a database.") from problem
        yield given
        return
    with embedded.start(settings().data_dir, say) as server:
        say("Migrating the database …")
        migrate(server.url)
        yield server.url


def bind(host: str, port: int, *, what: str = "The console", option: str = "--port") -> socket.socket:
    """Take the port before anything else is started. Raises PortTaken with one sentence."""
    try:
        taken = take_port(host, port)
    except (OSError, OverflowError) as problem:
        why = getattr(problem, "strerror", None) or problem
        raise PortTaken(f"{what} cannot have {host}:{port} ({why}); choose another port with {option}.") from problem
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; passed on to every connection accepted here
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAF_SECONDS * 1000)
    return taken


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
            if parts.work:
                group.create_task(run_worker(url, stop, vitals))
            group.create_task(_say_stopping(vitals, stop))
            if parts.web and bound is not None:
                app = create_app(vitals)
                app.state.database_url = url
                group.create_task(_web(app, bound, stop, ready))
            elif watched is not None:
                group.create_task(_web(create_watch(vitals), watched, stop, ready))
            else:
                ready()
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
        ws="websockets-sansio",
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
