"""Connecting an account by token and by browser, and everything that can go wrong on the way."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.agents.permit import NotAllowed
from app.brands.account import account_view, open_account
from app.brands.attach import attach_account, disconnect_account
from app.brands.connect import connect_account, finish_connect, refresh_account
from app.brands.errors import (
    AccountAlreadyConnected,
    AccountDisconnectedAlready,
    ConnectionDeclined,
    ConnectionExpired,
    FieldMissing,
    FieldUnknown,
    NetworkRefused,
    NetworkSilent,
    SignInRefused,
    UnknownNetwork,
)
from app.brands.health import mark_broken, mark_working
from app.brands.models import BrandAccount, Connecting, NetworkApp
from app.brands.queries import accounts
from app.brands.routes import router
from app.core.eventlog import read_after
from app.core.transaction import transaction
from app.networks import adapters
from app.networks.errors import RateLimited, Rejected, Transient, Unauthorized, Unknown
from app.networks.registry import networks
from tests.agents.people import a_brand, an_agent, asking, colleague, cookie, lead
from tests.brands.village import Village, connected
from tests.conftest import Turned

RETURN = "http://desk.example/api/v1/accounts/return"
HERE = {"server": "https://village.example"}


async def leader() -> str:
    return await an_agent("Lea", role="lead")


async def connect(actor: str, brand: str, **fields: str) -> str:
    done = await connect_account(lead(actor), brand, "village", {**HERE, **fields}, import_days=3, return_url=RETURN)
    assert done.account is not None
    return done.account.id


async def begin(actor: str, brand: str, state_of: Village) -> str:
    going = await connect_account(lead(actor), brand, "village", HERE, import_days=7, return_url=RETURN)
    assert going.account is None
    assert going.authorize_url is not None
    async with transaction() as tx:
        return (await tx.scalars(select(Connecting.state).order_by(Connecting.created_at.desc()))).first() or ""


async def test_a_pasted_token_connects_and_is_sealed(database: str, village: Village) -> None:
    actor, brand = await leader(), await a_brand()
    account = await connect(actor, brand, token="hush")
    async with transaction() as tx:
        row = await tx.get_one(BrandAccount, account)
        [event] = await read_after(tx, 0)
    assert "hush" not in row.credentials
    assert open_account(row).credentials == {"token": "hush"}
    assert (event.type, event.brand_id, event.fact["import_days"]) == ("account.connected", brand, 3)
    assert "hush" not in str(event.fact)
    assert event.fact["account"]["limits"]["max_characters"] == 500


async def test_through_the_browser(database: str, village: Village) -> None:
    actor, brand = await leader(), await a_brand()
    async with asking(router, secret=await cookie(actor)) as browser:
        ask = {"brand_id": brand, "network": "village", "fields": HERE, "import_days": 5}
        going = (await browser.post("/api/v1/accounts/connect", json=ask)).json()
        assert going == {"account": None, "authorize_url": "https://village.example/go?app-1"}
        back = await browser.get("/api/v1/accounts/return?state=state-app-1-0&code=c0de")
        assert back.status_code == 303
        [account] = (await browser.get("/api/v1/accounts")).json()
        assert back.headers["location"] == f"/accounts?connected={account['id']}"
        assert (account["state"], account["handle"]) == ("working", "acme")
        twice = await browser.get("/api/v1/accounts/return?state=state-app-1-0&code=c0de")
        assert twice.headers["location"] == "/accounts?problem=connection_expired"
        shown = {network["name"]: network for network in (await browser.get("/api/v1/networks")).json()}
        assert [f["name"] for f in shown["village"]["connect_fields"]] == ["server", "token"]
        assert {"mastodon", "village"} <= shown.keys()
    keep, answer, return_url = village.returned[0]
    assert keep["client_id"] == "app-1"
    assert answer == {"state": "state-app-1-0", "code": "c0de"}
    assert return_url == RETURN
    async with asking(router) as stranger:
        back = await stranger.get("/api/v1/accounts/return?state=x&code=y")
        assert back.headers["location"] == "/accounts?problem=unauthenticated"


async def test_we_register_once_at_a_server_and_again_when_it_forgot_us(database: str, village: Village) -> None:
    actor, brand = await leader(), await a_brand()
    state = await begin(actor, brand, village)
    await finish_connect(lead(actor), {"state": state, "code": "c"})
    state = await begin(actor, brand, village)
    assert village.registered == 1
    village.failure = Rejected("invalid_client")
    with pytest.raises(NetworkRefused):
        await finish_connect(lead(actor), {"state": state, "code": "c"})
    village.failure = None
    await begin(actor, brand, village)
    assert village.registered == 2
    async with transaction() as tx:
        [sealed] = await tx.scalars(select(NetworkApp.sealed))
    assert "app-2" not in sealed


async def test_only_who_began_may_finish_and_not_too_late(database: str, village: Village, turned: Turned) -> None:
    actor, other, brand = await leader(), await an_agent("Eve", role="lead"), await a_brand()
    state = await begin(actor, brand, village)
    with pytest.raises(ConnectionExpired):
        await finish_connect(lead(other), {"state": state, "code": "c"})
    with pytest.raises(NotAllowed):
        await finish_connect(colleague(actor, brand), {"state": state, "code": "c"})
    turned.set(turned.at + timedelta(minutes=16))
    with pytest.raises(ConnectionExpired):
        await finish_connect(lead(actor), {"state": state, "code": "c"})
    state = await begin(actor, brand, village)
    with pytest.raises(ConnectionDeclined):
        await finish_connect(lead(actor), {"state": state, "error": "access_denied"})


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (Unauthorized("No."), SignInRefused),
        (Rejected("Not here."), NetworkRefused),
        (Transient("Asleep."), NetworkSilent),
        (RateLimited("Slowly."), NetworkSilent),
        (Unknown("Perhaps."), NetworkSilent),
    ],
)
async def test_a_networks_own_words_are_shown(
    database: str, village: Village, failure: Exception, error: type[Exception]
) -> None:
    actor, brand = await leader(), await a_brand()
    village.failure = failure  # type: ignore[assignment]
    with pytest.raises(error, match=str(failure)):
        await connect(actor, brand, token="x")
    async with transaction() as tx:
        assert await accounts(tx, lead(actor)) == []


async def test_the_form_is_checked(database: str, village: Village) -> None:
    actor, brand = await leader(), await a_brand()

    async def ask(network: str, fields: dict[str, str]) -> None:
        await connect_account(lead(actor), brand, network, fields, import_days=0, return_url=RETURN)

    with pytest.raises(UnknownNetwork):
        await ask("nowhere", {})
    with pytest.raises(FieldMissing) as missing:
        await ask("village", {"server": "  ", "token": "x"})
    assert missing.value.field == "fields.server"
    with pytest.raises(FieldUnknown):
        await ask("village", {**HERE, "colour": "red"})
    with pytest.raises(SignInRefused) as refused:
        await ask("village", {**HERE, "token": "wrong"})
    assert refused.value.field == "fields.token"


async def test_the_same_account_again_is_the_same_row_and_works_again(database: str, village: Village) -> None:
    actor, brand = await leader(), await a_brand()
    first = await connect(actor, brand, token="old")
    async with transaction() as tx:
        assert await mark_broken(tx, first, "Signed out.")
        assert not await mark_broken(tx, first, "Signed out.")
    async with transaction() as tx:
        [broken] = await accounts(tx, lead(actor))
        assert (broken.state, broken.problem) == ("broken", "Signed out.")
    assert await connect(actor, brand, token="new") == first
    async with transaction() as tx:
        row = await tx.get_one(BrandAccount, first)
        assert (row.state, row.problem, open_account(row).credentials) == ("working", None, {"token": "new"})
        assert not await mark_working(tx, first)
        log = [e.type for e in await read_after(tx, 0)]
    assert log == ["account.connected", "account.broken", "account.connected"]


async def test_an_account_speaks_for_one_brand(database: str, village: Village) -> None:
    actor, brand, other = await leader(), await a_brand("A"), await a_brand("B")
    account = await connect(actor, brand, token="x")
    with pytest.raises(AccountAlreadyConnected):
        await connect(actor, other, token="x")
    async with transaction() as tx:
        await disconnect_account(tx, lead(actor), account)
        await disconnect_account(tx, lead(actor), account)
    assert await connect(actor, other, token="x") == account
    async with transaction() as tx:
        [view] = await accounts(tx, lead(actor))
        assert (view.brand_id, view.state) == (other, "working")


async def test_ten_connections_at_once_are_one_account(database: str, village: Village) -> None:
    actor, brand = await leader(), await a_brand()

    async def attach(n: int) -> str:
        async with transaction() as tx:
            return (await attach_account(tx, lead(actor), brand, connected(token=str(n)))).id

    assert len(set(await asyncio.gather(*(attach(n) for n in range(10))))) == 1


async def test_taken_off_it_keeps_no_credential(database: str, village: Village) -> None:
    actor, brand = await leader(), await a_brand()
    account = await connect(actor, brand, token="x")
    async with transaction() as tx:
        await disconnect_account(tx, lead(actor), account)
        assert open_account(await tx.get_one(BrandAccount, account)).credentials == {}
    with pytest.raises(AccountDisconnectedAlready):
        await refresh_account(lead(actor), account)
    async with transaction() as tx:
        assert [e.type for e in await read_after(tx, 0)] == ["account.connected", "account.disconnected"]


async def test_refreshing_tells_only_what_changed(database: str, village: Village) -> None:
    actor, brand = await leader(), await a_brand()
    account = await connect(actor, brand, token="x")
    assert (await refresh_account(lead(actor), account)).revision == 1
    roomy = replace(village.present.account, traits={"max_characters": 5000})
    village.present = replace(village.present, account=roomy, name="Acme Ltd")
    seen = await refresh_account(lead(actor), account)
    assert (seen.name, seen.limits.max_characters, seen.revision) == ("Acme Ltd", 5000, 2)
    async with transaction() as tx:
        await mark_broken(tx, account, "?")
    assert (await refresh_account(lead(actor), account)).state == "working"
    async with transaction() as tx:
        log = [e.type for e in await read_after(tx, 0)]
        assert open_account(await tx.get_one(BrandAccount, account)).credentials == {"token": "x"}
    assert log == ["account.connected", "account.changed", "account.broken", "account.connected"]


async def test_agents_see_their_brands_accounts_and_connect_none(database: str, village: Village) -> None:
    actor, ana, brand, other = await leader(), await an_agent("Ana"), await a_brand("A"), await a_brand("B")
    account = await connect(actor, brand, token="x")
    async with transaction() as tx:
        assert len(await accounts(tx, colleague(ana, brand))) == 1
        assert await accounts(tx, colleague(ana, other)) == []
        with pytest.raises(NotAllowed):
            await disconnect_account(tx, colleague(ana, brand), account)
    with pytest.raises(NotAllowed):
        await connect_account(colleague(ana, brand), brand, "village", HERE, import_days=0, return_url=RETURN)


async def test_an_account_of_a_network_that_is_gone_is_still_shown(
    database: str, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, brand = await leader(), await a_brand()
    account = await connect(actor, brand, token="x")
    monkeypatch.setattr(adapters, "__path__", [])
    networks.cache_clear()
    async with transaction() as tx:
        assert account_view(await tx.get_one(BrandAccount, account)).limits.max_characters == 0
