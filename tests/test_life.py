"""The product starts, and however it is stopped nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Running, demo, running


def gone(product: Running, seconds: float) -> list[str]:
    """What is still running after waiting at most so long."""
    deadline = time.monotonic() + seconds
    while (left := product.family()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def answer(address: str) -> int:
    with urllib.request.urlopen(address, timeout=30) as reply:
        return int(reply.status)


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that the database's own account can reach, which pytest's are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_however_it_is_stopped_nothing_stays_behind_and_it_starts_again(ground: Path) -> None:
    """Twice by a signal, as a terminal sends it, and once by force: each start finds what the one before has left."""
    data = ground / "data"
    for n, sign in enumerate((signal.SIGINT, signal.SIGTERM, signal.SIGKILL)):
        with demo(data) as product:
            assert ("Creating the database" in "".join(product.said)) == (n == 0)
            assert answer(f"{product.console}/api/v1/alive") == 200
            assert answer(f"{product.network}/api/v2/instance") == 200
            assert len(product.family()) > 3
            if sign == signal.SIGKILL:
                product.process.kill()
                product.process.wait()
                assert gone(product, 60) == []
                continue
            os.killpg(product.process.pid, sign)
            assert product.process.wait(60) in {0, 130, -sign}
            assert gone(product, 5) == []
            assert "Traceback" not in "".join(product.said)
    with demo(data) as again:
        assert answer(f"{again.console}/api/v1/alive") == 200
        assert "Creating the database" not in "".join(again.said)


def test_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(AssertionError, match=f"{port}.*--port") as said,
            running(tmp_path / "data", "demo", "--port", str(port), wait_for="Ctrl-C"),
        ):
            pass
    assert "Traceback" not in str(said.value)


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/nothing", "nonsense"])
def test_an_unusable_database_is_a_sentence(url: str) -> None:
    command = [sys.executable, "-m", "app.cli", "web", "--port", "0"]
    env = {**os.environ, "MENTIONDESK_DATABASE_URL": url}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "MENTIONDESK_DATABASE_URL" in done.stderr.splitlines()[-1]
