"""A worker that dies anywhere loses nothing: whatever statement it was at, another one delivers everything, under the same ids."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator

import pytest
from sqlalchemy import event, select, update
from structlog.testing import capture_logs

from app.core import db
from app.core.transaction import transaction
from app.hooks.deliveries import Hooks
from app.hooks.models import Delivery
from app.hooks.spread import spread
from app.hooks.take import take_due
from tests.given import a_desk
from tests.hooks.receiver import Receiver, a_receiver, a_webhook, deliver, happen, some

LIVES = (*range(16), 1000)
"""How many statements each worker sends before it dies; the last one lives on."""


class Dying:
    """The database connection breaks at the nth statement that is sent."""

    def __init__(self) -> None:
        self.left = -1

    def before(self, *_: object) -> None:
        if self.left == 0:
            raise RuntimeError("the process ended here")
        self.left -= 1


@pytest.fixture
def dying(database: str) -> Iterator[Dying]:
    made = Dying()
    engine = db.engine().sync_engine
    event.listen(engine, "before_cursor_execute", made.before)
    yield made
    event.remove(engine, "before_cursor_execute", made.before)


async def one_life(dying: Dying, statements: int) -> bool:
    """A worker's life until a statement; whether it came so far."""
    dying.left = statements
    hooks = Hooks(asyncio.Event(), 4)
    try:
        while True:
            busy = hooks.busy
            if not await hooks.step() and not busy:
                return False
            if dying.left <= 0:
                return True
            await asyncio.sleep(0.001)
    except RuntimeError:
        return True
    finally:
        await asyncio.gather(*hooks._tasks, return_exceptions=True)
        dying.left = -1
        async with transaction() as tx:  # its leases run out
            await tx.execute(update(Delivery).values(lease_until=None))


def everything_arrived_in_order(receiver: Receiver, tickets: int, each: int) -> None:
    firsts: dict[str, list[int]] = defaultdict(list)
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for one in receiver.arrived:
        bodies[one.id].add(one.raw)
        line = firsts[one.body["data"]["ticket_id"]]
        if one.seq not in line:
            line.append(one.seq)
    assert len(bodies) == tickets * each
    assert all(len(raw) == 1 for raw in bodies.values())
    assert all(line == sorted(line) for line in firsts.values())


async def test_dying_at_each_of_the_statements_of_a_delivery(dying: Dying) -> None:
    desk = await a_desk()
    tickets = [f"tk_{n}" for n in range(3)]
    with capture_logs():  # a traceback of each death, drawn at length, would take most of the time
        async with a_receiver() as receiver:
            await a_webhook(desk, receiver.url, types=["ticket.moved"])
            for statement in LIVES:
                await happen(*some(desk.brand_id, tickets, each=1))
                died = await asyncio.wait_for(one_life(dying, statement), 60)
                assert died == (statement < LIVES[-1])
                await deliver()  # another worker
            everything_arrived_in_order(receiver, len(tickets), len(LIVES))


async def test_dying_between_the_request_and_writing_it_down_sends_it_again_under_its_id(database: str) -> None:
    desk = await a_desk()
    async with a_receiver() as receiver:
        await a_webhook(desk, receiver.url, types=["ticket.moved"])
        await happen(*some(desk.brand_id, ["tk_a"]))
        await spread()
        (parcel,) = await take_due(4, 4, {})
        from app.hooks.post import post

        await post(parcel.url, parcel.keys, parcel.message_id, parcel.body)
        await deliver()
        assert len(receiver.arrived) == 1, "the lease still holds"
        async with transaction() as tx:
            await tx.execute(update(Delivery).values(lease_until=None))
        await deliver()
        first, second = receiver.arrived
        assert (first.id, first.raw) == (second.id, second.raw)
        async with transaction() as tx:
            assert await tx.scalar(select(Delivery.state)) == "delivered"
