"""The two brands of this folder's tests, made once for each test."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.lean import Lean
from tests.security.stage import Brands, two_brands, whole_app
from tests.stream.conftest import Served

Open = tuple[Served, httpx2.AsyncClient]


@pytest.fixture
async def brands(database: str, lean: Lean) -> Brands:
    """Acme and Zeta with one thing of every kind."""
    return await two_brands(lean)


@pytest.fixture
async def served(database: str) -> AsyncIterator[Open]:
    """The whole app on a real socket, and a client that talks to it."""
    async with whole_app(database) as opened:
        yield opened
