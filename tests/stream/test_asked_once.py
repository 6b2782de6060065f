"""What many consoles need at once is asked of the database once, or not at all."""

import asyncio

import pytest

from app.agents.form_team import edit_team
from app.agents.queries import teams
from app.core import eventlog
from app.core.eventlog import head
from app.core.transaction import transaction
from tests.conftest import Statements
from tests.given import Desk, a_desk, a_second_brand
from tests.stream.conftest import Served, events, happen, seqs, serving, signed_in


@pytest.fixture
async def desk(database: str) -> Desk:
    return await a_desk(agents=2)


async def at() -> int:
    async with transaction() as tx:
        return await head(tx)


async def test_a_changed_team_is_one_question_however_many_listen(
    desk: Desk, served: Served, statements: Statements
) -> None:
    other = await a_second_brand(desk)
    begun = await at()
    async with transaction() as tx:
        team = next(t for t in await teams(tx, desk.lead) if t.id == other.team_id)
    secrets = [await signed_in(who) for who in (*desk.agents, *desk.agents, desk.lead)]
    openings = [served.console(secret, after=begun) for secret in secrets]
    consoles = await asyncio.gather(*(opening.__aenter__() for opening in openings))
    try:
        await asyncio.gather(*(console.until(lambda f: f["kind"] == "heartbeat") for console in consoles))
        statements.clear()  # before the deed: the consoles may have asked before its transaction is left here
        async with transaction() as tx:
            members = [desk.agents[0].agent_id]
            await edit_team(tx, desk.lead, team.id, revision=team.revision, name=team.name, agent_ids=members)
        await happen(other.brand_id)
        end = await at()
        heard = [events(await console.up_to(end)) for console in consoles]
    finally:
        await asyncio.gather(*(opening.__aexit__(None, None, None) for opening in openings))
    hears = ["ticket.prioritised" in [event["type"] for event in some] for some in heard]
    assert hears == [True, False, True, False, True]
    # the hub's own question, not those of the deed
    assert len([s for s in statements if s.startswith("SELECT agents.id, CASE") and "brand_teams" in s]) == 1
    assert not [s for s in statements if "sign_ins" in s]


async def test_what_came_just_before_the_start_is_not_asked_for_again(
    desk: Desk, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await at()
    await happen(desk.brand_id, 3)
    secret = await signed_in(desk.lead)

    async def asked(*_: object) -> None:
        raise AssertionError("the console asked the table")

    monkeypatch.setattr(eventlog, "read_after", asked)  # the tail has a name of its own for it
    async with serving(database) as served, served.console(secret, after=begun) as console:
        assert seqs(await console.up_to(begun + 3)) == [begun + 1, begun + 2, begun + 3]


async def test_what_the_process_does_not_hold_is_read_from_the_table(desk: Desk, served: Served) -> None:
    begun = await at()
    await happen(desk.brand_id, 3)
    served.hub.begin(await at())
    async with served.console(await signed_in(desk.lead), after=begun + 1) as console:
        assert seqs(await console.up_to(begun + 3)) == [begun + 2, begun + 3]
        await happen(desk.brand_id)
        assert seqs(await console.up_to(begun + 4)) == [begun + 4]
