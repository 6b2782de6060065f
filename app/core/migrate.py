"""Bring a database to the newest schema, from a checkout or an installed wheel alike."""

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, pool, text

import app
from app.core.db import async_url
from app.core.errors import Unavailable

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


def config() -> Config:
    """Alembic's configuration, found beside the installed `migrations` package."""
    migrations = importlib.import_module("migrations")
    made = Config()
    made.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    made.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(rev)s_%%(slug)s")
    made.set_main_option("path_separator", "os")
    return made


def migrate(url: str) -> str | None:
    """Upgrade to the newest schema and answer the revision it was at before (null: an empty database).

    Several processes may call it at once; one migrates, the others wait. Raises SchemaTooNew.
    """
    engine = create_engine(async_url(url), poolclass=pool.NullPool)
    try:
        with engine.connect() as guard:
            guard.execute(text("select pg_advisory_lock(:n)"), {"n": _LOCK})
            guard.commit()
            with engine.connect() as connection:
                before = _revision(connection)
                if before is not None and before not in revisions():
                    raise SchemaTooNew
                made = config()
                made.attributes["connection"] = connection
                command.upgrade(made, "head")
                connection.commit()
            guard.execute(text("select pg_advisory_unlock(:n)"), {"n": _LOCK})
    finally:
        engine.dispose()
    return before


def _revision(connection: Connection) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    return found


def newest() -> str | None:
    """The revision this code wants."""
    return ScriptDirectory.from_config(config()).get_current_head()


def revisions() -> list[str]:
    """Every revision this code knows, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]
