"""What the network tests share: the way out is closed after each test, and a server that is rude on purpose."""

from collections.abc import Iterator

import pytest

from app.core import client
from app.networks.port import Account, Network
from app.networks.registry import network, networks
from tests.networks.given import RETURN
from tests.networks.stage import Stage
from tests.networks.stages import STAGES


@pytest.fixture(autouse=True)
async def way_out():
    """Connections belong to a test's own event loop."""
    yield
    await client.close()


@pytest.fixture(params=[f"{name}/{flavour}" for name in networks() for flavour in STAGES.get(name, {})], scope="module")
def stage(request) -> Iterator[Stage]:
    name, _, flavour = request.param.partition("/")
    with STAGES[name][flavour]() as made:
        yield made


@pytest.fixture
async def desk(stage: Stage) -> tuple[Stage, Network, Account]:
    """A fresh world, the adapter, and a brand connected in it."""
    stage.reset()
    adapter = network(stage.network)
    stage.brand()
    connected = await adapter.connect(stage.fields(), {}, {}, RETURN)
    return stage, adapter, connected.account
