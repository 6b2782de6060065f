"""Starts the product by fork from a process that has imported everything, so that two hundred deaths take minutes.

Each line on its input is an order; each line of its output is the number of the process that carries it out. The child
is what `mentiondesk web` or `mentiondesk worker` is, and dies with this process.
"""

import ctypes
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

import app.cli
import app.main
import app.serve
import app.worker
from app.core import embedded, migrate  # noqa: F401 - imported here once instead of in every child
from app.core.settings import settings
from app.wiring import wire
from tests.faults import bent

_PR_SET_PDEATHSIG = 1


def become(order: dict[str, Any]) -> None:
    """Be the ordered command, in this process."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["environment"])
    settings.cache_clear()
    if order["pace"] != 1.0:
        bent.quicken(order["pace"])
    if order["clock"]:
        bent.follow_clock(Path(order["clock"]))
    sys.argv = ["mentiondesk", *order["arguments"]]
    app.cli.main()


def main() -> None:
    """Fork a child for every order until the input ends."""
    wire()  # imports every reaction
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's children
    for name in [name for name in os.environ if name.startswith("MENTIONDESK_")]:
        del os.environ[name]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                become(json.loads(line))
            except SystemExit as end:
                code = int(end.code or 0)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
