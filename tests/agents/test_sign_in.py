"""Signing in and out, guesses slowed down, and sign-ins that end."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.agents.current import actor_now, actor_of
from app.agents.errors import AgentDisabled, TooManyGuesses, WrongPassword
from app.agents.guesses import forget_old_guesses, guess_keys, pause_after
from app.agents.models import Agent, SignIn, SignInAttempt
from app.agents.password import hash_password
from app.agents.routes import router
from app.agents.sign_in import drop_expired_sign_ins, sign_in
from app.core.eventlog import read_after
from app.core.transaction import transaction
from tests.agents.people import a_brand, an_agent, asking, cookie
from tests.conftest import Statements, Turned

SECRET = "correct horse"


async def ana() -> str:
    return await an_agent("Ana", hashed=await hash_password(SECRET))


async def test_the_cookie_is_the_agent(database: str) -> None:
    agent = await ana()
    brand = await a_brand(agents=[agent])
    opened = await sign_in(" ANA@desk.example", SECRET, browser="Firefox")
    async with transaction() as tx:
        actor = await actor_of(tx, opened.secret)
        assert actor is not None
        assert (actor.agent_id, actor.brand_ids, actor.sign_in_id) == (agent, {brand}, opened.sign_in_id)
        assert await actor_now(tx, opened.sign_in_id) == actor
        assert await actor_of(tx, "x" + opened.secret) is None
        kept = (await tx.execute(select(SignIn.secret_hash))).scalar_one()
    assert opened.secret not in kept


async def test_a_wrong_password_and_an_unknown_address_answer_alike(database: str) -> None:
    await ana()
    with pytest.raises(WrongPassword) as known:
        await sign_in("ana@desk.example", "wrong")
    with pytest.raises(WrongPassword) as unknown:
        await sign_in("nobody@desk.example", SECRET)
    assert known.value.sentence == unknown.value.sentence


async def test_only_who_knows_the_password_learns_that_the_sign_in_is_off(database: str) -> None:
    agent = await ana()
    async with transaction() as tx:
        await tx.execute(update(Agent).where(Agent.id == agent).values(disabled_at=Agent.created_at))
    with pytest.raises(WrongPassword):
        await sign_in("ana@desk.example", "wrong")
    with pytest.raises(AgentDisabled):
        await sign_in("ana@desk.example", SECRET)


async def test_guessing_becomes_slow_and_the_owner_gets_in_after_the_pause(database: str, turned: Turned) -> None:
    await ana()
    for _ in range(5):
        with pytest.raises(WrongPassword):
            await sign_in("ana@desk.example", "wrong", address="192.0.2.7")
    with pytest.raises(TooManyGuesses) as slowed:
        await sign_in("ana@desk.example", SECRET, address="192.0.2.8")
    assert slowed.value.details["retry_at"] == (turned.at + timedelta(seconds=1)).isoformat()
    turned.set(turned.at + timedelta(seconds=2))
    await sign_in("ana@desk.example", SECRET, address="192.0.2.8")
    with pytest.raises(WrongPassword):  # forgiven: no pause after one more mistake
        await sign_in("ana@desk.example", "wrong", address="192.0.2.8")
    await sign_in("ana@desk.example", SECRET, address="192.0.2.8")


async def test_one_network_address_cannot_try_many_names(database: str, turned: Turned) -> None:
    for n in range(20):
        with pytest.raises(WrongPassword):
            await sign_in(f"a{n}@desk.example", "wrong", address="2001:db8::1")
    with pytest.raises(TooManyGuesses):
        await sign_in("another@desk.example", "wrong", address="2001:db8::2")
    turned.set(turned.at + timedelta(days=2))
    async with transaction() as tx:
        await forget_old_guesses(tx)
        assert (await tx.scalars(select(SignInAttempt))).all() == []


async def test_thirty_guesses_at_once_are_five(database: str, turned: Turned) -> None:
    await ana()
    answers = await asyncio.gather(
        *(sign_in("ana@desk.example", "wrong") for _ in range(30)),
        return_exceptions=True,
    )
    assert sum(isinstance(a, WrongPassword) for a in answers) == 5
    assert sum(isinstance(a, TooManyGuesses) for a in answers) == 25


def test_pauses_double_and_end() -> None:
    assert [pause_after("email", n).total_seconds() for n in (4, 5, 6, 7, 30)] == [0, 1, 2, 4, 60]
    assert pause_after("address", 10_000) == timedelta(minutes=15)
    assert guess_keys("A@b", "not an address") == ["address:not an address", "email:a@b"]


async def test_a_sign_in_lasts_two_weeks_after_its_last_use(database: str, turned: Turned) -> None:
    secret = await cookie(await an_agent())
    async with asking(router, secret=secret) as browser:
        for _ in range(3):
            turned.set(turned.at + timedelta(days=10))
            answer = await browser.get("/api/v1/session")
            assert answer.status_code == 200
            assert "max-age=1209600" in answer.headers["set-cookie"].lower()
        turned.set(turned.at + timedelta(days=15))
        assert (await browser.get("/api/v1/session")).status_code == 401
    async with transaction() as tx:
        await drop_expired_sign_ins(tx)
        assert (await tx.scalars(select(SignIn))).all() == []


async def test_over_http_with_a_cookie_that_scripts_cannot_read(database: str) -> None:
    await ana()
    async with asking(router) as browser:
        assert (await browser.get("/api/v1/session")).status_code == 401
        wrong = await browser.post("/api/v1/session", json={"email": "ana@desk.example", "password": "no"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_password")
        answer = await browser.post("/api/v1/session", json={"email": "ana@desk.example", "password": SECRET})
        assert answer.status_code == 200
        assert answer.json()["me"]["email"] == "ana@desk.example"
        given = answer.headers["set-cookie"].lower()
        assert "httponly" in given
        assert "samesite=lax" in given
        assert "secure" not in given
        other = await sign_in("ana@desk.example", SECRET, browser="a phone")
        listed = (await browser.get("/api/v1/sessions")).json()
        assert {(row["id"] == other.sign_in_id, row["current"]) for row in listed} == {(True, False), (False, True)}
        assert (await browser.delete(f"/api/v1/sessions/{other.sign_in_id}")).status_code == 204
        assert (await browser.delete(f"/api/v1/sessions/{other.sign_in_id}")).status_code == 404
        assert (await browser.delete("/api/v1/session")).status_code == 204
        assert (await browser.get("/api/v1/session")).status_code == 401
    async with transaction() as tx:
        ended = [e for e in await read_after(tx, 0) if e.type == "sign_in.ended"]
    assert [e.audience for e in ended] == ["nobody", "nobody"]
    assert ended[0].fact["sign_in_ids"] == [other.sign_in_id]


async def test_nobody_ends_the_sign_in_of_another(database: str) -> None:
    ana_secret, ben = await cookie(await an_agent("Ana")), await an_agent("Ben")
    async with asking(router, secret=await cookie(ben)) as browser:
        async with transaction() as tx:
            actor = await actor_of(tx, ana_secret)
        assert actor is not None
        assert (await browser.delete(f"/api/v1/sessions/{actor.sign_in_id}")).status_code == 404
    async with transaction() as tx:
        assert await actor_of(tx, ana_secret) is not None


async def test_asking_who_i_am_takes_three_statements_however_many_there_are(
    database: str, statements: Statements
) -> None:
    agent = await an_agent()
    secret = await cookie(agent)
    async with asking(router, secret=secret) as browser:
        counts = []
        for n in range(3):
            statements.clear()
            assert (await browser.get("/api/v1/session")).status_code == 200
            counts.append(len(statements))
            await a_brand(f"Brand {n}", agents=[agent])
            await an_agent(f"More{n}")
    assert counts == [3, 3, 3]
