"""The database: who it is, whether its schema and its clock fit, whether the log is whole and notifications arrive."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import psycopg
from psycopg import sql

from app.core.clock import now
from app.core.db import plain_url
from app.core.ids import new_id
from app.core.migrate import newest, revisions
from app.doctor.finding import Finding, look, ok, wrong

OLDEST: Final = 15
NEWEST: Final = 18
_CONNECT_SECONDS: Final = 5
_HEAR_SECONDS: Final = 3.0
_APART_LOOK_S: Final = 2.0
_APART_WRONG_S: Final = 30.0
_END: Final = 1000
"""So many events at the log's end are looked at."""
_HOUSE_NAME: Final = "mentiondesk-doctor"


async def connect(url: str) -> psycopg.AsyncConnection[Any]:
    """A connection of our own, in a few seconds or not at all. Raises psycopg.Error, OSError."""
    return await psycopg.AsyncConnection.connect(
        plain_url(url), autocommit=True, connect_timeout=_CONNECT_SECONDS, application_name=_HOUSE_NAME
    )


async def look_at_database(connection: psycopg.AsyncConnection[Any]) -> AsyncIterator[Finding]:
    """What an open connection shows of the server and its schema."""
    yield await _version(connection)
    yield await _clock(connection)
    yield await _language(connection)


async def is_current(connection: psycopg.AsyncConnection[Any]) -> Finding:
    """Whether the schema is the one this version works with."""
    exists = await _one(connection, "select to_regclass('alembic_version') is not null")
    found = await _one(connection, "select max(version_num) from alembic_version") if exists else None
    wanted = newest()
    if found == wanted:
        return ok("schema", f"The schema is {found}, as this version wants it.")
    if found is None:
        return wrong(
            "schema", "The database is empty.", "mentiondesk migrate, or start Mentiondesk; to restore: README."
        )
    if found in revisions():
        return wrong(
            "schema",
            f"The schema is {found}, older than the {wanted} of this version.",
            "Make a backup, then run mentiondesk migrate.",
        )
    return wrong(
        "schema",
        f"The schema is {found}, which this version ({wanted}) does not know: a newer one was here.",
        "Start the newer version, or restore the backup made before the upgrade.",
    )


async def look_at_log(connection: psycopg.AsyncConnection[Any]) -> AsyncIterator[Finding]:
    """What numbers the facts, and whether the end of the log is whole."""
    cursor = await connection.execute(
        "select tgname, tgenabled from pg_trigger where tgrelid = 'events'::regclass and not tgisinternal"
    )
    triggers = await cursor.fetchall()
    off = [str(name) for name, enabled in triggers if enabled not in {"O", "A", b"O", b"A"}]
    if not triggers or off:
        named = ", ".join(off) or "stamp_at_commit"
        yield wrong(
            "triggers",
            f"The trigger that numbers the facts is missing or off: {named}. Consoles see nothing new.",
            "alter table events enable trigger all; if it is gone, restore a backup: a restore without triggers lost it.",
        )
    else:
        yield ok("triggers", "The commit numbers the facts.")
    yield await _end_of_log(connection)


async def _end_of_log(connection: psycopg.AsyncConnection[Any]) -> Finding:
    head = await _one(connection, "select seq from event_head")
    numberless = await _one(connection, "select count(*) from (select 1 from events where seq is null limit 1000) n")
    cursor = await connection.execute(
        "select seq from events where seq > %s - %s order by seq", [head or 0, _END], prepare=False
    )
    numbers = [row[0] for row in await cursor.fetchall()]
    whole = numbers == list(range(max((head or 0) - _END, 0) + 1, (head or 0) + 1))
    if head is None or not whole or numberless:
        missing = sorted(set(range((numbers or [0])[0], head or 0)) - set(numbers))[:5]
        return wrong(
            "log",
            f"The log should end with {head}, each number once; missing {missing or 'at its end'}, "
            f"without a number {numberless}.",
            "Consoles stop at such a gap. Stop every process, restore the last good backup, and tell the developers.",
        )
    return ok("log", f"The log ends with {head}, without a gap.")


