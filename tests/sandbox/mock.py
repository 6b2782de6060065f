"""The second opinion: mastodon_mock from PyPI, run as its own process, seeded with the same people."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

PEOPLE = ("acme", "nora", "yusuf")

_CONFIG = """
[streaming]
heartbeat_seconds = 1.0
"""
_PERSON = """
[[seed.accounts]]
username = "{name}"
display_name = "{name}"
access_token = "token-of-{name}"
"""


@contextmanager
def start_mock(folder: Path) -> Iterator[str]:
    """Run it until the block ends; yields its address. Tokens are token-of-<name>."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "mock.toml"
    config.write_text(_CONFIG + "".join(_PERSON.format(name=name) for name in PEOPLE))
    program = Path(sys.executable).parent / "mastodon_mock"
    args = [program, "serve", "--config", config, "--in-memory", "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "mock.log"
    with log.open("wb") as out, subprocess.Popen(args, stdout=out, stderr=out, cwd=folder) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _wait(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if httpx2.get(f"{address}/api/v1/instance", trust_env=False).is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())
