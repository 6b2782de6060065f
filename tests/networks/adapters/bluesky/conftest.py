"""A running small Bluesky, and a brand connected on it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.core import client
from app.networks.adapters.bluesky import NETWORK, session
from app.networks.port import Account, Connected
from tests.networks.adapters.bluesky.server import Server


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
async def server(running: Server):
    running.clear()
    session._newest.clear()
    yield running
    await client.close()


@dataclass
class Joined:
    """A connected brand."""

    server: Server
    connected: Connected

    @property
    def account(self) -> Account:
        return self.connected.account


def fields(server: Server, **more: str) -> dict[str, str]:
    return {"identifier": "acme.test", "server": server.url, "directory": server.url, **more}


async def join(server: Server, **more: str) -> Joined:
    given = fields(server, **{"password": server.brand("acme"), **more})
    return Joined(server, await NETWORK.connect(given, {}, {}, ""))


@pytest.fixture
async def joined(server: Server) -> Joined:
    return await join(server)
