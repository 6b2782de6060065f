"""The live line over real sockets: nothing missed, nothing twice, nothing of another brand, and every end has a reason."""

import asyncio
import json
import socket
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import update

from app.agents.form_team import edit_team
from app.core.clock import now
from app.core.eventlog import EventRow, head
from app.core.transaction import transaction
from app.stream import socket as line
from app.stream.prune import prune
from tests.given import Desk, a_desk, a_second_brand
from tests.stream.conftest import Served, events, happen, seqs, serving, signed_in


@pytest.fixture
async def desk(database: str) -> Desk:
    return await a_desk(agents=2)


async def at() -> int:
    async with transaction() as tx:
        return await head(tx)


async def test_a_console_resumes_where_it_was_and_then_hears_what_comes(desk: Desk, served: Served) -> None:
    begun = await at()
    await happen(desk.brand_id, 5)
    secret = await signed_in(desk.lead)
    async with served.console(secret, after=begun + 2) as console:
        frames = await console.up_to(begun + 5)
        assert seqs(frames) == [begun + 3, begun + 4, begun + 5]
        await happen(desk.brand_id, 3)
        assert seqs(await console.up_to(begun + 8)) == [begun + 6, begun + 7, begun + 8]


async def test_after_what_was_missed_a_console_hears_that_it_is_live(desk: Desk, served: Served) -> None:
    begun = await at()
    await happen(desk.brand_id)
    async with served.console(await signed_in(desk.lead), after=begun) as console:
        kinds = [frame["kind"] for frame in await console.until(lambda f: f["kind"] == "heartbeat", seconds=5)]
    assert kinds == ["events", "heartbeat"]


async def test_an_event_says_what_happened_to_what_and_not_who_may_hear_it(desk: Desk, served: Served) -> None:
    begun = await at()
    async with served.console(await signed_in(desk.lead), after=begun) as console:
        await happen(desk.brand_id)
        (event,) = events(await console.until(lambda f: f["kind"] == "events"))
    assert event.keys() == {"seq", "at", "type", "agent_id", "brand_id", "ticket_id", "fact", "card", "trace"}
    assert event["fact"]["type"] == event["type"] == "ticket.prioritised"


async def test_it_begins_with_a_heartbeat_that_says_how_far_the_log_is(desk: Desk, served: Served) -> None:
    async with served.console(await signed_in(desk.lead), after=await at()) as console:
        assert await console.frame() == {"kind": "heartbeat", "seq": await at()}


async def test_a_heartbeat_comes_also_when_nothing_happens(
    desk: Desk, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "HEARTBEAT_SECONDS", 0.05)
    async with served.console(await signed_in(desk.lead), after=await at()) as console:
        beats = [await console.frame() for _ in range(3)]
    assert beats == [{"kind": "heartbeat", "seq": await at()}] * 3


async def test_who_sees_nothing_of_it_still_learns_how_far_the_log_is(desk: Desk, served: Served) -> None:
    other = await a_second_brand(desk)
    begun = await at()
    await happen(other.brand_id, 4)
    async with served.console(await signed_in(desk.agents[0]), after=begun) as console:
        assert await console.frame() == {"kind": "heartbeat", "seq": begun + 4}
        await happen(other.brand_id, 4)
        frames = await console.up_to(begun + 8)
        assert {f["kind"] for f in frames} == {"heartbeat"}
        await happen(desk.brand_id)
        assert seqs(await console.up_to(begun + 9)) == [begun + 9]


async def test_a_new_team_lets_its_people_hear_at_once_and_a_lost_one_no_longer(desk: Desk, served: Served) -> None:
    other = await a_second_brand(desk)
    ana = desk.agents[0]
    async with served.console(await signed_in(ana), after=await at()) as console:
        for members, hears in (([ana.agent_id], True), ([], False)):
            async with transaction() as tx:
                team = next(t for t in await _teams(tx, desk) if t.id == other.team_id)
                await edit_team(tx, desk.lead, other.team_id, revision=team.revision, name=team.name, agent_ids=members)
            await happen(other.brand_id)
            frames = await console.up_to(await at())
            heard = [e["type"] for e in events(frames)]
            assert ("ticket.prioritised" in heard) is hears


async def test_when_the_cards_are_gone_the_console_begins_anew(desk: Desk, served: Served) -> None:
    begun = await at()
    await happen(desk.brand_id, 3)
    async with transaction() as tx:
        await tx.execute(update(EventRow).values(at=now() - timedelta(days=8)))
    assert not await prune()
    await happen(desk.brand_id)
    async with served.console(await signed_in(desk.lead), after=begun + 1) as console:
        assert await console.frame() == {"kind": "resync", "head": begun + 4}
        await happen(desk.brand_id)
        assert seqs(await console.up_to(begun + 5)) == [begun + 5]
    async with served.console(await signed_in(desk.lead), after=begun + 3) as console:
        assert seqs(await console.up_to(begun + 5)) == [begun + 4, begun + 5]


async def test_a_number_that_is_not_ours_is_refused(desk: Desk, served: Served) -> None:
    async with served.console(await signed_in(desk.lead), after=await at() + 1000) as console:
        assert await console.closed() == line.TOO_OLD


@pytest.mark.parametrize("secret", [None, "made-up"])
async def test_who_is_not_signed_in_hears_nothing(desk: Desk, served: Served, secret: str | None) -> None:
    async with served.console(secret) as console:
        assert await console.closed() == line.SIGNED_OUT


