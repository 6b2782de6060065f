"""Bluesky's own servers for a whole run, and the stage of the contract test on them."""

from collections.abc import Iterator

import pytest

from app.networks.adapters.bluesky import session
from tests.networks.adapters.bluesky.live.relay import LiveStage
from tests.networks.adapters.bluesky.live.servers import Servers, start_servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with start_servers() as running:
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
