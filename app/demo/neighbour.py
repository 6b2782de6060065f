"""The sandbox network in a process of its own, which ends with ours however ours ends."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2

from app.core.errors import Unavailable

USUAL_PORT: Final = 8420
_START_SECONDS: Final = 30.0


class SandboxSilent(Unavailable):
    """The sandbox network did not start; look at what it printed above."""


def free_port(host: str, wanted: int) -> int:
    """The port wanted, or another free one when it is taken."""
    for port in (wanted, 0):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    raise SandboxSilent


@contextmanager
def sandbox(folder: Path, port: int) -> Iterator[str]:
    """Run the sandbox on this port of loopback and answer its address. Raises SandboxSilent."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "app.cli",
        "sandbox",
        "serve",
        "--port",
        str(port),
        "--folder",
        str(folder),
        "--with-parent",
    ]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SandboxSilent
        try:
            if httpx2.get(f"{address}/api/v2/instance", timeout=2, trust_env=False).is_success:
                return
        except httpx2.HTTPError:
            time.sleep(0.05)
    raise SandboxSilent


def tell(address: str, path: str, **body: Any) -> Any:
    """Say something to the sandbox's control interface and answer what it says."""
    answer = httpx2.post(f"{address}/sandbox/{path}", json=body, timeout=20, trust_env=False)
    answer.raise_for_status()
    return answer.json()
