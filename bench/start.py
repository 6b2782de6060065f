"""How long `serve` takes from an empty folder to its first answer, and how much memory it then holds, database included."""

import asyncio
import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.core import embedded
from app.core.migrate import migrate
from bench.figures import Figure, at_most
from tools.setup import clean_environment
from tools.steps import ROOT

_RUNS = 3
_IDLE_SECONDS = 5.0
_MB = 1024.0
_HERTZ = 100
"""Ticks a second in /proc, the same on every Linux that people run this on."""


@dataclass(frozen=True, slots=True)
class _Start:
    """What one start took: until the first answer, and how much of a core of our own process until then."""

    seconds: float
    cpu: float


async def measure() -> list[Figure]:
    """Seconds to the first answer, megabytes at rest, and where the seconds go."""
    return await asyncio.to_thread(_measure)


def _measure() -> list[Figure]:
    _python("import app.serve")  # writes the byte code that an installation comes with
    anew: list[_Start] = []
    again: list[_Start] = []
    memory: dict[str, float] = {}
    for _ in range(_RUNS):
        with _folder() as data:
            with _serving(data) as (first, _):
                anew.append(first)
            with _serving(data) as (second, pid):
                again.append(second)
                if not memory:
                    time.sleep(_IDLE_SECONDS)
                    memory = _memory(data, pid)
    return [
        at_most("from nothing to the first answer", statistics.median(one.seconds for one in anew), "s", 3),
        at_most("at rest, with the database", sum(memory.values()), "MB", 250),
        Figure("of it the product", memory["product"], "MB"),
        Figure("of it PostgreSQL", memory["database"], "MB"),
        Figure("second start to the first answer", statistics.median(one.seconds for one in again), "s"),
        Figure("from nothing, fastest of three", min(one.seconds for one in anew), "s"),
        Figure("core used by the product from nothing", statistics.median(one.cpu for one in anew), "s"),
        Figure("core used by the product, second start", statistics.median(one.cpu for one in again), "s"),
        *_split(),
    ]


@contextlib.contextmanager
def _serving(data: Path) -> Iterator[tuple[_Start, int]]:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0"],
        cwd=ROOT,
        env=clean_environment() | {"MENTIONDESK_DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said: list[str] = []
        for line in process.stderr or ():
            said.append(line)
            if ready := re.match(r"Ready: (http\S+)", line):
                break
        else:
            raise RuntimeError("".join(said))
        with urllib.request.urlopen(f"{ready[1]}/api/v1/alive", timeout=30) as answer:
            answer.read()
        yield _Start(time.perf_counter() - began, _cpu(process.pid)), process.pid
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _split() -> list[Figure]:
    """The parts by themselves; in a start from nothing the database is made while the product is imported."""
    figures = [Figure("part: interpreter and imports", _timed(lambda: _python("import app.serve")), "s")]
    with _folder() as data:
        began = time.perf_counter()
        with embedded.start(data) as server:
            figures.append(Figure("part: PostgreSQL made anew", time.perf_counter() - began, "s"))
            figures.append(Figure("part: migrations from empty", _timed(lambda: migrate(server.url)), "s"))
            figures.append(Figure("part: nothing to migrate", _timed(lambda: migrate(server.url)), "s"))
            with psycopg.connect(server.url) as connection:
                connection.execute("select 1")
        began = time.perf_counter()
        with embedded.start(data):
            figures.append(Figure("part: PostgreSQL started again", time.perf_counter() - began, "s"))
            began = time.perf_counter()
            other = embedded.start(data)
            figures.append(Figure("part: PostgreSQL attached to", time.perf_counter() - began, "s"))
            other.stop()
            began = time.perf_counter()
        figures.append(Figure("part: PostgreSQL stopped", time.perf_counter() - began, "s"))
    return figures


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A data folder that does not exist yet, where the database's own account can reach it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


def _timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=clean_environment(), check=True)


def _cpu(pid: int) -> float:
    """Seconds of a core that this process itself has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _HERTZ


def _memory(data: Path, pid: int) -> dict[str, float]:
    """Megabytes, pages shared between processes counted once, of the product and of everything of its database."""
    found = {"product": _pss(pid), "database": 0.0}
    cluster = str((data / "postgres").resolve()).encode()
    masters = [one for one in _numbered() if cluster in _read(one / "cmdline")]
    families = {one.name for one in masters}
    for one in _numbered():
        parent = _read(one / "stat").rpartition(b")")[2].split()[1:2]
        if one.name in families or (parent and parent[0].decode() in families):
            found["database"] += _pss(int(one.name))
    return found


def _numbered() -> list[Path]:
    return list(Path("/proc").glob("[0-9]*"))


def _read(path: Path) -> bytes:
    """A file of a process, empty when it has just ended."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _pss(pid: int) -> float:
    found = re.search(rb"^Pss:\s+(\d+)", _read(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) / _MB if found else 0.0
