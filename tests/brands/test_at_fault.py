"""What is wrong on connecting is said at the field where it was typed, whatever the network calls its fields."""

import pytest

from app.brands.errors import NetworkRefused, NetworkSilent, SignInRefused
from app.brands.network import asked, known_network
from app.core.errors import DeskError
from app.networks.registry import networks
from tests.networks.adapters.bluesky.stage import BlueskyStage

NOBODY = "http://127.0.0.1:9"


async def problem(network: str, typed: dict[str, str]) -> DeskError:
    adapter = known_network(network)
    way = adapter.authorize(typed, "https://desk.example") if "oauth" in adapter.can else None
    with pytest.raises(DeskError) as refused:
        await asked(way or adapter.connect(typed, {}, {}, ""), typed)
    return refused.value


@pytest.mark.parametrize("network", sorted(one.name for one in networks().values() if "brought" not in one.can))
async def test_an_address_that_is_none_is_at_fault(network: str) -> None:
    typed = {field.name: "x" for field in known_network(network).connect_fields if field.required}
    wrong = await problem(network, {**typed, "server": "http://["})
    assert wrong.field == "fields.server"
    assert str(wrong.details["why"]).startswith(("reason.", f"trouble.{network}."))


async def test_each_address_and_the_password_of_bluesky_are_told_apart() -> None:
    with BlueskyStage() as stage:
        stage.brand()
        right = stage.fields()
        for name in ("server", "directory", "stream"):
            wrong = await problem("bluesky", {**right, name: "no spaces.example"})
            assert (type(wrong), wrong.field) == (NetworkRefused, f"fields.{name}")
        for name in ("server", "directory"):
            silent = await problem("bluesky", {**right, name: NOBODY})
            assert (type(silent), silent.field) == (NetworkSilent, f"fields.{name}")
        refused = await problem("bluesky", {**right, "password": "wrong"})
        assert (type(refused), refused.field) == (SignInRefused, "fields.password")
