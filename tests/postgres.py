"""The tests' PostgreSQL: one embedded server, a template made by the migrations, a clone per worker, a fast wipe."""

import atexit
import contextlib
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from app.core import embedded

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".run" / "tests"
_PREFIX = "test"
_LOCK_SECONDS = 5
"""How long a wipe waits for a session that may be about to end by itself."""


@cache
def server() -> embedded.EmbeddedServer:
    """The server of all test runs in this checkout; it ends by itself when the last of them does."""
    started = embedded.start(FOLDER, durable=False)
    atexit.register(started.stop)
    return started


def server_url() -> str:
    """The address of the server's own database, for making others."""
    return server().url_of("postgres")


def fingerprint() -> str:
    """What the template depends on: every file of migrations/."""
    seen = hashlib.sha256()
    for path in sorted((ROOT / "migrations").rglob("*.py")):
        seen.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:12]


def template_database(migrate: Callable[[str], None]) -> str:
    """The name of the migrated database that clones are made from; `migrate(url)` runs once per state of migrations/.

    What the migrations themselves put into tables is remembered in the schema `seed`, for wipe().
    """
    name = f"{_PREFIX}_template_{fingerprint()}"
    with _alone(), _admin() as admin:
        if not _exists(admin, name):
            making = f"{name}_making"
            _drop(admin, making)
            _create(admin, making, "template0")
            migrate(server().url_of(making))
            with psycopg.connect(server().url_of(making), autocommit=True) as made:
                _remember_seed(made)
            admin.execute(sql.SQL("alter database {} rename to {}").format(*_names(making, name)))
        _drop_left_behind(admin)
    return name


def clone(name: str, template: str) -> str:
    """Make a fresh database from the template and answer its address; `name` is made unique to this process."""
    database = f"{_PREFIX}_{os.getpid()}_{name}"
    with _alone(), _admin() as admin:
        _drop(admin, database)
        _create(admin, database, template)
    return server().url_of(database)


def drop(url: str) -> None:
    """Drop a clone, whoever is still connected to it."""
    database = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with _admin() as admin:
        _drop(admin, str(database))


def wipe_statement(conn: psycopg.Connection) -> str:
    """The SQL that empties every table and puts the migrations' own rows back; ask once per database, run often."""
    tables = conn.execute(
        "select quote_ident(tablename) from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
    ).fetchall()
    seeded = conn.execute(
        "select quote_ident(c.table_name), string_agg(quote_ident(c.column_name), ', ' order by ordinal_position)"
        " from information_schema.columns c join pg_tables s on s.schemaname = 'seed' and s.tablename = c.table_name"
        " where c.table_schema = 'public' and c.is_generated = 'NEVER' group by 1"
    ).fetchall()
    lines = ["set session_replication_role = replica"]  # neither foreign keys nor triggers have a say in this
    lines += [f"delete from public.{table}" for (table,) in tables]
    lines += [
        f"insert into public.{table} ({columns}) overriding system value select {columns} from seed.{table}"
        for table, columns in seeded
    ]
    lines.append("set session_replication_role = default")
    return ";\n".join(lines)


def wipe(conn: psycopg.Connection, statement: str | None = None) -> None:
    """Leave the database as the migrations left it, in one commit.

    What a test that failed left open holds locks: after a moment its sessions are ended, so that one failure stays one.
    """
    statement = statement or wipe_statement(conn)
    try:
        conn.execute(f"set local lock_timeout = '{_LOCK_SECONDS}s';\n{statement}")
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
        conn.rollback()
        conn.execute(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        conn.execute(statement)
    conn.commit()


def _remember_seed(conn: psycopg.Connection) -> None:
    conn.execute("create schema seed")
    tables = conn.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
    ).fetchall()
    for (table,) in tables:
        here, kept = sql.Identifier("public", table), sql.Identifier("seed", table)
        if conn.execute(sql.SQL("select 1 from {} limit 1").format(here)).fetchone():
            conn.execute(sql.SQL("create table {} as table {}").format(kept, here))


def _drop_left_behind(admin: psycopg.Connection) -> None:
    """Drop the clones of test runs that were killed."""
    for (name,) in admin.execute("select datname from pg_database where datname ~ '^test_[0-9]+_'").fetchall():
        try:
            os.kill(int(name.split("_")[1]), 0)
        except ProcessLookupError:
            _drop(admin, name)


def _exists(admin: psycopg.Connection, name: str) -> bool:
    return admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def _create(admin: psycopg.Connection, name: str, template: str) -> None:
    # wal_log copies blocks through the log, without the checkpoint that file_copy needs: faster for small databases
    admin.execute(
        sql.SQL("create database {} template {} strategy wal_log").format(*_names(name, template)),
    )


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("drop database if exists {} with (force)").format(*_names(name)))


def _names(*names: str) -> list[sql.Identifier]:
    return [sql.Identifier(name) for name in names]


def _admin() -> psycopg.Connection:
    return psycopg.connect(server_url(), autocommit=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: a template cannot be copied while somebody else is connected to it."""
    server()
    with (FOLDER / "databases.lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
