"""Colleagues and teams: who may change them, what is refused, and what is written down."""

import asyncio

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app.agents.current import actor_of
from app.agents.edit import edit_agent, edit_me
from app.agents.errors import EmailTaken, LastLead, StaleAgent, StaleTeam, TeamNameTaken, UnknownMember
from app.agents.form_team import dissolve_team, edit_team, form_team
from app.agents.invite import add_agent, invite_agent
from app.agents.models import Agent
from app.agents.password import check_password, hash_password, outdated
from app.agents.permit import NotAllowed
from app.agents.queries import agents, teams
from app.agents.routes import router
from app.agents.sign_in import sign_in
from app.core.eventlog import read_after
from app.core.transaction import transaction
from tests.agents.people import UNHASHED, a_brand, an_agent, asking, colleague, cookie, lead
from tests.conftest import Statements


async def facts() -> list[tuple[str, str | None]]:
    async with transaction() as tx:
        return [(e.type, e.agent_id) for e in await read_after(tx, 0)]


async def test_only_a_lead_lets_somebody_in(database: str) -> None:
    leader, other = await an_agent("Lea", role="lead"), await an_agent("Ana")
    async with transaction() as tx:
        team = await form_team(tx, lead(leader), name="Night", agent_ids=[other])
        view = await invite_agent(
            tx, lead(leader), name="Ben", email="ben@desk.example", role="agent", hashed=UNHASHED, team_ids=[team.id]
        )
    assert view.team_ids == [team.id]
    with pytest.raises(NotAllowed):
        async with transaction() as tx:
            await invite_agent(tx, colleague(other), name="Eve", email="e@x", role="lead", hashed=UNHASHED, team_ids=[])
    assert await facts() == [("team.changed", leader), ("agent.changed", leader)]


async def test_an_address_is_one_person_whatever_its_case(database: str) -> None:
    async with transaction() as tx:
        await add_agent(tx, name="Ana", email="ana@desk.example", role="lead", hashed=UNHASHED)
    with pytest.raises(EmailTaken):
        async with transaction() as tx:
            await add_agent(tx, name="Ana", email="ANA@desk.example", role="lead", hashed=UNHASHED)
    with pytest.raises(UnknownMember):
        async with transaction() as tx:
            await add_agent(tx, name="B", email="b@x", role="lead", hashed=UNHASHED, team_ids=["te_none"])


async def test_two_leads_cannot_demote_each_other_at_once(database: str) -> None:
    one, two = await an_agent("One", role="lead"), await an_agent("Two", role="lead")

    async def demote(actor: str, other: str) -> None:
        async with transaction() as tx:
            await edit_agent(tx, lead(actor), other, revision=1, role="agent")

    answers = await asyncio.gather(demote(one, two), demote(two, one), return_exceptions=True)
    assert sorted(type(a).__name__ for a in answers) == ["LastLead", "NoneType"]


async def test_the_last_lead_can_be_neither_disabled_nor_demoted(database: str) -> None:
    only, gone = await an_agent("Lea", role="lead"), await an_agent("Gone", role="lead")
    async with transaction() as tx:
        await edit_agent(tx, lead(only), gone, revision=1, disabled=True)
    for change in ({"disabled": True}, {"role": "agent"}):
        with pytest.raises(LastLead):
            async with transaction() as tx:
                await edit_agent(tx, lead(only), only, revision=1, **change)


async def test_disabling_ends_every_sign_in(database: str) -> None:
    leader, other = await an_agent("Lea", role="lead"), await an_agent("Ana")
    secret = await cookie(other)
    async with transaction() as tx:
        view = await edit_agent(tx, lead(leader), other, revision=1, disabled=True)
        assert (view.disabled, view.revision) == (True, 2)
    async with transaction() as tx:
        assert await actor_of(tx, secret) is None
        log = await read_after(tx, 0)
    assert [e.type for e in log] == ["agent.changed", "sign_in.ended"]
    assert log[0].fact["changed"] == ["disabled"]


async def test_a_stale_change_is_refused_with_how_it_is(database: str) -> None:
    leader, other = await an_agent("Lea", role="lead"), await an_agent("Ana")
    async with transaction() as tx:
        await edit_agent(tx, lead(leader), other, revision=1, name="Anna")
    with pytest.raises(StaleAgent) as stale:
        async with transaction() as tx:
            await edit_agent(tx, lead(leader), other, revision=1, name="Anne")
    assert stale.value.details["agent"]["name"] == "Anna"


async def test_changing_nothing_says_nothing(database: str) -> None:
    agent = await an_agent("Ana")
    async with transaction() as tx:
        assert (await edit_me(tx, colleague(agent), name="Ana")).revision == 1
    assert await facts() == []


async def test_a_new_password_ends_the_other_sign_ins(database: str) -> None:
    await an_agent("Ana", hashed=await hash_password("first password"))
    here = await sign_in("ana@desk.example", "first password")
    there = await sign_in("ana@desk.example", "first password")
    async with asking(router, secret=here.secret) as browser:
        refused = await browser.patch(
            "/api/v1/me", json={"name": "X", "password": {"old": "wrong", "new": "second password"}}
        )
        assert (refused.status_code, refused.json()["field"]) == (422, "password.old")
        short = await browser.patch("/api/v1/me", json={"password": {"old": "first password", "new": "short"}})
        assert short.json()["code"] == "password_too_short"
        done = await browser.patch(
            "/api/v1/me", json={"signature": "^A", "password": {"old": "first password", "new": "second password"}}
        )
        assert done.status_code == 200
        assert (done.json()["signature"], done.json()["name"]) == ("^A", "Ana")
    async with transaction() as tx:
        assert await actor_of(tx, there.secret) is None
        assert await actor_of(tx, here.secret) is not None
    await sign_in("ana@desk.example", "second password")


