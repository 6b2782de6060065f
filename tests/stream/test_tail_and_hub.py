"""The reader of the log and the queues it feeds: in order, complete, and never slower than its fastest console."""

import asyncio
import gc
import json

import pytest
from sqlalchemy import text

from app.agents.permit import Actor
from app.core import db
from app.core.clock import now
from app.core.eventlog import Logged, head
from app.core.transaction import transaction
from app.stream.audience import may_hear
from app.stream.hub import QUEUE_LENGTH, Hub, Packet, TooSlow, packet
from app.stream.tail import LogBroken, Tail
from tests.given import Desk, a_desk
from tests.stream.conftest import happen


def an_event(seq: int) -> Logged:
    return Logged(seq, now(), "ticket.prioritised", None, "br", "tk", "brand", {"type": "ticket.prioritised"}, None)


@pytest.fixture
async def desk(database: str) -> Desk:
    return await a_desk()


async def drain(hub: Hub, subscription) -> list[int]:
    found = []
    while (item := subscription.get_nowait()) is not None:
        assert isinstance(item, Packet)
        found.append(item.event.seq)
    return found


async def test_the_tail_begins_at_the_end_and_hands_on_every_number(desk: Desk) -> None:
    hub = Hub()
    tail = Tail(hub, asyncio.Event())
    await tail.begin()
    async with transaction() as tx:
        assert hub.position == await head(tx)
    begun, listening = hub.position, hub.attach()
    await happen(desk.brand_id, 3)
    assert await tail.step() == 3
    assert await tail.step() == 0
    assert await drain(hub, listening) == [begun + 1, begun + 2, begun + 3]


async def test_the_tail_follows_a_wake_up_at_once_and_looks_without_one(desk: Desk) -> None:
    hub, woken = Hub(), asyncio.Event()
    tail = Tail(hub, woken)
    await tail.begin()
    following = asyncio.create_task(tail.follow())
    try:
        for wakes in (True, False):
            listening = hub.attach()
            await happen(desk.brand_id)
            if wakes:
                woken.set()
            async with asyncio.timeout(5):
                assert isinstance(await listening.get(), Packet)
            hub.detach(listening)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def test_the_tail_insists_on_every_number(desk: Desk) -> None:
    hub = Hub()
    tail = Tail(hub, asyncio.Event())
    await tail.begin()
    begun = hub.position
    await happen(desk.brand_id, 2)
    async with transaction() as tx:
        await tx.execute(text("delete from events where seq = :n"), {"n": begun + 1})
    listening = hub.attach()
    with pytest.raises(LogBroken):
        await tail.step()
    assert await drain(hub, listening) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a killed connection is never closed
async def test_the_tail_waits_for_a_database_that_went_away(desk: Desk, database: str) -> None:
    hub, woken = Hub(), asyncio.Event()
    tail = Tail(hub, woken)
    await tail.begin()
    listening = hub.attach()
    following = asyncio.create_task(tail.follow())
    try:
        async with db.engine().connect() as admin:
            await admin.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mentiondesk' and datname = current_database()"
                    " and pid <> pg_backend_pid()"
                )
            )
        await db.engine().dispose()
        await happen(desk.brand_id)
        async with asyncio.timeout(10):
            assert isinstance(await listening.get(), Packet)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        gc.collect()


async def test_a_full_queue_lets_its_console_go_and_holds_nothing_more() -> None:
    hub = Hub()
    slow, quick = hub.attach(), hub.attach()
    for n in range(1, QUEUE_LENGTH + 50):
        hub.publish(an_event(n))
        assert isinstance(await quick.get(), Packet)
    assert slow.overrun
    assert not quick.overrun
    with pytest.raises(TooSlow):
        await slow.get()
    assert len(await drain(hub, slow)) == QUEUE_LENGTH


async def test_every_console_gets_the_same_frame_serialised_once() -> None:
    hub = Hub()
    one, other = hub.attach(), hub.attach()
    hub.publish(an_event(7))
    hub.tell({"kind": "presence", "ticket_id": "tk"})
    assert await one.get() is await other.get()
    assert await one.get() == await other.get() == '{"kind":"presence","ticket_id":"tk"}'
    hub.detach(one)
    hub.detach(one)
    assert len(hub) == 1


def test_a_frame_keeps_its_audience_to_itself() -> None:
    frame = json.loads(packet(an_event(3)).frame)
    assert frame["event"]["seq"] == 3
    assert "audience" not in frame["event"]


LEAD, MINE, OTHERS = (
    Actor("ag", "lead", frozenset()),
    Actor("ag", "agent", frozenset({"br"})),
    Actor("ag", "agent", frozenset()),
)


@pytest.mark.parametrize(
    ("audience", "brand", "heard_by"),
    [
        ("all", None, {"lead", "mine", "others"}),
        ("leads", "br", {"lead"}),
        ("brand", "br", {"lead", "mine"}),
        ("brand", None, set()),
        ("nobody", "br", set()),
        ("a word of tomorrow", "br", set()),
    ],
)
def test_who_hears_what(audience: str, brand: str | None, heard_by: set[str]) -> None:
    actors = {"lead": LEAD, "mine": MINE, "others": OTHERS}
    assert {name for name, actor in actors.items() if may_hear(actor, audience, brand)} == heard_by
