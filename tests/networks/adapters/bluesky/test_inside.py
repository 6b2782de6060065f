"""What people type and directories tell never makes the server call inside the network, at none of the three look-ups."""

from dataclasses import replace
from typing import Any

import pytest

from app.core.settings import settings
from app.networks import errors
from app.networks.adapters.bluesky import NETWORK, identity
from app.networks.adapters.bluesky.server import home_of
from tests.networks.adapters.bluesky.conftest import Joined
from tests.security.test_inside_is_refused import SPELLINGS, inside

pytestmark = pytest.mark.usefixtures("joined")


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, joined: Joined) -> Joined:
    """Connected while private networks were allowed, which they are no more."""
    monkeypatch.setattr(settings(), "allow_private_networks", False)
    return joined


@pytest.mark.parametrize("which", ["server", "directory", "stream"])
async def test_no_way_of_writing_an_address_reaches_inside(closed: Joined, which: str):
    async with inside() as (url, asked):
        port = url.rpartition(":")[2]
        for spelling in filter(None, SPELLINGS):
            given = {"identifier": "acme.test", "password": "secret", "server": "https://127.0.0.1:9"}
            with pytest.raises(errors.NetworkError) as refused:
                await NETWORK.connect({**given, which: spelling.format(port=port)}, {}, {}, "")
            assert "secret" not in refused.value.sentence
        assert asked == []


def document(told: Any) -> dict[str, Any]:
    return {"service": [{"id": "#atproto_pds", "serviceEndpoint": told}]}


@pytest.mark.parametrize(
    "told", ["http://127.0.0.1:1", "http://pds.example", "gopher://x.example", "https://", 5, None]
)
def test_a_home_that_may_not_be_called_is_none(closed: Joined, told: Any):
    assert home_of(document(told)) is None
    assert home_of(document("https://pds.example/")) == "https://pds.example"


async def test_a_home_a_web_did_and_a_stream_inside_are_not_called(closed: Joined):
    async with inside() as (url, asked):
        secure = url.replace("http", "https")
        moved = replace(closed.account, traits={**closed.account.traits, "home": secure})
        with pytest.raises(errors.Rejected):
            await NETWORK.mentions(moved, None)
        with pytest.raises(errors.Rejected):
            await identity.document("https://plc.example", f"did:web:127.0.0.1%3A{url.rpartition(':')[2]}")
        assert asked == []
