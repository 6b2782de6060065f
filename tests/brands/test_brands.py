"""The first set-up, brands and who sees them."""

import asyncio

import pytest
from sqlalchemy import select

from app.agents.models import Agent
from app.agents.password import hash_password
from app.agents.permit import BrandHidden, NotAllowed
from app.agents.queries import me, teams
from app.brands.begin import begin
from app.brands.edit import create_brand, edit_brand
from app.brands.errors import AlreadySetUp, BrandNameTaken, StaleBrand, UnknownTeam
from app.brands.queries import brands
from app.brands.routes import router
from app.core.eventlog import read_after
from app.core.transaction import transaction
from tests.agents.people import UNHASHED, a_brand, an_agent, asking, colleague, cookie, lead
from tests.conftest import Statements


async def test_of_ten_first_visits_at_once_one_makes_the_lead(database: str) -> None:
    async def visit(n: int) -> str:
        async with transaction() as tx:
            return (await begin(tx, name=f"L{n}", email=f"l{n}@x", hashed=UNHASHED, brand_name="Acme")).agent_id

    answers = await asyncio.gather(*(visit(n) for n in range(10)), return_exceptions=True)
    assert sum(isinstance(a, AlreadySetUp) for a in answers) == 9
    async with transaction() as tx:
        only = (await tx.scalars(select(Agent))).one()
        [team] = await teams(tx, lead(only.id))
        [brand] = await brands(tx, lead(only.id))
        mine = await me(tx, lead(only.id))
    assert (team.agent_ids, team.brand_ids, brand.team_ids) == ([only.id], [brand.id], [team.id])
    assert (mine.brand_ids, mine.team_ids) == ([brand.id], [team.id])


async def test_set_up_over_http_signs_the_lead_in(database: str) -> None:
    ask = {"name": "Lea", "email": "lea@x", "password": "a password", "brand_name": "Acme", "locale": "fr"}
    async with asking(router) as browser:
        assert (await browser.get("/api/v1/setup")).json() == {"needed": True}
        assert (await browser.post("/api/v1/setup", json={**ask, "password": "short"})).status_code == 422
        done = await browser.post("/api/v1/setup", json=ask)
        assert done.status_code == 200
        assert (done.json()["me"]["role"], done.json()["me"]["locale"], done.json()["head"]) == ("lead", "fr", 3)
        assert len((await browser.get("/api/v1/brands")).json()) == 1
        assert (await browser.get("/api/v1/setup")).json() == {"needed": False}
        again = await browser.post("/api/v1/setup", json=ask)
        assert (again.status_code, again.json()["code"]) == (409, "already_set_up")


async def test_a_brand_is_made_changed_and_refused(database: str) -> None:
    actor = lead(await an_agent("Lea", role="lead"))
    await a_brand("Taken")
    async with transaction() as tx:
        made = await create_brand(tx, actor, name="Acme", colour="#ABCDEF")
        [team] = await teams(tx, actor)
        changed = await edit_brand(
            tx, actor, made.id, revision=1, reopen_seconds=60, assignment="round_robin", team_ids=[team.id]
        )
    assert (made.colour, made.assignment) == ("#abcdef", "off")
    assert (changed.reopen_seconds, changed.assignment, changed.team_ids) == (60, "round_robin", [team.id])
    for error, change in (
        (StaleBrand, {"revision": 1, "name": "X"}),
        (BrandNameTaken, {"revision": 2, "name": "Taken"}),
        (UnknownTeam, {"revision": 2, "team_ids": ["te_none"]}),
    ):
        with pytest.raises(error):
            async with transaction() as tx:
                await edit_brand(tx, actor, made.id, **change)
    async with transaction() as tx:
        log = await read_after(tx, 0)
    assert [(e.type, e.brand_id, e.fact["brand"]["revision"]) for e in log] == [
        ("brand.changed", made.id, 1),
        ("brand.changed", made.id, 2),
    ]


async def test_agents_see_their_teams_brands_and_change_none(database: str) -> None:
    ana = await an_agent("Ana")
    mine, other = await a_brand("Mine", agents=[ana]), await a_brand("Other")
    actor = colleague(ana, mine)
    async with transaction() as tx:
        assert [b.name for b in await brands(tx, actor)] == ["Mine"]
        assert [b.name for b in await brands(tx, lead(ana))] == ["Mine", "Other"]
        with pytest.raises(NotAllowed):
            await edit_brand(tx, actor, mine, revision=1, name="X")
        with pytest.raises(BrandHidden):
            await edit_brand(tx, actor, other, revision=1, name="X")
        with pytest.raises(NotAllowed):
            await create_brand(tx, actor, name="X", colour="#000000")


async def test_brands_take_one_statement(database: str, statements: Statements) -> None:
    actor = lead(await an_agent("Lea", role="lead"))
    for n in range(4):
        await a_brand(f"B{n}")
    async with transaction() as tx:
        statements.clear()
        assert len(await brands(tx, actor)) == 4
    assert len(statements) == 1


async def test_http_refuses_odd_colours_and_windows(database: str) -> None:
    leader = await an_agent("Lea", role="lead", hashed=await hash_password("a password"))
    brand = await a_brand()
    async with asking(router, secret=await cookie(leader)) as browser:
        for bad in ({"colour": "red"}, {"join_seconds": -1}, {"assignment": "Round Robin"}):
            answer = await browser.patch(f"/api/v1/brands/{brand}", json={"revision": 1, **bad})
            assert (answer.status_code, answer.json()["field"]) == (422, next(iter(bad)))
        assert (await browser.patch(f"/api/v1/brands/{brand}", json={"name": "X"})).status_code == 428
        good = await browser.patch(f"/api/v1/brands/{brand}", json={"revision": 1, "join_seconds": 0})
        assert good.json()["join_seconds"] == 0
        assert (await browser.patch("/api/v1/brands/br_none", json={"revision": 1})).status_code == 404
