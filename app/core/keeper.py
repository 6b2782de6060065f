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


def die_with_parent() -> None:
    """Ask Linux to shut PostgreSQL down fast when the keeper itself is killed; other systems have no such wish."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _signal(postgres: "subprocess.Popen[bytes]", number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(postgres.pid, number)


def _stop_when_alone(lock: Path, postgres: "subprocess.Popen[bytes]", gone: threading.Event) -> None:
    """Wait until nobody holds the lock; newcomers then wait on it until PostgreSQL is down and they can start anew."""
    with lock.open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _signal(postgres, signal.SIGINT)
        if not gone.wait(_PATIENCE_SECONDS):
            _signal(postgres, signal.SIGQUIT)
        gone.wait()


def keep(order: dict[str, Any]) -> int:
    """Run PostgreSQL as `order` says until nobody is attached; answers its exit code."""
    account: dict[str, Any] = {}
    if order["uid"] is not None:
        account = {"user": order["uid"], "group": order["gid"], "extra_groups": []}
    log_path = Path(order["log"])
    with log_path.open("ab") as log:
        postgres = subprocess.Popen(  # noqa: S603 - our own binary, no shell
            order["command"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=order["environment"],
            cwd="/",
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the keeper has one thread until here
            **account,
        )
    gone = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: _signal(postgres, signal.SIGINT))
    threading.Thread(target=_stop_when_alone, args=(Path(order["lock"]), postgres, gone), daemon=True).start()
    code = postgres.wait()
    gone.set()
    if order["socket_folder"]:
        shutil.rmtree(order["socket_folder"], ignore_errors=True)
    return code


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # the starter waits for this one only, and is left with no child to look after
    sys.exit(keep(json.loads(sys.argv[1])))
