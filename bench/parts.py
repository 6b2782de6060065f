"""The product's processes and the sandbox, started as people start them, for benches that measure from outside."""

import asyncio
import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from app.demo.neighbour import free_port

ROOT: Final = Path(__file__).parent.parent
_START_SECONDS: Final = 60.0


class NotStarted(Exception):
    """A process ended or stayed silent before it was ready."""


@contextlib.asynccontextmanager
async def started(*command: str, ready: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[int]:
    """Run `python -m` with these words until the block ends; it begins once they said `ready`. Its process id."""
    given = os.environ.items()  # noqa: TID251 - handed on to other processes
    env = {k: v for k, v in given if not k.startswith("MENTIONDESK_")}
    env |= {f"MENTIONDESK_{k.upper()}": v for k, v in (settings or {}).items()} | {"PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(  # noqa: ASYNC220 - our own command, started before anything is measured
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            await _ready(process, said, ready)
            yield process.pid
        finally:
            process.terminate()
            try:
                await asyncio.to_thread(process.wait, 20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


async def _ready(process: "subprocess.Popen[bytes]", said: IO[str], ready: str) -> None:
    async with asyncio.timeout(_START_SECONDS):
        while True:
            said.seek(0)
            words = said.read()
            if ready in words:
                return
            if process.poll() is not None:
                raise NotStarted(words)
            await asyncio.sleep(0.05)


def processor_seconds(pid: int) -> float:
    """What a process and its threads have used of the processor: says the same however busy the machine is with others."""
    spent = [(task / "schedstat").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int(one.split()[0]) for one in spent) / 1e9


def settings_for(url: str, **more: str) -> dict[str, str]:
    """The settings of product processes on one database that talk to a network on loopback."""
    return {
        "database_url": url,
        "secret_key": KEY,
        "allow_private_networks": "true",
        "undo_seconds": "0",
        "log_level": "warning",
        **more,
    }


KEY: Final = secrets.token_urlsafe(32)
"""Seals what this run of the benches keeps; its own processes and ours must agree on it."""


@contextlib.asynccontextmanager
async def sandbox() -> AsyncIterator[str]:
    """A network in a process of its own that forgets itself; its address."""
    port = free_port("127.0.0.1", 0)
    async with started(
        "app.cli", "sandbox", "serve", "--port", str(port), "--brand", "nobody", ready="The sandbox plays"
    ):
        yield f"http://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def product(settings: Mapping[str, str], *, webs: int, workers: int) -> AsyncIterator[Sequence[int]]:
    """So many web and worker processes on a migrated database; the ports of the webs."""
    async with contextlib.AsyncExitStack() as stack:
        ports = []
        for _ in range(webs):
            port = free_port("127.0.0.1", 0)
            await stack.enter_async_context(
                started("app.cli", "web", "--port", str(port), ready="Ready:", settings=settings)
            )
            ports.append(port)
        for _ in range(workers):
            await stack.enter_async_context(started("app.cli", "worker", ready="Working.", settings=settings))
        yield ports
