"""Bring a database to the newest schema, from a checkout or an installed wheel alike."""

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, pool, text

import app
from app.core.db import async_url
from app.core.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 7_237_144
"""Any number, always the same: the advisory lock under which one process migrates while the others wait."""


class SchemaTooNew(Unavailable):
    """The database was brought to its schema by a newer version of Mentiondesk: start that one, or restore the backup made before the upgrade."""


def import_models() -> None:
    """Import every `models` module of the house, so that the metadata knows all tables."""
    import_module = importlib.import_module
    for package in pkgutil.iter_modules(app.__path__):
        folder = import_module(f"app.{package.name}") if package.ispkg else None
        names = {m.name for m in pkgutil.iter_modules(folder.__path__)} if folder else set()
        if "models" in names:
            import_module(f"app.{package.name}.models")
        if "eventlog" in names:
            import_module(f"app.{package.name}.eventlog")


def _folder() -> Path:
    return Path(str(importlib.import_module("migrations").__file__)).parent


def config() -> "Config":
    """Alembic's configuration, found beside the installed `migrations` package."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_folder()))
    made.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s")
    made.set_main_option("path_separator", "os")
    return made


def get_ready() -> None:
    """Import what a migration needs, for who has to wait for the database anyway; migrate() needs nobody to have done so."""
    import_models()
    import_module = importlib.import_module
    for name in ("alembic.command", "alembic.config", "alembic.op", "sqlalchemy.dialects.postgresql.psycopg"):
        import_module(name)


def migrate(url: str) -> str | None:
    """Upgrade to the newest schema and answer the revision it was at before (null: an empty database).

    Several processes may call it at once; one migrates, the others wait. Where nothing is left to do, Alembic is not
    even imported: that is every start but the first of a version. Raises SchemaTooNew.
    """
    engine = create_engine(async_url(url), poolclass=pool.NullPool)
    try:
        with engine.connect() as guard:
            guard.execute(text("select pg_advisory_lock(:n)"), {"n": _LOCK})
            guard.commit()
            with engine.connect() as connection:
                before = _revision(connection)
                known = revisions()
                if before is not None and before not in known:
                    raise SchemaTooNew
                if before != known[0]:
                    _upgrade(connection)
            guard.execute(text("select pg_advisory_unlock(:n)"), {"n": _LOCK})
    finally:
        engine.dispose()
    return before


def _upgrade(connection: Connection) -> None:
    from alembic import command

    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, "head")
    connection.commit()


def _revision(connection: Connection) -> str | None:
    if connection.scalar(text("select to_regclass('alembic_version')")) is None:
        connection.rollback()
        return None
    found: str | None = connection.scalar(text("select version_num from alembic_version"))
    connection.rollback()
    return found


def newest() -> str:
    """The revision this code wants."""
    return revisions()[0]


def revisions() -> list[str]:
    """Every revision this code knows, newest first: the numbers in the names of the migrations, as their test insists."""
    return sorted((path.name.split("_")[1] for path in (_folder() / "versions").glob("2*.py")), reverse=True)
