"""Guessing a password is slowed for each account and for each network address, and no header talks its way out of it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from app.agents.models import Agent, SignInAttempt
from app.agents.password import hash_password
from app.core.clock import now
from app.core.ids import new_id
from app.core.transaction import transaction
from tests.conftest import Turned
from tests.security.stage import whole_app

PASSWORD = "correct horse battery"


@pytest.fixture
async def ana(database: str, turned: Turned) -> str:
    async with transaction() as tx:
        hashed = await hash_password(PASSWORD)
        tx.add(
            Agent(
                id=new_id("ag"),
                name="Ana",
                email="ana@desk.example",
                password_hash=hashed,
                role="agent",
                availability="available",
                created_at=now(),
            )
        )
    return "ana@desk.example"


@pytest.fixture
async def behind_a_proxy(database: str, turned: Turned) -> AsyncIterator[httpx2.AsyncClient]:
    """The proxy is 127.0.0.1, as uvicorn believes by itself."""
    async with whole_app(database, proxy_headers=True) as (_, client):
        yield client


@pytest.fixture
async def in_the_open(database: str, turned: Turned) -> AsyncIterator[httpx2.AsyncClient]:
    """There is a proxy, but whoever asks here is not it."""
    async with whole_app(database, proxy_headers=True, forwarded_allow_ips="192.0.2.200") as (_, client):
        yield client


async def guess(client: httpx2.AsyncClient, email: str, password: str = "wrong", **headers: Any) -> int:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await client.post("/api/v1/session", json={"email": email, "password": password}, headers=said)
    if answer.status_code == 429:
        assert answer.json()["retry_at"]
    return answer.status_code


async def tried(address: str, times: int) -> None:
    """So many wrong guesses came from there."""
    async with transaction() as tx:
        tx.add(SignInAttempt(key=f"address:{address}", failures=times, last_at=now()))


async def test_an_account_is_slowed_wherever_the_guesses_come_from(
    ana: str, behind_a_proxy: httpx2.AsyncClient
) -> None:
    codes = [await guess(behind_a_proxy, ana, x_forwarded_for=f"198.51.100.{n}") for n in range(8)]
    assert codes == [401] * 5 + [429] * 3
    for other in (ana.upper(), f" {ana} "):
        assert await guess(behind_a_proxy, other, x_forwarded_for="198.51.100.99") == 429
    assert await guess(behind_a_proxy, ana, PASSWORD, x_forwarded_for="198.51.100.99") == 429  # not even the right one


async def test_an_address_is_slowed_whatever_it_says_of_itself(ana: str, behind_a_proxy: httpx2.AsyncClient) -> None:
    """What the proxy heard stands last; what the guesser made up stands before it."""
    await tried("203.0.113.7", 18)
    codes = [
        await guess(behind_a_proxy, f"n{n}@desk.example", x_forwarded_for=f"10.9.8.{n}, 203.0.113.7") for n in range(4)
    ]
    assert codes == [401] * 2 + [429] * 2
    assert await guess(behind_a_proxy, ana, PASSWORD, x_forwarded_for="203.0.113.8") == 200


async def test_headers_of_a_stranger_are_not_believed(ana: str, in_the_open: httpx2.AsyncClient) -> None:
    forged = ("x_forwarded_for", "forwarded", "x_real_ip", "true_client_ip", "cf_connecting_ip")
    await tried("127.0.0.1", 18)
    codes = [
        await guess(in_the_open, f"n{n}@desk.example", **dict.fromkeys(forged, f"203.0.113.{n}")) for n in range(4)
    ]
    assert codes == [401] * 2 + [429] * 2


async def test_what_is_no_address_is_counted_and_no_fault(ana: str, behind_a_proxy: httpx2.AsyncClient) -> None:
    for strange in ("x" * 3000, "[::1", ",,,"):
        assert await guess(behind_a_proxy, f"{len(strange)}@desk.example", x_forwarded_for=strange) == 401
    for email in ("", "'; drop table agents; --@x"):
        assert await guess(behind_a_proxy, email) == 401


async def test_the_old_password_is_guessed_no_quicker_by_a_stolen_browser(
    ana: str, behind_a_proxy: httpx2.AsyncClient
) -> None:
    client = behind_a_proxy
    signed_in = await client.post("/api/v1/session", json={"email": ana, "password": PASSWORD})
    who = {"cookie": signed_in.headers["set-cookie"].partition(";")[0]}
    codes = []
    for _ in range(7):
        change = {"password": {"old": "wrong", "new": "another password"}}
        codes.append((await client.patch("/api/v1/me", json=change, headers=who)).status_code)
    assert codes[-2:] == [429, 429]
    assert 200 not in codes
