"""Credentials are renewed by one process alone, stored at once, and taken over from who died over it."""

import asyncio

import pytest

from app.brands import renew
from app.brands.account import open_account
from app.brands.attach import attach_account, disconnect_account
from app.brands.models import BrandAccount
from app.brands.renew import LEASE, renew_credentials
from app.core.clock import now
from app.core.transaction import transaction
from app.networks.errors import Transient, Unauthorized
from tests.conftest import Turned
from tests.given import Desk, a_desk
from tests.lean import lean_account

OLD = {"token": "secret-token"}


class Net:
    """A network that takes each refresh token once."""

    def __init__(self) -> None:
        self.asked = 0
        self.began = asyncio.Event()
        self.let_go = asyncio.Event()
        self.let_go.set()
        self.problem: Exception | None = None

    async def ask(self, old: dict[str, str]) -> dict[str, str]:
        self.asked += 1
        self.began.set()
        made = {"token": f"token-{self.asked}"}
        await self.let_go.wait()
        if self.problem is not None:
            raise self.problem
        return made


@pytest.fixture
async def desk(database: str, turned: Turned) -> Desk:
    return await a_desk()


@pytest.fixture
async def account_id(desk: Desk) -> str:
    async with transaction() as tx:
        return (await attach_account(tx, desk.lead, desk.brand_id, lean_account())).id


async def stored(account_id: str) -> dict[str, str]:
    async with transaction() as tx:
        return open_account(await tx.get_one(BrandAccount, account_id)).credentials


async def apart(account_id: str, net: Net) -> dict[str, str]:
    """As another process does it: it shares the row and nothing else."""
    renew._locks.clear()
    return await renew_credentials(account_id, OLD, net.ask)


async def test_of_many_who_ask_at_once_one_asks_the_network(account_id: str) -> None:
    net = Net()
    net.let_go.clear()
    here = [asyncio.create_task(renew_credentials(account_id, OLD, net.ask)) for _ in range(5)]
    await asyncio.sleep(0)
    there = [asyncio.create_task(apart(account_id, net)) for _ in range(3)]
    await net.began.wait()
    await asyncio.sleep(0.2)
    assert net.asked == 1
    net.let_go.set()
    assert await asyncio.gather(*here, *there) == [{"token": "token-1"}] * 8
    assert (net.asked, await stored(account_id)) == (1, {"token": "token-1"})
    # who comes with older ones still, asks nobody
    assert await renew_credentials(account_id, OLD, net.ask) == {"token": "token-1"}
    assert net.asked == 1


async def test_who_is_stopped_while_asking_stores_what_came(account_id: str) -> None:
    net = Net()
    net.let_go.clear()
    asking = asyncio.create_task(renew_credentials(account_id, OLD, net.ask))
    await net.began.wait()
    asking.cancel()
    asyncio.get_running_loop().call_later(0.05, net.let_go.set)
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await stored(account_id) == {"token": "token-1"}


async def test_who_died_is_replaced_when_the_lease_is_over_and_comes_too_late(account_id: str) -> None:
    dead, living = Net(), Net()
    dead.let_go.clear()
    died = asyncio.create_task(renew_credentials(account_id, OLD, dead.ask))
    await dead.began.wait()
    waiting = asyncio.create_task(apart(account_id, living))
    await asyncio.sleep(0.15)
    assert living.asked == 0
    living.asked = 6
    async with transaction() as tx:
        row = await tx.get_one(BrandAccount, account_id)
        assert row.renewal_lease == now() + LEASE
        row.renewal_lease = now()
    assert await waiting == {"token": "token-7"}
    dead.let_go.set()  # it was not dead, only slow: what holds now is what it answers
    assert await died == {"token": "token-7"}
    assert await stored(account_id) == {"token": "token-7"}


async def test_a_failure_frees_the_lease_and_changes_nothing(account_id: str) -> None:
    net = Net()
    net.problem = Transient("Come again")
    with pytest.raises(Transient):
        await renew_credentials(account_id, OLD, net.ask)
    assert await stored(account_id) == OLD
    net.problem = None
    async with transaction() as tx:
        account = open_account(await tx.get_one(BrandAccount, account_id))
    assert account.renew is not None
    assert await account.renew(account.credentials, net.ask) == {"token": "token-2"}


async def test_an_account_taken_off_is_not_renewed(desk: Desk, account_id: str) -> None:
    async with transaction() as tx:
        await disconnect_account(tx, desk.lead, account_id)
    net = Net()
    with pytest.raises(Unauthorized):
        await renew_credentials(account_id, OLD, net.ask)
    assert net.asked == 0
