"""The village, found like any other network."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from app.networks import adapters
from app.networks.registry import network, networks
from tests.brands.village import Village

MODULE = f"{adapters.__name__}.village"


@pytest.fixture
def village(monkeypatch: pytest.MonkeyPatch) -> Iterator[Village]:
    monkeypatch.setattr(adapters, "__path__", [*adapters.__path__, str(Path(__file__).parent / "adapters")])
    sys.modules.pop(MODULE, None)
    networks.cache_clear()
    yield cast("Village", network("village"))
    networks.cache_clear()
    sys.modules.pop(MODULE, None)
