"""Starts the PostgreSQL that comes from PyPI when no database URL is set; the newcomer's default and the tests'."""

import contextlib
import fcntl
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

from app.core import keeper
from app.core.place import EmbeddedDatabaseFailed, Place, Report, find_place, major_of, socket_folder

_OWNER: Final = "mentiondesk"
_PORT: Final = "5432"  # only a part of the socket's name; nothing listens on a network
_START_SECONDS: Final = 90.0  # recovery after a crash may take a while
_END_SECONDS: Final = 30.0
_LOG_BYTES: Final = 5_000_000
_SYNCFS: Final = 17
"""The first version whose initdb can be told to sync by file system."""

_ALWAYS: Final = {
    "listen_addresses": "",
    "port": _PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_FORGETFUL: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400"}


@dataclass(slots=True)
class EmbeddedServer:
    """A running PostgreSQL that stays while we, or any other process, are attached to it."""

    url: str
    folder: Path
    _attached: io.BufferedWriter

    def url_of(self, database: str) -> str:
        """The address of another database on this server."""
        head, _, query = self.url.partition("?")
        return f"{head.rpartition('/')[0]}/{database}?{query}"

    def stop(self) -> None:
        """Let go of the server; the last process that does waits until it is down. Twice is as good as once."""
        if self._attached.closed:
            return
        try:
            fcntl.flock(self._attached, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Either others are attached, then this passes at once; or the keeper is stopping the server: wait for it.
            fcntl.flock(self._attached, fcntl.LOCK_SH)
            alone = False
        else:
            alone = True
        with self._attached:
            if not alone:
                return
            if pid := _server_pid(self.folder / "cluster"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)  # a fast shutdown: sessions end, everything committed is kept
            with (self.folder / "keeper.lock").open("ab") as kept:
                fcntl.flock(kept, fcntl.LOCK_EX)

    def __enter__(self) -> Self:
        """Give the server itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Stop on the way out."""
        self.stop()


def start(data_dir: Path, report: Report = lambda _: None, *, durable: bool = True) -> EmbeddedServer:
    """Start the server of `data_dir`, or attach to it when another process has it running already.

    Blocks until the server answers. `durable=False` gives up safety in a power cut for speed, for tests.
    Raises EmbeddedDatabaseFailed, whose sentence says what to do. The server ends when the last process attached
    to it stops or dies, in whatever way.
    """
    place = find_place(data_dir, report)
    with contextlib.ExitStack() as undo:
        try:
            attached = undo.enter_context((place.folder / "attached.lock").open("ab"))
            fcntl.flock(attached, fcntl.LOCK_SH)
            alone = undo.enter_context((place.folder / "start.lock").open("ab"))
            fcntl.flock(alone, fcntl.LOCK_EX)
        except PermissionError as error:
            raise EmbeddedDatabaseFailed(
                f"The folder {place.folder} cannot be written: make it writable for you, "
                "or choose another one with MENTIONDESK_DATA_DIR."
            ) from error
        if not _ready(place.cluster):
            _launch(place, report, durable=durable)
        undo.pop_all()
        alone.close()
    url = f"postgresql://{_OWNER}@/{_OWNER}?host={quote(_socket_of(place.cluster), safe='/')}&port={_PORT}"
    return EmbeddedServer(url, place.folder, attached)


def _launch(place: Place, report: Report, *, durable: bool) -> None:
    with (place.folder / "keeper.lock").open("ab") as kept:
        if not _take(kept, place):
            return
        if not place.cluster.exists():
            report("Creating the database")
            _create(place, durable=durable)
        (place.cluster / "postmaster.pid").unlink(missing_ok=True)  # left by a crash: _take() saw nobody behind it
        if place.log.exists() and place.log.stat().st_size > _LOG_BYTES:
            place.log.unlink()
        said_before = place.log.stat().st_size if place.log.exists() else 0
        report("Starting PostgreSQL")
        sockets, temporary = socket_folder(place)
        order = {
            "command": _command(place, sockets, durable=durable),
            "environment": _environment(),
            "uid": place.account.uid,
            "gid": place.account.gid,
            "log": str(place.log),
            "lock": str(place.folder / "attached.lock"),
            "pid_file": str(place.cluster / "postmaster.pid"),
            "socket_folder": str(sockets) if temporary else None,
        }
        subprocess.run(  # noqa: S603 - our own file, by path, with the standard library only
            [sys.executable, "-I", "-S", keeper.__file__, json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[kept.fileno()],  # and with it the lock, as long as the keeper lives
            start_new_session=True,  # Ctrl-C in a terminal is for us, who then stop in good order
            check=True,
        )
    _await(place, said_before)
    if not (place.folder / "created").exists():
        _run(place, "createdb", "-h", str(sockets), "-p", _PORT, "-U", _OWNER, "-T", "template0", _OWNER)
        (place.folder / "created").touch()


def _command(place: Place, sockets: Path, *, durable: bool) -> list[str]:
    options = _ALWAYS | ({} if durable else _FORGETFUL)
    if int((place.cluster / "PG_VERSION").read_text()) >= 18:
        options["io_method"] = "sync"  # no extra processes for a small desk
    command = [str(place.programs / "postgres"), "-D", str(place.cluster), "-k", str(sockets)]
    return command + [part for name, value in options.items() for part in ("-c", f"{name}={value}")]


def _take(kept: io.BufferedWriter, place: Place) -> bool:
    """Take the keeper's lock; False when a keeper brings its server back meanwhile.

    Whoever has the lock while no server is ready here is just ending, or starting a dead server again, or on another
    machine. Sessions of a server that was killed must be gone too: they still write into its files.
    """
    deadline = time.monotonic() + _END_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _server_pid(place.cluster) is None and not _working_in(place.cluster):
                return True
        if _ready(place.cluster):
            return False
        time.sleep(0.02)
    raise EmbeddedDatabaseFailed(
        f"The database in {place.folder} is in use by another machine or container: stop that one, "
        "or choose another folder with MENTIONDESK_DATA_DIR."
    )


def _working_in(cluster: Path) -> bool:
    """Whether any process has the cluster as its working folder, as PostgreSQL's all do; known where there is /proc."""
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # ended meanwhile, or somebody else's
            if entry.readlink() == cluster:
                return True
    return False


def _await(place: Place, said_before: int) -> None:
    """Wait until the server takes connections, or say why it does not."""
    deadline = time.monotonic() + _START_SECONDS
    with (place.folder / "keeper.lock").open("ab") as kept:
        while not _ready(place.cluster):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)
                deadline = 0  # the keeper is gone, and the server with it
            if time.monotonic() > deadline:
                said = place.log.read_bytes()[said_before:].decode(errors="replace") if place.log.exists() else ""
                raise EmbeddedDatabaseFailed(f"PostgreSQL did not start: {_why(said)} (more in {place.log}).")
            time.sleep(0.01)


def _create(place: Place, *, durable: bool) -> None:
    """Make the cluster under another name first, so that a half-made one is never taken for whole."""
    making = place.cluster.with_name("cluster.new")
    shutil.rmtree(making, ignore_errors=True)
    (place.folder / "created").unlink(missing_ok=True)
    making.mkdir(mode=0o700)
    if place.account.uid is not None:
        os.chown(making, place.account.uid, place.account.gid or 0)
    arguments = ["--auth=trust", "--encoding=UTF8", "--no-instructions", "-U", _OWNER, "-D", str(making)]
    # The built-in locale folds the letters of every script alike on every machine.
    arguments += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run(place, "initdb", *arguments, *initdb_sync(major_of(place.programs), durable=durable))
    making.rename(place.cluster)


def initdb_sync(major: int, *, durable: bool) -> list[str]:
    """How initdb of this version brings a new cluster onto the disk: before it is used, or not at all for tests.

    Linux takes a whole file system at once, which keeps as much as a thousand files one by one and is over in a part of
    the time, half a second to two of a first start.
    """
    if not durable:
        return ["--no-sync"]
    return ["--sync-method=syncfs"] if major >= _SYNCFS and sys.platform == "linux" else []


def _run(place: Place, program: str, *arguments: str) -> None:
    account: dict[str, Any] = {}
    if place.account.uid is not None:
        account = {"user": place.account.uid, "group": place.account.gid, "extra_groups": []}
    command: Sequence[str] = [str(place.programs / program), *arguments]
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        command, capture_output=True, text=True, check=False, env=_environment(), cwd="/", **account
    )
    if done.returncode and "already exists" not in done.stderr:
        raise EmbeddedDatabaseFailed(f"The database could not be created: {_why(done.stderr)}.")


def _environment() -> dict[str, str]:
    """What PostgreSQL's programs need, without the variables by which the caller's own PostgreSQL is configured."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


def _why(said: str) -> str:
    """The one line of a log that says what went wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    grave = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
    line = (grave or lines or ["it said nothing"])[-1]
    return line.rpartition(":  ")[2].rstrip(".")


def _pid_file(cluster: Path) -> list[str]:
    """The lines of postmaster.pid (PostgreSQL's miscadmin.h says which is which), or none."""
    try:
        return [line.strip() for line in (cluster / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _server_pid(cluster: Path) -> int | None:
    """The running server's process id; a file left behind whose number now names another process does not count."""
    lines = _pid_file(cluster)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    try:
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and os.fsencode(cluster) not in command.read_bytes():
            return None
    except ProcessLookupError:
        return None
    except PermissionError:
        return None if os.geteuid() else pid
    return pid


def _ready(cluster: Path) -> bool:
    lines = _pid_file(cluster)
    return len(lines) >= 8 and lines[7] == "ready" and _server_pid(cluster) is not None


def _socket_of(cluster: Path) -> str:
    return _pid_file(cluster)[4]
