"""Frames made once for many: who takes them at once, who is asked the ordinary way, and that neither misses anything."""

import asyncio

import pytest

from app.core.eventlog import head
from app.core.shared_frame import SharedFrames
from app.core.transaction import transaction
from app.stream.hub import Hub
from tests.given import a_desk
from tests.stream.conftest import Served, happen, seqs, serving, signed_in


def lines(served: Served) -> list[SharedFrames]:
    return [one for one in served.server.server_state.connections if isinstance(one, SharedFrames)]


@pytest.mark.parametrize("deflate", [False, True])
async def test_whether_or_not_a_line_compresses_it_hears_the_same(
    database: str, monkeypatch: pytest.MonkeyPatch, *, deflate: bool
) -> None:
    """Browsers offer compression; where it is agreed, a ready frame would be wrong on the wire."""
    taken: list[bool] = []
    write = SharedFrames.write_shared

    def noted(line: SharedFrames, frame: bytes) -> bool:
        taken.append(write(line, frame))
        return taken[-1]

    monkeypatch.setattr(SharedFrames, "write_shared", noted)
    desk = await a_desk(agents=1)
    async with transaction() as tx:
        begun = await head(tx)
    secret = await signed_in(desk.lead)
    async with (
        serving(database, ws_per_message_deflate=deflate) as served,
        served.console(secret, after=begun) as console,
    ):
        for n in range(1, 4):
            await happen(desk.brand_id)
            assert seqs(await console.up_to(begun + n)) == [begun + n]
    assert set(taken) == {not deflate}


async def test_a_line_that_takes_nothing_is_waited_for_and_then_hears_all(served: Served) -> None:
    desk = await a_desk(agents=1)
    async with transaction() as tx:
        begun = await head(tx)
    async with (
        served.console(await signed_in(desk.lead), after=begun) as slow,
        served.console(await signed_in(desk.agents[0]), after=begun) as quick,
    ):
        await slow.frame()
        (stuck,) = [line for line in lines(served) if line.client == slow.line.local_address]
        stuck.pause_writing()  # as its transport does when too much waits in it
        for n in range(1, 4):
            await happen(desk.brand_id)
            assert seqs(await quick.up_to(begun + n)) == [begun + n]
        stuck.resume_writing()
        assert seqs(await slow.up_to(begun + 3)) == [begun + 1, begun + 2, begun + 3]


async def test_only_who_rests_is_handed_what_comes() -> None:
    hub, handed = Hub(), list[int]()

    def hand_on() -> bool:
        handed.append(len(handed))
        return len(handed) == 1

    alarm = hub.attach(hand_on)
    alarm.wake()
    await alarm.woken()
    assert handed == []  # nobody rested yet
    resting = asyncio.create_task(alarm.woken())
    await asyncio.sleep(0)
    alarm.wake()
    await asyncio.sleep(0)
    assert not resting.done()
    alarm.wake()  # now it says that something is left
    await resting
    assert len(handed) == 2
