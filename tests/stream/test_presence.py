"""Who is in a ticket is heard by every process, forgotten soon, and told only to those who may see the ticket."""

from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.eventlog import head
from app.core.transaction import transaction
from app.stream.presence import Presence
from tests.conftest import Turned
from tests.given import Desk, a_desk, a_lean_account, a_second_brand, take_in
from tests.lean import Lean, a_post
from tests.stream.conftest import Served, serving, signed_in


def told(socket: str, agent: str, ticket: str | None, doing: str) -> str:
    import json

    return json.dumps({"socket": socket, "agent_id": agent, "ticket_id": ticket, "doing": doing, "brand_id": "br"})


def test_two_tabs_are_two_and_typing_outranks_looking(turned: Turned) -> None:
    said = []
    presence = Presence(lambda ticket, brand, agents: said.append((ticket, brand, agents)))
    presence.hear(told("tab-1", "ana", "tk-1", "viewing"))
    presence.hear(told("tab-2", "ana", "tk-1", "typing"))
    presence.hear(told("tab-2", "ana", "tk-1", "typing"))
    assert said == [
        ("tk-1", "br", [{"agent_id": "ana", "doing": "viewing"}]),
        ("tk-1", "br", [{"agent_id": "ana", "doing": "typing"}]),
    ]
    presence.hear(told("tab-2", "ana", "tk-2", "viewing"))
    assert said[2:] == [
        ("tk-1", "br", [{"agent_id": "ana", "doing": "viewing"}]),
        ("tk-2", "br", [{"agent_id": "ana", "doing": "viewing"}]),
    ]
    presence.hear(told("tab-1", "ana", None, "left"))
    assert said[4:] == [("tk-1", "br", [])]


def test_who_is_not_heard_of_is_forgotten(turned: Turned) -> None:
    said = []
    presence = Presence(lambda ticket, brand, agents: said.append((ticket, agents)))
    presence.hear(told("tab", "ana", "tk", "viewing"))
    turned.set(turned.at + timedelta(seconds=14))
    presence.forget_old()
    presence.hear(told("tab", "ana", "tk", "viewing"))
    turned.set(turned.at + timedelta(seconds=14))
    presence.forget_old()
    assert len(said) == 1
    turned.set(turned.at + timedelta(seconds=2))
    presence.forget_old()
    assert said[1:] == [("tk", [])]


@pytest.fixture
async def desk(database: str) -> Desk:
    return await a_desk(agents=2)


async def test_presence_crosses_processes_and_stops_at_the_brand(
    desk: Desk, served: Served, database: str, lean: Lean
) -> None:
    account = await a_lean_account(desk)
    (ticket_id,) = (await take_in(account.id, a_post("a", "nora", now()))).ticket_ids
    stranger = (await a_second_brand(desk)).agents[0]
    async with transaction() as tx:
        begun = await head(tx)
    ana, ben = desk.agents
    async with (
        serving(database) as elsewhere,
        elsewhere.console(await signed_in(ben), after=begun) as watching,
        elsewhere.console(await signed_in(stranger), after=begun) as outside,
    ):
        async with served.console(await signed_in(ana), after=begun) as typing:
            await typing.say(kind="presence", ticket_id=ticket_id, doing="typing")
            frame = (await watching.until(lambda f: f["kind"] == "presence"))[-1]
            assert frame == {
                "kind": "presence",
                "ticket_id": ticket_id,
                "agents": [{"agent_id": ana.agent_id, "doing": "typing"}],
            }
            await outside.say(kind="presence", ticket_id=ticket_id, doing="typing")  # not theirs to be in
        frame = (await watching.until(lambda f: f["kind"] == "presence"))[-1]
        assert frame["agents"] == []
        await outside.line.close()
        assert [f async for f in heard(outside)] == []
    async with transaction() as tx:
        assert await head(tx) == begun


async def heard(console):
    """The presence frames that were waiting."""
    import json

    async for text in console.line:
        frame = json.loads(text)
        if frame["kind"] == "presence":
            yield frame
