"""The fixtures: a database per worker with real commits, wiped after each test; the app on a real socket; a clock."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import psycopg
import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event as sa_event

from app.agents import password
from app.core import clock, db
from app.core.migrate import migrate
from app.core.settings import settings
from app.core.transaction import transaction
from app.networks import adapters
from app.networks.registry import network, networks
from tests import postgres
from tests.kept import kept_engines, kept_trust
from tests.lean import Lean
from tests.order import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401 - hooks
from tests.world import World

# structlog's own choice draws tracebacks with every local variable: seconds for one error that a test provokes
_plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _plain])
hypothesis_settings.register_profile("house", deadline=None, print_blob=True, derandomize=False)
hypothesis_settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one flag of our own."""
    parser.addoption("--write-transcripts", action="store_true", help="write tests/transcripts/*.json anew")


@pytest.fixture(scope="session", autouse=True)
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings of an installation of its own: an empty data folder, and accounts allowed on loopback."""
    before = {k: v for k, v in os.environ.items() if k.startswith("MENTIONDESK_")}
    for name in before:
        del os.environ[name]
    os.environ["MENTIONDESK_DATA_DIR"] = str(tmp_path_factory.mktemp("data"))
    os.environ["MENTIONDESK_ALLOW_PRIVATE_NETWORKS"] = "true"
    settings.cache_clear()
    yield
    for name in [k for k in os.environ if k.startswith("MENTIONDESK_")]:
        del os.environ[name]
    os.environ.update(before)
    settings.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def engines() -> Iterator[None]:
    """Engines and connections outlive the tests, and so does what TLS trusts."""
    with kept_engines(), kept_trust():
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[PasswordHasher]:
    """Passwords hashed with little work, where the product's own takes a quarter of a second of a core; gives that one.

    Processes that a test starts have it, and tests/agents/test_people.py looks at it.
    """
    products = password._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield products


@pytest.fixture(scope="session")
def template() -> str:
    """The migrated template database."""
    return postgres.template_database(_migrated)


def _migrated(url: str) -> None:
    migrate(url)


@pytest.fixture(scope="session")
def worker_database(template: str) -> Iterator[str]:
    """This worker's database."""
    url = postgres.clone(os.environ.get("PYTEST_XDIST_WORKER", "alone"), template)
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session")
def wiping(worker_database: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A connection that wipes, and its statement."""
    with psycopg.connect(worker_database) as connection:
        yield connection, postgres.wipe_statement(connection)


@pytest.fixture
async def database(worker_database: str, wiping: tuple[psycopg.Connection, str]) -> AsyncIterator[str]:
    """The open database with the house wired; its URL. Empty at the start, real commits inside."""
    from app.wiring import wire

    wire()
    db.open_database(worker_database, pool_size=20)
    yield worker_database
    await db.close_database()
    await asyncio.to_thread(postgres.wipe, *wiping)


@pytest.fixture
async def tx(database: str) -> AsyncIterator[db.Tx]:
    """One transaction, committed when the test ends well."""
    async with transaction() as tx:
        yield tx


class Turned:
    """The clock in a test's hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
        clock.turn(self.at)

    def set(self, at: datetime) -> datetime:
        """Set the clock."""
        self.at = at
        clock.turn(at)
        return at


@pytest.fixture
def turned() -> Iterator[Turned]:
    """A clock that stands at Wednesday 4 March 2026, 10:00 UTC, until it is set."""
    yield Turned()
    clock.turn(None)


@pytest.fixture
def failing_commit(wiping: tuple[psycopg.Connection, str], database: str) -> Iterator[None]:
    """A database in which the COMMIT of whoever wrote a label fails, and nothing before it."""
    connection, _ = wiping
    connection.execute("create function fail() returns trigger language plpgsql as $$begin raise 'no'; end$$")
    connection.execute(
        "create constraint trigger fail_at_commit after insert on labels deferrable initially deferred"
        " for each row execute function fail()"
    )
    connection.commit()
    yield
    connection.execute("drop function fail() cascade")
    connection.commit()


class Statements(list[str]):
    """The statements sent to the database while recording."""


@pytest.fixture
def statements(database: str) -> Iterator[Statements]:
    """Every statement the engine sends during the test; clear() it where counting begins."""
    seen = Statements()
    engine = db.engine().sync_engine

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa_event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa_event.remove(engine, "before_cursor_execute", note)


LEAN = f"{adapters.__name__}.lean"


@contextlib.contextmanager
def lean_network() -> Iterator[Lean]:
    """The network in memory, found like any other one, for as long as this lasts."""
    before = adapters.__path__
    adapters.__path__ = [*before, str(Path(__file__).parent / "adapters")]
    sys.modules.pop(LEAN, None)
    networks.cache_clear()
    try:
        yield cast("Lean", network("lean"))
    finally:
        adapters.__path__ = before
        networks.cache_clear()
        sys.modules.pop(LEAN, None)


@pytest.fixture
def lean() -> Iterator[Lean]:
    """The network in memory."""
    with lean_network() as network:
        yield network


@pytest.fixture
def here() -> Path:
    """The checkout."""
    return Path(__file__).parent.parent


@pytest.fixture
def world(worker_database: str, wiping: tuple[psycopg.Connection, str]) -> Iterator[World]:
    """For tests that generate examples: `with world.example(): world.run(…)`."""
    with World(worker_database, wiping).open() as world:
        yield world
