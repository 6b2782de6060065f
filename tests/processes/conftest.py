"""A house of two web and two worker processes for all tests here; when one fails, what the processes said is shown."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.core import db
from app.wiring import wire
from tests import postgres
from tests.processes.house import House
from tests.sandbox.live import start_sandbox

ACCOUNTS, AGENTS = 8, 6
_HOUSE = pytest.StashKey[House]()


@pytest.fixture(scope="session")
def processes(
    request: pytest.FixtureRequest, template: str, installation: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Two and two, on a database of their own; every test leaves them running, and may leave tickets behind."""
    url = postgres.clone("processes", template)
    with start_sandbox() as sandbox:
        house = House(url, tmp_path_factory.mktemp("processes"), sandbox)
        request.session.stash[_HOUSE] = house
        try:
            house.furnish(ACCOUNTS, AGENTS)
            house.begin(webs=2, workers=2)
            yield house
        finally:
            house.close()
            postgres.drop(url)


@pytest.fixture
async def house(processes: House) -> AsyncIterator[House]:
    """The house, with its database open in this process too."""
    wire()
    db.open_database(processes.url, pool_size=8)
    yield processes
    await db.close_database()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show the processes' last words where a test failed."""
    report = yield
    house = item.session.stash.get(_HOUSE, None)
    if report.failed and house is not None and "processes" in item.fixturenames:
        report.sections.append(("what the processes said", house.last_words()))
    return report
