"""The product's processes: web and worker, each started, killed and started again on the same database and port."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.core.port import take_port
from tests.running import ROOT

Name = Literal["web", "worker"]
_START_SECONDS = 90.0


def exists(pid: int) -> bool:
    """Whether there is such a process."""
    return Path(f"/proc/{pid}").exists()


class Zygote:
    """The process that forks the product's; see zygote.py. Ending it ends them all."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )

    def fork(self, order: dict[str, Any]) -> int:
        """Start a child; its process id."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


class Processes:
    """One web and one worker process; `settings` are MENTIONDESK_* variables without prefix, in small letters."""

    def __init__(
        self, zygote: Zygote, folder: Path, settings: dict[str, str], *, pace: float = 1.0, clock: Path | None = None
    ) -> None:
        with take_port("127.0.0.1", 0) as free:
            self.port = int(free.getsockname()[1])
        self.folder = folder
        self.pids: dict[Name, int] = {}
        self.deaths: dict[Name, int] = {"web": 0, "worker": 0}
        self._settings = {"data_dir": str(folder), "log_json": "true"} | settings
        self._pace, self._clock = pace, clock
        self._zygote = zygote

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self, name: Name) -> str:
        """Everything this part has said in all its lives."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    async def start(self, *names: Name) -> None:
        """Start these parts and wait until they say that they work."""
        begun = {name: len(self.log(name)) for name in names}
        for name in names:
            self.pids[name] = self._order(name)
        deadline = time.monotonic() + _START_SECONDS
        for name in names:
            word = "Ready: " if name == "web" else "Working."
            while word not in self.log(name)[begun[name] :]:
                assert self.alive(name), self.log(name)[begun[name] :][-4000:]
                assert time.monotonic() < deadline, self.log(name)[begun[name] :][-4000:]
                await asyncio.sleep(0.02)

    def _order(self, name: Name) -> int:
        return self._zygote.fork(
            {
                "arguments": [name, "--port", str(self.port)] if name == "web" else [name],
                "environment": {f"MENTIONDESK_{key.upper()}": value for key, value in self._settings.items()},
                "log": str(self.folder / f"{name}.log"),
                "pace": self._pace,
                "clock": str(self._clock) if self._clock else None,
            }
        )

    def alive(self, name: Name) -> bool:
        """Whether this part runs."""
        return name in self.pids and exists(self.pids[name])

    async def kill(self, *names: Name) -> None:
        """SIGKILL, and wait until they are gone."""
        for name in names:
            os.kill(self.pids[name], signal.SIGKILL)
            self.deaths[name] += 1
        await self._gone(names)

    async def restart(self, *names: Name) -> None:
        """End these parts as an operator does, and start them again."""
        for name in names:
            os.kill(self.pids[name], signal.SIGTERM)
        await self._gone(names)
        await self.start(*names)

    async def _gone(self, names: tuple[Name, ...]) -> None:
        while any(self.alive(name) for name in names):  # noqa: ASYNC110 - nobody tells us of another's child
            await asyncio.sleep(0.005)

    def resident(self, name: Name) -> int:
        """Bytes of memory this part holds."""
        pages = int(Path(f"/proc/{self.pids[name]}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        """Kill what still runs."""
        for name, pid in self.pids.items():
            if self.alive(name):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while any(self.alive(name) for name in self.pids):
            assert time.monotonic() < deadline
            time.sleep(0.01)


@dataclass(frozen=True)
class Ground:
    """Where a world stands: a folder of its own, and what forks its processes."""

    folder: Path
    zygote: Zygote

    @contextmanager
    def processes(
        self, settings: dict[str, str], *, pace: float = 1.0, clock: Path | None = None
    ) -> Iterator[Processes]:
        """The processes, none started yet; all are gone at the end."""
        made = Processes(self.zygote, self.folder, settings, pace=pace, clock=clock)
        try:
            yield made
        finally:
            made.close()
