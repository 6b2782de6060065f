"""Bluesky's own servers for a whole run, and the stage of the contract test on them."""

import time
from collections.abc import Callable, Iterator

import pytest

from app.networks.adapters.bluesky import session
from tests.networks.adapters.bluesky.live.relay import LiveStage
from tests.networks.adapters.bluesky.live.servers import Servers, start_servers


@pytest.fixture(scope="session")
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Say a figure to whoever waits, whatever is captured."""
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    capture = pytestconfig.pluginmanager.get_plugin("capturemanager")
    assert reporter
    assert capture

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled():
            reporter.write_line(line)

    return say


@pytest.fixture(scope="session")
def servers(tell: Callable[[str], None]) -> Iterator[Servers]:
    began = time.monotonic()
    with start_servers() as running:
        tell(f"Bluesky's own servers answer after {time.monotonic() - began:.1f} s")
        yield running


@pytest.fixture(scope="session")
def live(servers: Servers) -> Iterator[LiveStage]:
    with LiveStage(servers) as made:
        yield made


@pytest.fixture
def stage(live: LiveStage) -> LiveStage:
    live.reset()
    session._newest.clear()
    return live
