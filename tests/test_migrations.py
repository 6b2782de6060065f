"""The schema is what the migrations make: one head, from empty, nothing left for autogenerate, and the trigger is there."""

import re
from pathlib import Path

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from app.core.db import async_url
from app.core.migrate import config, import_models, newest
from app.core.table import Table


def test_one_head_and_the_last_file_is_it() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [newest()]


def test_autogenerate_finds_nothing_left(worker_database: str) -> None:
    import_models()
    engine = create_engine(async_url(worker_database), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        left = [
            step
            for step in compare_metadata(context, Table.metadata)
            # the tests' own memory of seeded rows stands in a schema of its own
            if not (step[0] == "remove_table" and getattr(step[1], "schema", None) == "seed")
        ]
    engine.dispose()
    assert left == []


def test_the_commit_stamps_events(worker_database: str) -> None:
    with psycopg.connect(worker_database) as connection:
        found = connection.execute(
            "select tgdeferrable, tginitdeferred from pg_trigger where tgname = 'stamp_at_commit' and tgrelid = 'events'::regclass"
        ).fetchone()
    assert found == (True, True)


def test_every_migration_gives_up_on_a_lock_and_is_named_by_its_day(here: Path) -> None:
    files = sorted((here / "migrations" / "versions").glob("2*.py"))
    assert files
    for path in files:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d_\d{4}_\w+\.py", path.name)
        assert "set local lock_timeout" in path.read_text()
