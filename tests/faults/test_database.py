"""PostgreSQL stopped hard, its connections cut, its disk full: plain 503s meanwhile, and everything goes on afterwards."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest

from app.core import embedded
from app.core.migrate import migrate
from tests.faults.processes import Ground
from tests.faults.rounds import BOTH, ONLY_FULL, Rounds
from tests.faults.world import World, say, some_time, world


@contextlib.contextmanager
def own_server(folder: Path) -> Iterator[embedded.EmbeddedServer]:
    """A server as in production, with a migrated database, that nobody else uses."""
    with embedded.start(folder) as server:
        migrate(server.url)
        yield server


def postmaster(server: embedded.EmbeddedServer) -> int:
    return int((server.folder / "cluster" / "postmaster.pid").read_text().splitlines()[0])


async def alive(desk: World) -> int:
    """What the web side says of itself; anything but 200 and a plain 503 is a fault."""
    async with httpx2.AsyncClient(trust_env=False, timeout=20) as http:
        answer = await http.get(f"{desk.parts.address}/api/v1/alive")
    assert answer.status_code in {200, 503}, answer.text
    if answer.status_code == 503:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "database_away"
    return answer.status_code


async def back(desk: World, seconds: float = 60) -> float:
    """Wait until the desk answers and works again; how long that took."""
    began = time.monotonic()
    while await alive(desk) != 200:
        assert time.monotonic() < began + seconds
        await asyncio.sleep(0.05)
    await desk.load.more(1, at_most=seconds)
    return time.monotonic() - began


@pytest.mark.parametrize("rounds", BOTH)
async def test_postgresql_is_stopped_hard_and_comes_back(ground: Ground, rounds: Rounds) -> None:
    with own_server(ground.folder / "data") as server:
        async with world(ground, server.url, rounds) as desk:
            await desk.load.start()
            took = []
            for n in range(rounds.stops):
                await desk.load.more(2, at_most=10)
                await some_time(0.0, 0.5)
                before = postmaster(server)
                os.kill(before, signal.SIGKILL)
                if n % 2:  # longer away than one pause
                    await some_time(0.5, 3.0)
                took.append(await back(desk))
                assert postmaster(server) != before
                assert desk.parts.alive("web")
                assert desk.parts.alive("worker")
            say(f"stopped {rounds.stops} times, at work again after {[round(t, 1) for t in took]} s")
            await desk.load.stop()
            await desk.check()


@pytest.mark.parametrize("rounds", ONLY_FULL)
async def test_connections_are_cut_at_random(own_database: str, ground: Ground, rounds: Rounds) -> None:
    async with world(ground, own_database, rounds) as desk:
        await desk.load.start()
        with psycopg.connect(own_database, autocommit=True) as admin:
            for n in range(rounds.cuts):
                await desk.load.more(1, at_most=5)
                await some_time(0.0, 0.3)
                everybody = "" if n % 2 == 0 else " and random() < 0.5"
                admin.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                    f" and application_name like 'mentiondesk%' and pid <> pg_backend_pid(){everybody}".encode()
                )
        await back(desk)
        await desk.load.stop()
        await desk.check()


@contextlib.contextmanager
def quota(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of limited size; skips, loudly, where none may be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("NOT TRIED: a full disk; there is no mount here")
    if done.returncode:
        pytest.skip(f"NOT TRIED: a full disk; a small file system cannot be mounted here ({done.stderr.strip()})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take every byte that is left."""
    path = folder / "filler"
    with path.open("ab", buffering=0) as filler, contextlib.suppress(OSError):
        for size in (1_000_000, 4096):
            with contextlib.suppress(OSError):
                while True:
                    filler.write(b"x" * size)
    return path


@pytest.mark.parametrize("rounds", ONLY_FULL)
async def test_the_disk_is_full_and_then_is_not(ground: Ground, rounds: Rounds) -> None:
    with quota(ground.folder / "small", 200) as small, own_server(small / "data") as server:
        async with world(ground, server.url, rounds) as desk:
            await desk.load.start()
            for n in range(3):
                await desk.load.more(3, at_most=20)
                refused, filler = await until_refused(desk, small)
                say(f"disk full {n + 1}: {refused} plain refusals, then freed")
                filler.unlink()
                took = await back(desk, 120)
                say(f"at work again after {took:.1f} s")
            await desk.load.stop()
            await desk.check()
        whole(server.url)


def whole(url: str) -> None:
    """Read every page, whose checksums are on, and make every index anew: what is not unique or not there raises."""
    with psycopg.connect(url, autocommit=True) as admin:
        assert admin.execute("show data_checksums").fetchone() == ("on",)
        for (table,) in admin.execute("select tablename from pg_tables where schemaname = 'public'").fetchall():
            admin.execute(f'select count(*) from "{table}"'.encode())
        admin.execute("reindex (verbose false) database")
        failures = admin.execute("select sum(checksum_failures) from pg_stat_database").fetchone()
        assert failures == (0,)


async def until_refused(desk: World, small: Path) -> tuple[int, Path]:
    """Fill the disk and write on until the desk has refused some requests; how many, and what fills the disk."""
    deadline, filler = time.monotonic() + 120, fill(small)
    draft = {"text": "x" * 15_000, "lane": "public", "key": "draft-of-nothing"}
    codes: list[int] = []
    async with httpx2.AsyncClient(
        base_url=desk.parts.address, headers={"Origin": desk.parts.address}, timeout=20, trust_env=False
    ) as me:
        me.cookies.update(desk.hands["lea"].cookies)
        while codes.count(503) < 5:
            assert time.monotonic() < deadline, codes
            fill(small)
            ticket = random.choice(list(desk.consoles[0].cards))
            answer = await me.put(f"/api/v1/tickets/{ticket}/draft", json=draft)
            codes.append(answer.status_code)
            assert answer.status_code in {200, 503}, answer.text
            await asyncio.sleep(0.05)
    return codes.count(503), filler
