"""A double of X for each test of this folder, and a brand's account that is ours."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.networks.adapters.x import memory
from app.networks.adapters.x.adapter import X
from app.networks.port import Account, Inbound, Outgoing
from tests.networks.adapters.x.stage import XStage
from tests.networks.given import RETURN, outgoing


@pytest.fixture(scope="module")
def running() -> Iterator[XStage]:
    with XStage() as stage:
        yield stage


@dataclass
class Desk:
    """The brand's account on the double, and what an agent does with it."""

    stage: XStage
    x: X
    account: Account

    def calls(self, path: str) -> list[str]:
        """The queries with which a path was asked for."""
        return [query for _, asked, query in self.stage.gate.asked if asked == path]

    async def cursor(self) -> str:
        """Where reading begins, with what was there before read."""
        return str((await self.x.mentions(self.account, None)).cursor)

    async def new(self, cursor: str) -> tuple[Inbound, ...]:
        return (await self.x.mentions(self.account, cursor)).items

    async def asked(self, text: str = "@acme it is down", **more: Any) -> Inbound:
        """Nora says something, and it is read."""
        memory.memory_of(self.account).messages_asked.clear()
        cursor = await self.cursor()
        self.stage.post("nora", text, **more)
        memory.memory_of(self.account).messages_asked.clear()
        (item,) = await self.new(cursor)
        return item

    def reply(self, parent: Inbound, text: str, **more: Any) -> Outgoing:
        return outgoing(parent, "", text=text, parent_facts=parent.facts, **more)

    def used(self) -> dict[str, int]:
        return self.account.meter.take()


@pytest.fixture
async def desk(running: XStage) -> AsyncIterator[Desk]:
    running.reset()
    running.brand()
    adapter = X()
    connected = await adapter.connect(running.fields(), {}, {}, RETURN)
    account = replace(connected.account, id="ac_1")
    account.meter.take()
    memory._memories.clear()
    running.gate.asked.clear()
    yield Desk(running, adapter, account)
    memory._memories.clear()
