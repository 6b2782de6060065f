"""examine(): look at everything, one after the other; what cannot be looked at without the database is left out."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import ArgumentError

from app.core import embedded
from app.core.db import close_database, open_database
from app.core.errors import DeskError
from app.core.settings import Settings
from app.core.transaction import transaction
from app.doctor.finding import Finding, ok, wrong
from app.doctor.look_at_database import connect, hears, is_current, look_at_database, look_at_log
from app.doctor.look_at_machine import look_at_machine
from app.doctor.look_at_settings import look_at_settings
from app.doctor.look_at_work import look_at_credentials, look_at_processes, look_at_work
from app.watch.readings import read


@contextmanager
def database_of(settings: Settings) -> Iterator[str | Finding]:
    """The address of the database as it is, nothing migrated; or why there is none."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    if not (settings.data_dir / "postgres" / "cluster").exists():
        yield wrong(
            "database",
            f"There is no database in {settings.data_dir} yet, and MENTIONDESK_DATABASE_URL is not set.",
            "mentiondesk serve makes one; or set MENTIONDESK_DATA_DIR to the folder that has it.",
        )
        return
    try:
        server = embedded.start(settings.data_dir)
    except DeskError as problem:
        yield wrong(
            "database", problem.sentence, "The server's own words are in postgres/server.log of the data folder."
        )
        return
    with server:
        yield server.url


async def examine(settings: Settings, unknown: list[str], url: str | Finding) -> AsyncIterator[Finding]:
    """Every finding, in the order in which one would look."""
    for finding in look_at_settings(settings, unknown):
        yield finding
    async for finding in look_at_machine(settings):
        yield finding
    if isinstance(url, Finding):
        yield url
        return
    try:
        connection = await connect(url)
    except (psycopg.Error, ArgumentError, OSError) as problem:
        said = (str(problem).strip() or type(problem).__name__).splitlines()[0].rstrip(".")
        yield wrong("database", f"The database cannot be reached: {said}.", "Look at MENTIONDESK_DATABASE_URL.")
        return
    async with connection:
        yield ok("database", "The database answers.")
        async for finding in look_at_database(connection):
            yield finding
        schema = await is_current(connection)
        yield schema
        yield await hears(url, settings.listen_url)
        if schema.level != "ok":
            return  # what lies in the tables can be read by the version that made them only
        async for finding in look_at_log(connection):
            yield finding
    open_database(url, pool_size=1, pooled_outside=settings.listen_url is not None)
    try:
        async with transaction() as tx:
            yield await look_at_processes(tx)
            yield await look_at_credentials(tx, settings)
            readings = await read(tx)
        for finding in look_at_work(readings):
            yield finding
    finally:
        await close_database()
