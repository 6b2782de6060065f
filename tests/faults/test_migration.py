"""A migration that is killed, kept waiting by a lock, or run by many at once: old state or new, and the next one completes it."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from app.core.migrate import newest
from tests import postgres
from tests.faults.processes import Ground, exists
from tests.faults.rounds import ONLY_FULL, Rounds
from tests.faults.world import say


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A database with nothing in it."""
    url = postgres.clone(f"faults_{uuid4().hex[:8]}", "template0")
    yield url
    postgres.drop(url)


def migrating(ground: Ground, url: str, number: int) -> tuple[int, Path]:
    """A process that migrates: its id and its log, which ends with a line when it is done."""
    log = ground.folder / f"migrate-{number}.log"
    order = {
        "arguments": ["migrate"],
        "environment": {"MENTIONDESK_DATABASE_URL": url, "MENTIONDESK_DATA_DIR": str(ground.folder)},
        "log": str(log),
        "pace": 1.0,
        "clock": None,
    }
    return ground.zygote.fork(order), log


async def ended(pid: int) -> None:
    async with asyncio.timeout(120):
        while exists(pid):  # noqa: ASYNC110 - nobody tells us of another's child
            await asyncio.sleep(0.01)


def state(url: str) -> tuple[str | None, int]:
    """The revision the database says it has, and how many tables there are."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select count(*) from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
        ).fetchone()
        assert tables
        if connection.execute("select to_regclass('alembic_version')").fetchone() == (None,):
            return None, tables[0]
        row = connection.execute("select version_num from alembic_version").fetchone()
        return (row[0] if row else None), tables[0]


@pytest.mark.parametrize("rounds", ONLY_FULL)
async def test_killed_in_the_middle(empty_database: str, ground: Ground, rounds: Rounds) -> None:
    seen = set()
    for n in range(rounds.stops * 2):
        with psycopg.connect(empty_database, autocommit=True) as admin:
            admin.execute("drop schema public cascade")
            admin.execute("create schema public")
        pid, _ = migrating(ground, empty_database, n)
        await asyncio.sleep(random.uniform(0.02, 0.5))
        if exists(pid):
            os.kill(pid, signal.SIGKILL)
        await ended(pid)
        revision, tables = state(empty_database)
        assert (revision is None) == (tables == 0), "half a migration"
        seen.add(revision)
        again, log = migrating(ground, empty_database, 1000 + n)
        await ended(again)
        assert "up to date" in log.read_text()
        assert state(empty_database)[0] == newest()
    say(f"killed {rounds.stops * 2} times, which left {seen}; the next migration completed each")


async def test_kept_waiting_by_a_lock_it_gives_up_and_changes_nothing(empty_database: str, ground: Ground) -> None:
    with psycopg.connect(empty_database) as holder:
        holder.execute("create table tickets (id text)")  # not committed: whoever makes the same table waits
        pid, log = migrating(ground, empty_database, 0)
        await ended(pid)
        assert "lock timeout" in log.read_text()
        holder.rollback()
    assert state(empty_database) == (None, 0)
    again, log = migrating(ground, empty_database, 1)
    await ended(again)
    assert "up to date" in log.read_text()
    assert state(empty_database)[0] == newest()


async def test_several_at_once_are_as_good_as_one(empty_database: str, ground: Ground) -> None:
    all_of_them = [migrating(ground, empty_database, n) for n in range(4)]
    for pid, log in all_of_them:
        await ended(pid)
        assert "up to date" in log.read_text()
    assert state(empty_database)[0] == newest()