def test_guessing_passwords_from_their_hashes_is_slow(quick_passwords: PasswordHasher) -> None:
    work = quick_passwords.memory_cost, quick_passwords.time_cost, quick_passwords.parallelism
    assert work == (64 * 1024, 3, 4)


async def test_an_old_hash_is_made_again_when_its_owner_signs_in(database: str) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("a password")
    agent = await an_agent("Ana", hashed=weak)
    assert outdated(weak)
    await sign_in("ana@desk.example", "a password")
    async with transaction() as tx:
        kept = await tx.scalar(select(Agent.password_hash).where(Agent.id == agent))
    assert kept is not None
    assert not outdated(kept)
    assert await check_password(kept, "a password")
    assert not await check_password("garbage", "a password")


async def test_a_password_is_the_same_letters_from_every_keyboard(database: str) -> None:
    assert await check_password(await hash_password("pássw\u00f6rd"), "pa\u0301sswo\u0308rd")


async def test_teams_are_formed_changed_and_dissolved(database: str) -> None:
    leader, ana = await an_agent("Lea", role="lead"), await an_agent("Ana")
    brand = await a_brand("Acme")
    actor = lead(leader)
    async with transaction() as tx:
        team = await form_team(tx, actor, name="Day", agent_ids=[ana], brand_ids=[brand])
    assert (team.agent_ids, team.brand_ids) == ([ana], [brand])
    secret = await cookie(ana)
    async with transaction() as tx:
        before = await actor_of(tx, secret)
        assert before is not None
        assert before.brand_ids == {brand}
        changed = await edit_team(tx, actor, team.id, revision=1, name="Days", agent_ids=[leader])
        assert (changed.name, changed.agent_ids, changed.brand_ids) == ("Days", [leader], [brand])
        after = await actor_of(tx, secret)
        assert after is not None
        assert after.brand_ids == frozenset()
    with pytest.raises(StaleTeam):
        async with transaction() as tx:
            await edit_team(tx, actor, team.id, revision=1, name="Day", agent_ids=[])
    with pytest.raises(TeamNameTaken):
        async with transaction() as tx:
            await edit_team(tx, actor, team.id, revision=2, name="Acme", agent_ids=[])
    with pytest.raises(TeamNameTaken):
        async with transaction() as tx:
            await form_team(tx, actor, name="Days", agent_ids=[])
    with pytest.raises(UnknownMember):
        async with transaction() as tx:
            await form_team(tx, actor, name="New", agent_ids=["ag_none"])
    async with transaction() as tx:
        await edit_team(tx, actor, team.id, revision=2, name="Days", agent_ids=[], brand_ids=[])
        await dissolve_team(tx, actor, team.id)
        assert [t.name for t in await teams(tx, actor)] == ["Acme"]
    assert [kind for kind, _ in await facts()] == ["team.changed"] * 4


async def test_http_refuses_what_is_not_right(database: str) -> None:
    leader = await an_agent("Lea", role="lead")
    async with asking(router, secret=await cookie(leader)) as browser:
        person = {"name": "Ben", "email": "ben@desk.example", "password": "long enough"}
        made = await browser.post("/api/v1/agents", json=person)
        assert made.status_code == 201
        assert (await browser.post("/api/v1/agents", json=person)).json()["field"] == "email"
        for bad in ({"email": "no"}, {"name": " "}, {"name": "a\0b"}, {"role": "boss"}, {"nick": "x"}):
            assert (await browser.post("/api/v1/agents", json={**person, **bad})).status_code == 422
        # the address is looked at first: a hash takes half a second
        both = await browser.post("/api/v1/agents", json={**person, "email": " BEN@desk.example", "password": "short"})
        assert both.json()["code"] == "email_taken"
        short = await browser.post("/api/v1/agents", json={**person, "email": "bo@desk.example", "password": "short"})
        assert (short.json()["code"], short.json()["field"]) == ("password_too_short", "password")
        gone = await browser.patch("/api/v1/agents/ag_none", json={"revision": 1, "name": "X"})
        assert (gone.status_code, gone.json()["code"]) == (404, "agent_not_found")
        team = (await browser.post("/api/v1/teams", json={"name": "T", "agent_ids": [made.json()["id"]]})).json()
        assert (await browser.delete(f"/api/v1/teams/{team['id']}")).status_code == 204
        assert (await browser.delete(f"/api/v1/teams/{team['id']}")).status_code == 404
    async with asking(router, secret=await cookie(made.json()["id"])) as browser:
        for write in (
            browser.post("/api/v1/agents", json=person),
            browser.patch(f"/api/v1/agents/{leader}", json={"revision": 1, "role": "agent"}),
            browser.post("/api/v1/teams", json={"name": "X"}),
        ):
            assert (await write).status_code == 403


async def test_lists_take_one_statement(database: str, statements: Statements) -> None:
    people = [await an_agent(f"A{n}") for n in range(5)]
    for n in range(3):
        await a_brand(f"B{n}", agents=people)
    async with transaction() as tx:
        statements.clear()
        assert len(await agents(tx, lead(people[0]))) == 5
        assert [len(t.agent_ids) for t in await teams(tx, lead(people[0]))] == [5, 5, 5]
    assert len(statements) == 2
