"""No network's address, and no hub that a feed names, makes the server call inside: each adapter asks by the one checked way."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.brands.connect import connect_account
from app.brands.models import BrandAccount
from app.core import client
from app.core.errors import DeskError
from app.core.transaction import transaction
from app.networks.adapters.feeds import websub
from app.networks.adapters.feeds.position import Position
from app.networks.port import Account
from app.networks.registry import networks
from tests.given import a_desk
from tests.security.test_inside_is_refused import SPELLINGS, inside, private_refused  # noqa: F401 - a fixture


@pytest.mark.usefixtures("private_refused", "database")
@pytest.mark.parametrize("network", sorted(one.name for one in networks().values() if "brought" not in one.can))
async def test_no_way_of_writing_its_address_reaches_inside(network: str) -> None:
    desk, adapter = await a_desk(), networks()[network]
    typed = {
        field.name: {"text": "acme.example", "secret": "secret-token"}[field.kind]
        for field in adapter.connect_fields
        if field.required and field.kind in {"text", "secret"}
    }
    if "token" in {field.name for field in adapter.connect_fields}:
        typed["token"] = "secret-token"
    addresses = [field.name for field in adapter.connect_fields if field.kind == "url" and field.name != "stream"]
    async with inside() as (url, asked):
        for spelling in filter(None, SPELLINGS):
            fields = {**typed, "server": spelling.format(port=url.rpartition(":")[2])}
            with pytest.raises(DeskError) as refused:
                await connect_account(desk.lead, desk.brand_id, network, fields, import_days=0, return_url=url)
            assert "secret-token" not in str(refused.value)
        assert asked == []
    assert "server" in addresses
    async with transaction() as tx:
        assert (await tx.scalars(select(BrandAccount))).all() == []
    await client.close()


@pytest.mark.usefixtures("private_refused")
async def test_a_hub_inside_is_not_asked_to_call_us() -> None:
    account = Account("feeds", "https://blog.example/feed", "x", "blog.example", {})
    async with inside() as (url, asked):
        here = await websub.kept(replace(account, incoming_url="https://desk.example/in"), Position(), f"{url}/hub")
    assert (asked, here.leased) == ([], 0.0)
    assert here.hub_at > 0
