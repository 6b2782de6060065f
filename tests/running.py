"""The product as people run it: `mentiondesk demo` or `serve` in processes of its own, on ports of loopback."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
PEOPLE = {"lead": "lea@demo.example", "ana": "ana@demo.example", "ben": "ben@demo.example"}
PASSWORD = "mentiondesk"
_START_SECONDS = 240.0


@dataclass
class Running:
    """A started command, what it has said so far, and where it answers."""

    process: "subprocess.Popen[str]"
    data: Path
    said: list[str] = field(default_factory=list)

    @property
    def console(self) -> str:
        """The console's address."""
        return self._address(r"(?:The console|Ready:)\s+(http://[^\s\"]+)")

    @property
    def network(self) -> str:
        """The sandbox network's address."""
        return self._address(r"The network\s+(http://[^\s\"]+)")

    def _address(self, pattern: str) -> str:
        found = re.search(pattern, "".join(self.said))
        assert found, "".join(self.said)
        return found.group(1)

    def wait_for(self, words: str) -> None:
        """Wait until the command has said this; fail when it ends first."""
        deadline = time.monotonic() + _START_SECONDS
        while words not in "".join(self.said):
            assert self.process.poll() is None, "".join(self.said)
            assert time.monotonic() < deadline, "".join(self.said)
            time.sleep(0.02)

    def family(self) -> list[str]:
        """The command lines of every process that belongs to this installation."""
        found = []
        marks = {os.fsencode(self.data), os.fsencode((self.data / "postgres").resolve())}
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = entry.read_bytes()
                around = (entry.parent / "environ").read_bytes()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if any(mark in line + around for mark in marks) and entry.parent.name != str(os.getpid()):
                found.append(line.replace(b"\0", b" ").decode(errors="replace"))
        return [line for line in found if line]


@contextmanager
def running(data: Path, *arguments: str, wait_for: str, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run `mentiondesk` with these arguments on this data folder; it is stopped at the end, whatever happened.

    `settings` are further MENTIONDESK_* variables, without their prefix and in small letters.
    """
    env = {k: v for k, v in os.environ.items() if not k.startswith("MENTIONDESK_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env=env
        | {f"MENTIONDESK_{name.upper()}": value for name, value in (settings or {}).items()}
        | {"MENTIONDESK_DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    product = Running(process, data)
    assert process.stdout
    reader = threading.Thread(target=lambda: product.said.extend(process.stdout or []), daemon=True)
    reader.start()
    try:
        product.wait_for(wait_for)
        yield product
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        reader.join(10)
        process.stdout.close()
        if (data / "postgres").is_symlink():  # for root, behind pytest's private folder
            shutil.rmtree((data / "postgres").resolve())
            (data / "postgres").unlink()


@contextmanager
def demo(data: Path) -> Iterator[Running]:
    """A whole desk with a network, a brand and three people."""
    with running(data, "demo", "--port", "0", "--sandbox-port", "0", wait_for="Ctrl-C") as product:
        yield product
