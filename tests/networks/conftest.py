"""What the network tests share: the way out is closed after each test, and a server that is rude on purpose."""

import pytest

from app.core import client


@pytest.fixture(autouse=True)
async def way_out():
    """Connections belong to a test's own event loop."""
    yield
    await client.close()