async def _version(connection: psycopg.AsyncConnection[Any]) -> Finding:
    number = connection.info.server_version
    said = f"{number // 10_000}.{number % 10_000}"
    if number // 10_000 < OLDEST:
        return wrong("version", f"PostgreSQL {said} is too old.", f"Mentiondesk needs {OLDEST} to {NEWEST}.")
    if number // 10_000 > NEWEST:
        return look(
            "version", f"PostgreSQL {said} is newer than what was tried.", f"{OLDEST} to {NEWEST} are known to work."
        )
    return ok("version", f"PostgreSQL {said}.")


async def _clock(connection: psycopg.AsyncConnection[Any]) -> Finding:
    before = now()
    theirs = await _one(connection, "select clock_timestamp()")
    after = now()
    apart = abs((theirs - (before + (after - before) / 2)).total_seconds()) - (after - before).total_seconds() / 2
    if apart < _APART_LOOK_S:
        return ok("clock", "The clocks of this machine and the database agree.")
    todo = "Let both keep time (chrony, systemd-timesyncd): leases and promises are counted by these clocks."
    sentence = f"The clock of this machine and the database's are {apart:.0f} s apart."
    return wrong("clock", sentence, todo) if apart > _APART_WRONG_S else look("clock", sentence, todo)


async def _language(connection: psycopg.AsyncConnection[Any]) -> Finding:
    encoding = await _one(connection, "show server_encoding")
    plpgsql = await _one(connection, "select count(*) from pg_extension where extname = 'plpgsql'")
    if encoding != "UTF8":
        return wrong(
            "encoding",
            f"The database keeps its texts as {encoding}: most scripts cannot be kept.",
            "Make a new one (createdb --encoding=UTF8 --template=template0) and restore into it.",
        )
    if not plpgsql:
        return wrong(
            "encoding", "The language plpgsql is missing.", "create extension plpgsql; it comes with PostgreSQL."
        )
    return ok("encoding", "Texts are UTF-8, and no extension is needed.")


async def hears(url: str, listen_url: str | None) -> Finding:
    """Whether a notification sent over the one address arrives at the other."""
    try:
        heard = await _heard(url, listen_url or url)
    except (psycopg.Error, OSError) as problem:
        return wrong(
            "listen",
            f"The connection that listens cannot be made: {_first(problem)}.",
            "MENTIONDESK_LISTEN_URL must lead to the same database, directly.",
        )
    if heard:
        return ok("listen", "Notifications arrive.")
    if listen_url is None:
        return wrong(
            "listen",
            "Notifications do not arrive: the database's address leads through a transaction pooler.",
            "Set MENTIONDESK_LISTEN_URL to a direct connection; that also switches prepared statements off.",
        )
    return wrong(
        "listen",
        "Notifications do not arrive at MENTIONDESK_LISTEN_URL: it is another database, or leads through a pooler too.",
        "Set it to a direct connection to the very database of MENTIONDESK_DATABASE_URL.",
    )


async def _heard(url: str, listen_url: str) -> bool:
    word = new_id("dr")
    async with await connect(listen_url) as ear, await connect(url) as mouth:
        await ear.execute(sql.SQL("listen {}").format(sql.Identifier("doctor")))
        await mouth.execute("select pg_notify('doctor', %s)", [word], prepare=False)
        try:
            async with asyncio.timeout(_HEAR_SECONDS):
                async for note in ear.notifies():
                    if note.payload == word:
                        return True
        except TimeoutError:
            return False
    return False


async def _one(connection: psycopg.AsyncConnection[Any], statement: str) -> Any:
    row = await (await connection.execute(statement.encode(), prepare=False)).fetchone()
    return row[0] if row else None


def _first(problem: Exception) -> str:
    return (str(problem).strip() or type(problem).__name__).splitlines()[0].rstrip(".")
