"""Keeps the embedded PostgreSQL running while any process is attached, and stops it when the last one is gone.

It runs as a process of its own, started by `app.core.embedded` by path, so it needs the standard library only. Being
attached means holding a shared lock on a file; the kernel drops that lock however a process ends, SIGKILL included.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_PATIENCE_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0


def die_with_parent() -> None:
    """Ask Linux to shut PostgreSQL down fast when the keeper itself is killed; other systems have no such wish."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


class _Kept:
    """The server that is kept: its present process, and whether it is to end."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._process: subprocess.Popen[bytes] | None = None
        self.ending = threading.Event()
        self.gone = threading.Event()

    def run(self) -> tuple[int, bool]:
        """Run PostgreSQL until it ends; its exit code, and whether it ever took connections."""
        account: dict[str, Any] = {}
        if self._order["uid"] is not None:
            account = {"user": self._order["uid"], "group": self._order["gid"], "extra_groups": []}
        with Path(self._order["log"]).open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary, no shell
                self._order["command"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._order["environment"],
                cwd="/",
                preexec_fn=die_with_parent,  # noqa: PLW1509 - it makes one system call
                **account,
            )
        if self.ending.is_set():  # told between two lives
            self.signal(signal.SIGINT)
        ready = False
        while True:
            try:
                code = self._process.wait(None if ready else 0.1)
            except subprocess.TimeoutExpired:
                ready = self._ready(self._process.pid)
            else:
                return code, ready or self._ready(self._process.pid)  # the file outlives who is killed

    def _ready(self, pid: int) -> bool:
        try:
            lines = Path(self._order["pid_file"]).read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def signal(self, number: int) -> None:
        """Send a signal to the server, if there is one."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def end(self) -> None:
        """End it fast, and for good."""
        self.ending.set()
        self.signal(signal.SIGINT)


def _stop_when_alone(lock: Path, kept: _Kept) -> None:
    """Wait until nobody holds the lock; newcomers then wait on it until PostgreSQL is down and they can start anew."""
    with lock.open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        kept.end()
        if not kept.gone.wait(_PATIENCE_SECONDS):
            kept.signal(signal.SIGQUIT)
        kept.gone.wait()


def keep(order: dict[str, Any]) -> int:
    """Run PostgreSQL as `order` says until nobody is attached; answers its exit code.

    A server that took connections and then died - killed for its memory, its disk full - is started again, as often as
    it takes: what it had committed it recovers by itself.
    """
    kept = _Kept(order)
    signal.signal(signal.SIGTERM, lambda *_: kept.end())
    threading.Thread(target=_stop_when_alone, args=(Path(order["lock"]), kept), daemon=True).start()
    code, was_ready = kept.run()
    pause = _FIRST_PAUSE_SECONDS
    while code and was_ready and not kept.ending.wait(pause):  # 0: somebody asked it to stop
        code, came_back = kept.run()
        pause = _FIRST_PAUSE_SECONDS if came_back else min(pause * 2, _LONGEST_PAUSE_SECONDS)
    kept.gone.set()
    if order["socket_folder"]:
        shutil.rmtree(order["socket_folder"], ignore_errors=True)
    return code


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # the starter waits for this one only, and is left with no child to look after
    sys.exit(keep(json.loads(sys.argv[1])))
