"""The most memory that a run's processes hold at once, shared pages counted once, looked at from a process of its own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_EVERY_SECONDS: Final = 1.0
_PROC: Final = Path("/proc")
_OURS: Final = Path(__file__).parent.parent.resolve()
_PSS: Final = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class Watch:
    """Looks every second while it is open; `most` is then the largest sum of bytes, 0 where there is no /proc."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self.most = 0

    def __enter__(self) -> Self:
        """Begin to look."""
        command = [sys.executable, "-m", "bench.memory", str(os.getpid())]
        self._watcher = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Stop, and say what was seen."""
        self._watcher.send_signal(signal.SIGTERM)
        said, _ = self._watcher.communicate()
        self.most = int(said or 0)


def held(by: int) -> int:
    """Bytes that a process, all below it and this checkout's databases hold now, but for the one that looks."""
    parents, databases = dict[int, int](), set[int]()
    for entry in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # ended meanwhile, or somebody else's
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            # PostgreSQL is nobody's child, so that it outlives whoever started it; it works in its own folder
            if (entry / "exe").readlink().name == "postgres" and (entry / "cwd").readlink().is_relative_to(_OURS):
                databases.add(int(entry.name))
    ours, more = {by}, {by}
    while more := {pid for pid, parent in parents.items() if parent in more and pid not in ours}:
        ours |= more
    return sum(_held(pid) for pid in (ours | databases) - {os.getpid()})


def _held(pid: int) -> int:
    with contextlib.suppress(OSError):
        found = _PSS.search((_PROC / str(pid) / "smaps_rollup").read_text())
        return int(found.group(1)) * 1024 if found else 0
    return 0


def _watch(run: int) -> None:
    most = 0
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then ends us
    while not ended and os.getppid() == run:
        most = max(most, held(run))
        time.sleep(_EVERY_SECONDS)
    print(most)


if __name__ == "__main__":
    _watch(int(sys.argv[1]))