async def test_another_site_cannot_listen(desk: Desk, served: Served) -> None:
    secret = await signed_in(desk.lead)
    async with served.console(secret, headers={"Origin": "https://evil.example"}) as console:
        assert await console.closed() == line.SIGNED_OUT
    async with served.console(secret, headers={"Origin": f"http://127.0.0.1:{served.port}"}) as console:
        assert (await console.frame())["kind"] in {"events", "heartbeat"}


async def test_signing_out_ends_the_line_in_every_process(desk: Desk, served: Served, database: str) -> None:
    async with serving(database) as elsewhere:
        secret = await signed_in(desk.lead)
        other = await signed_in(desk.agents[0])
        async with (
            served.console(secret, after=await at()) as here,
            elsewhere.console(secret, after=await at()) as there,
            elsewhere.console(other, after=await at()) as colleague,
        ):
            for console in (here, there, colleague):
                await console.frame()
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{served.port}", trust_env=False) as browser:
                browser.cookies.set("mentiondesk", secret)
                assert (await browser.delete("/api/v1/session")).status_code == 204
            assert await here.closed() == line.SIGNED_OUT
            assert await there.closed() == line.SIGNED_OUT
            await happen(desk.brand_id)
            assert seqs(await colleague.up_to(await at())) == [await at()]


async def test_a_disabled_agent_is_sent_away(desk: Desk, served: Served) -> None:
    ana, lead = await signed_in(desk.agents[0]), await signed_in(desk.lead)
    async with served.console(ana, after=await at()) as console:
        await console.frame()
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{served.port}", trust_env=False) as browser:
            browser.cookies.set("mentiondesk", lead)
            url = f"/api/v1/agents/{desk.agents[0].agent_id}"
            listed = (await browser.get("/api/v1/agents")).json()
            revision = next(a["revision"] for a in listed if a["id"] == desk.agents[0].agent_id)
            assert (await browser.patch(url, json={"disabled": True, "revision": revision})).status_code == 200
        assert await console.closed() == line.SIGNED_OUT


async def test_a_restart_says_so_and_takes_nobody_new(desk: Desk, served: Served) -> None:
    secret = await signed_in(desk.lead)
    async with served.console(secret, after=await at()) as console:
        await console.frame()
        served.restart()
        assert await console.closed() == line.RESTART
    async with served.console(secret, after=await at()) as console:
        assert await console.closed() == line.RESTART
    assert len(served.hub) == 0


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        '"presence"',
        '{"kind": "presence"}',
        json.dumps({"kind": "presence", "ticket_id": None, "doing": "dancing"}),
        json.dumps({"kind": "delete", "ticket_id": None, "doing": "left"}),
        json.dumps({"kind": "presence", "ticket_id": "x" * 3000, "doing": "left"}),
    ],
)
async def test_what_it_cannot_read_ends_only_this_line(desk: Desk, served: Served, frame: str) -> None:
    secret = await signed_in(desk.lead)
    async with served.console(secret, after=await at()) as rude, served.console(secret, after=await at()) as other:
        await rude.frame()
        await rude.line.send(frame)
        assert await rude.closed() == line.BAD_FRAME
        await happen(desk.brand_id)
        assert seqs(await other.up_to(await at())) == [await at()]


async def test_a_frame_of_bytes_ends_only_this_line(desk: Desk, served: Served) -> None:
    async with served.console(await signed_in(desk.lead), after=await at()) as console:
        await console.frame()
        await console.line.send(b"\x00\x01")
        assert await console.closed() in {line.BAD_FRAME, 1003}
    await emptied(served)


async def test_who_never_reads_is_let_go_and_the_others_hear_everything(
    desk: Desk, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real socket that stays open and takes nothing: what waits for it is bounded, and nobody else waits."""
    monkeypatch.setattr(line, "_TAKE_SECONDS", 1.0)
    secret, begun = await signed_in(desk.lead), await at()
    deaf = await asyncio.to_thread(silent_socket, served.port, secret, begun)
    try:
        async with served.console(secret, after=begun) as console:
            await console.frame()
            assert len(served.hub) == 2
            big = "x" * 200_000
            for n in range(60):
                served.hub.tell({"kind": "presence", "ticket_id": f"{n}", "brand_id": desk.brand_id, "agents": [big]})
                if n % 10 == 0:
                    await console.until(lambda f, n=n: f.get("ticket_id") == f"{n}")  # type: ignore[misc]
            await console.until(lambda f: f.get("ticket_id") == "59")
            async with asyncio.timeout(60):
                while len(served.hub) > 1:  # noqa: ASYNC110 - the hub has no event for it
                    await asyncio.sleep(0.05)
            await happen(desk.brand_id)
            assert seqs(await console.up_to(begun + 1)) == [begun + 1]
    finally:
        deaf.close()


def silent_socket(port: int, secret: str, after: int) -> socket.socket:
    """A websocket by hand, opened and then never read."""
    raw = socket.create_connection(("127.0.0.1", port))
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.sendall(
        f"GET /api/v1/stream?after={after} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Cookie: mentiondesk={secret}\r\n\r\n".encode()
    )
    assert b"101" in raw.recv(64)
    return raw


async def emptied(served: Served) -> None:
    async with asyncio.timeout(60):
        while len(served.hub):  # noqa: ASYNC110 - the hub has no event for it
            await asyncio.sleep(0.02)


async def _teams(tx, desk: Desk):
    from app.agents.queries import teams

    return await teams(tx, desk.lead)
