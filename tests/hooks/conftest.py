"""A desk and a receiver."""

from collections.abc import AsyncIterator

import pytest

from tests.given import Desk, a_desk
from tests.hooks.receiver import Receiver, a_receiver


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with a_receiver() as receiver:
        yield receiver


@pytest.fixture
async def desk(database: str) -> Desk:
    return await a_desk()
