"""How Alembic reaches the database and learns the tables."""

from alembic import context
from sqlalchemy import create_engine, pool

from app.core.db import async_url
from app.core.migrate import import_models
from app.core.settings import settings
from app.core.table import Table

import_models()


def run() -> None:
    """Migrate over the connection given by the caller, or over one of our own to MENTIONDESK_DATABASE_URL."""
    given = context.config.attributes.get("connection")
    if given is not None:
        context.configure(connection=given, target_metadata=Table.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    url = context.config.attributes.get("url") or settings().database_url
    if not url:
        raise SystemExit("Set MENTIONDESK_DATABASE_URL to the database to migrate.")
    engine = create_engine(async_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Table.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
