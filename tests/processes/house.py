"""The product as it is run at size: any number of web and worker processes on one database, and a sandbox beside them."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from app.core import db
from app.core.settings import settings
from app.wiring import wire
from tests.given import Desk, a_desk, an_account
from tests.kept import let_go
from tests.sandbox.live import LiveBrand, Sandbox

ROOT = Path(__file__).parent.parent.parent
_START_SECONDS = 180.0
_END_SECONDS = 60.0
_SETTINGS = {"undo_seconds": "0", "reread_pace_seconds": "0.1"}
_READY = {"web": r"Ready:\s+(http://\S+)", "worker": r"(worker_ready)"}


class Part:
    """One process of the product; what it says is kept in a file, over every restart."""

    def __init__(self, kind: Literal["web", "worker"], log: Path, url: str, more: Mapping[str, str]) -> None:
        """`more` are further MENTIONDESK_* variables, without their prefix and in small letters."""
        self.kind = kind
        self.log = log
        self.port = 0
        self._url = url
        self._more = more
        self._from = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, on the port it had before; ready() says when it works."""
        given = {"database_url": self._url, "data_dir": str(settings().data_dir), "allow_private_networks": "true"}
        env = {k: v for k, v in os.environ.items() if not k.startswith("MENTIONDESK_")}
        env |= {f"MENTIONDESK_{name.upper()}": value for name, value in (_SETTINGS | given | dict(self._more)).items()}
        command = [sys.executable, "-m", "app.cli", self.kind]
        if self.kind == "web":
            command += ["--port", str(self.port)]
        self._from = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=env | {"PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """What it said since it was last started."""
        return self.log.read_bytes()[self._from :].decode(errors="replace")

    def ready(self) -> "Part":
        """Wait until it works."""
        deadline = time.monotonic() + _START_SECONDS
        while not (found := re.search(_READY[self.kind], self.said())):
            assert self.process is not None
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)
        if self.kind == "web":
            self.port = int(found.group(1).rpartition(":")[2])
        return self

    @property
    def address(self) -> str:
        """Where the web side answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self.process is not None
        return self.process.pid

    def ask_to_end(self, sign: int = signal.SIGTERM) -> None:
        """Send it a signal, if it still runs."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(sign)

    def end(self, sign: int = signal.SIGTERM) -> int:
        """End it by a signal and answer with what."""
        self.ask_to_end(sign)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; one that does not come in time is forced, and that is an error."""
        assert self.process is not None
        try:
            return self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


@dataclass
class House:
    """A desk, its accounts at the sandbox, and the processes that serve it."""

    url: str
    folder: Path
    sandbox: Sandbox
    webs: list[Part] = field(default_factory=list)
    workers: list[Part] = field(default_factory=list)
    brands: list[LiveBrand] = field(default_factory=list)
    account_ids: list[str] = field(default_factory=list)
    made: list[Part] = field(default_factory=list)
    desk: Desk = field(init=False)
    through: str = ""
    """The database through a pooler, where there is one."""

    def furnish(self, accounts: int, agents: int) -> None:
        """Make the desk, with so many agents and accounts at the sandbox, through the real verbs."""

        async def work() -> None:
            wire()
            db.open_database(self.url, pool_size=5)
            try:
                self.desk = await a_desk(agents=agents)
                for n in range(accounts):
                    self.brands.append(self.sandbox.brand(f"acme{n}"))
                    self.account_ids.append((await an_account(self.desk, self.sandbox, self.brands[-1])).id)
            finally:
                await db.close_database()
                let_go()

        asyncio.run(work())

    def add(self, webs: int = 0, workers: int = 0, **more: str) -> list[Part]:
        """Start further processes, all at once, and wait until they work."""
        parts: list[Part] = []
        kinds: list[Literal["web", "worker"]] = [*["web"] * webs, *["worker"] * workers]  # type: ignore[list-item]
        for kind in kinds:
            log = self.folder / f"{kind}-{len(self.made)}.log"
            part = Part(kind, log, more.get("database_url", self.url), more)
            self.made.append(part)
            parts.append(part)
            part.start()
        for part in parts:
            part.ready()
        return parts

    def begin(self, webs: int, workers: int) -> None:
        """Start the processes that every test of this house finds."""
        for part in self.add(webs, workers):
            (self.webs if part.kind == "web" else self.workers).append(part)

    def close(self) -> None:
        """End everything that still runs; each must end by itself when asked."""
        for part in self.made:
            part.ask_to_end()
        codes = {part.log.name: part.ended() for part in self.made}
        assert {name: code for name, code in codes.items() if code not in {0, -signal.SIGKILL}} == {}, codes

    def last_words(self, lines: int = 25) -> str:
        """The end of what each process said."""
        return "\n".join(
            f"--- {part.log}\n" + "\n".join(part.log.read_text(errors="replace").splitlines()[-lines:])
            for part in self.made
            if part.log.exists()
        )
