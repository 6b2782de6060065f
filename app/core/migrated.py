"""The database to use, migrated: the one that is set, else the embedded one, started while the rest is loaded."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from app.core import embedded
from app.core.errors import Unavailable
from app.core.settings import settings

Say = Callable[[str], None]


class DatabaseUnreachable(Unavailable):
    """The database cannot be reached; look at MENTIONDESK_DATABASE_URL."""


@contextlib.contextmanager
def database(say: Say, meanwhile: Callable[[], object] = lambda: None) -> Iterator[str]:
    """The address of a migrated database.

    PostgreSQL makes itself ready in processes of its own, which takes about as long as importing the product does:
    `meanwhile` is what to import. So this module itself imports nothing heavy.
    """
    given = settings().database_url
    if given:
        _tell_in_our_way()
        meanwhile()
        say("Migrating the database …")
        _migrate_given(settings().listen_url or given)  # the lock of a session needs a connection of its own
        yield given
        return
    with ThreadPoolExecutor(max_workers=1) as beside:
        starting = beside.submit(embedded.start, settings().data_dir, say)
        _tell_in_our_way()
        meanwhile()
        if not starting.done():  # most likely it is being made, and will have everything to migrate
            from app.core.migrate import get_ready

            get_ready()
    with starting.result() as server:
        from app.core.migrate import migrate

        say("Migrating the database …")
        migrate(server.url)
        yield server.url


def _tell_in_our_way() -> None:
    """Whatever a migration says goes where all our lines go."""
    from app.core.telemetry import configure

    configure(settings())


def _migrate_given(url: str) -> None:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict
    from sqlalchemy.exc import ArgumentError, OperationalError

    from app.core.db import plain_url
    from app.core.migrate import migrate

    try:
        conninfo_to_dict(plain_url(url))
    except (ArgumentError, ProgrammingError, ValueError) as problem:  # its words may hold a part of the password
        raise DatabaseUnreachable("MENTIONDESK_DATABASE_URL is no address of a database.") from problem
    try:
        migrate(url)
    except OperationalError as problem:
        why = str(problem.orig or problem).splitlines()[0]
        raise DatabaseUnreachable(f"The database of MENTIONDESK_DATABASE_URL cannot be used: {why}.") from problem
