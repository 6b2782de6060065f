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
from app.stream.audience import may_hear, reach_of
from app.stream.hub import KEPT, WAITING, Hub, TooSlow
from app.stream.tail import LogBroken, Tail
from tests.given import Desk, a_desk
from tests.kept import cut_off
from tests.stream.conftest import happen


def an_event(seq: int) -> Logged:
    return Logged(seq, now(), "ticket.prioritised", None, "br", "tk", "brand", {"type": "ticket.prioritised"}, None)


@pytest.fixture
async def desk(database: str) -> Desk:
    return await a_desk()


EVERYTHING = reach_of(Actor("ag", "lead", frozenset()))


def drain(hub: Hub, after: int) -> list[int]:
    """The numbers that a lead's console standing at `after` is handed."""
    found: list[int] = []
    while (bundle := hub.after(after, EVERYTHING)) is not None:
        assert bundle.frame is not None
        found += [event["seq"] for event in json.loads(bundle.frame)["events"]]
        after = bundle.reached
    return found


async def test_the_tail_begins_at_the_end_and_hands_on_every_number(desk: Desk) -> None:
    hub = Hub()
    tail = Tail(hub, asyncio.Event())
    await tail.begin()
    async with transaction() as tx:
        assert hub.position == await head(tx)
    begun = hub.position
    await happen(desk.brand_id, 3)
    assert await tail.step() == 3
    assert await tail.step() == 0
    assert drain(hub, begun) == [begun + 1, begun + 2, begun + 3]


async def test_the_tail_follows_a_wake_up_at_once_and_looks_without_one(desk: Desk) -> None:
    hub, woken = Hub(), asyncio.Event()
    tail = Tail(hub, woken)
    await tail.begin()
    following = asyncio.create_task(tail.follow())
    try:
        for wakes in (True, False):
            listening, begun = hub.attach(), hub.position
            await happen(desk.brand_id)
            if wakes:
                woken.set()
            async with asyncio.timeout(60):
                await listening.woken()
            assert drain(hub, begun) == [begun + 1]
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
    with pytest.raises(LogBroken):
        await tail.step()
    assert drain(hub, begun) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a killed connection is never closed
async def test_the_tail_waits_for_a_database_that_went_away(desk: Desk, database: str) -> None:
    hub, woken = Hub(), asyncio.Event()
    tail = Tail(hub, woken)
    await tail.begin()
    listening = hub.attach()
    following = asyncio.create_task(tail.follow())
    try:
        await cut_off()
        await db.engine().dispose()
        await happen(desk.brand_id)
        async with asyncio.timeout(60):
            await listening.woken()
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        gc.collect()


async def test_what_is_kept_is_bounded_and_who_stands_below_it_is_let_go() -> None:
    hub = Hub()
    end = 3 * KEPT
    for n in range(1, end, 50):
        await hub.publish([an_event(n + i) for i in range(50)])
        assert hub.position - hub.floor < 2 * KEPT
    assert hub.position - hub.floor >= KEPT
    with pytest.raises(TooSlow):
        hub.after(hub.floor - 1, EVERYTHING)
    assert drain(hub, hub.floor) == list(range(hub.floor + 1, hub.position + 1))


async def test_too_many_frames_that_are_no_events_let_their_console_go() -> None:
    hub = Hub()
    slow, quick = hub.attach(), hub.attach()
    for n in range(WAITING + 1):
        hub.tell({"kind": "presence", "brand_id": "br", "ticket_id": f"{n}"})
        assert len(list(quick.told())) == 1
    with pytest.raises(TooSlow):
        next(slow.told())


async def test_consoles_of_one_reach_get_the_same_frame_joined_once() -> None:
    hub = Hub()
    one, other = hub.attach(), hub.attach()
    await hub.publish([an_event(1), an_event(2)])
    another_lead = reach_of(Actor("another", "lead", frozenset({"br"})))
    first = hub.after(0, EVERYTHING)
    assert first is not None
    assert first is hub.after(0, another_lead)
    assert hub.after(2, EVERYTHING) is None
    hub.tell({"kind": "presence", "brand_id": "br", "ticket_id": "tk"})
    (said,), (same,) = one.told(), other.told()
    assert said is same
    assert (said.brand_id, said.frame) == ("br", '{"kind":"presence","ticket_id":"tk"}')
    hub.detach(one)
    hub.detach(one)
    assert len(hub) == 1


async def test_who_lags_takes_more_at_once() -> None:
    hub = Hub()
    for n in (1, 2, 3):
        await hub.publish([an_event(n)])
    bundle = hub.after(0, EVERYTHING)
    assert bundle is not None
    assert bundle.reached == 3
    assert drain(hub, 1) == [2, 3]


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
    assert {name for name, actor in actors.items() if may_hear(reach_of(actor), audience, brand)} == heard_by
