"""One worker's deliveries: bounded in all and for each account, in order for each ticket, and written down together."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.brands.attach import attach_account
from app.core import clock
from app.core.clock import now
from app.core.transaction import transaction
from app.networks.port import Account, Connected, Outgoing
from app.replies import sent_together
from app.replies.claim_due import claim_due
from app.replies.deliver import deliver
from app.replies.deliveries import Deliveries
from app.replies.hands import Hands
from app.replies.models import Reply
from app.replies.send import Wish, send_reply
from app.replies.sent_together import SentTogether
from tests.conftest import Statements, Turned
from tests.given import Desk, a_desk, take_in
from tests.lean import SERVER, Lean, a_post


@dataclass
class Busy:
    """A desk with accounts, tickets with queued replies, and a network that holds every request until it is let go."""

    desk: Desk
    lean: Lean
    open: Counter[str] = field(default_factory=Counter)
    most: int = 0
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def account(self, name: str, *, tickets: int, replies: int) -> None:
        account = Account("lean", SERVER, f"id-{name}", name, {"token": "secret-token"})
        async with transaction() as tx:
            made = await attach_account(tx, self.desk.lead, self.desk.brand_id, Connected(account, name, None, SERVER))
        for t in range(tickets):
            (ticket_id,) = (await take_in(made.id, a_post(f"{name}{t}", f"customer{name}{t}", now()))).ticket_ids
            for n in range(replies):
                wish = Wish(text=f"{name}/{t}/{n}", lane="public", seen=None, confirmed=True)
                async with transaction() as tx:
                    await send_reply(tx, self.desk.agents[0], ticket_id, wish, f"{name}-{t}-{n}")
        clock.turn(now() + timedelta(seconds=6))

    async def hold(self, outgoing: Outgoing) -> None:
        name = outgoing.text.split()[-1].split("/")[0]
        self.open[name] += 1
        self.most = max(self.most, self.open.total())
        try:
            await self.let_go.wait()
        finally:
            self.open[name] -= 1

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(60):
            while not await true():  # noqa: ASYNC110 - the rows have no event for it
                await asyncio.sleep(0.02)

    async def all_sent(self) -> bool:
        async with transaction() as tx:
            return set(await tx.scalars(select(Reply.state))) == {"sent"}


@pytest.fixture
async def busy(database: str, lean: Lean, turned: Turned) -> Busy:
    made = Busy(await a_desk(agents=1), lean)
    lean.before_publish = made.hold
    return made


@asynccontextmanager
async def delivering(most: int) -> AsyncIterator[asyncio.Event]:
    woken, stop = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(Deliveries(woken, most).run(stop))
    try:
        yield woken
        stop.set()
        await running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_slow_account_keeps_nobody_waiting_and_a_ticket_keeps_its_order(busy: Busy) -> None:
    await busy.account("slow", tickets=6, replies=1)
    await busy.account("quick", tickets=2, replies=2)

    async def both() -> bool:
        return busy.open["slow"] == 2 and busy.open["quick"] == 2

    async with delivering(most=8):
        await busy.until(both)
        await asyncio.sleep(0.2)
        assert busy.open == {"slow": 2, "quick": 2}
        busy.let_go.set()
        await busy.until(busy.all_sent)
    out = [o.outgoing.text.split()[-1] for o in busy.lean.out]
    assert len(out) == len(set(out)) == 10
    for ticket in ("quick/0", "quick/1"):
        assert [text for text in out if text.startswith(ticket)] == [f"{ticket}/0", f"{ticket}/1"]


async def test_no_more_than_its_hands_can_hold(busy: Busy) -> None:
    for name in "abcde":
        await busy.account(name, tickets=2, replies=1)

    async def full() -> bool:
        return busy.open.total() == 4

    async with delivering(most=4):
        await busy.until(full)
        await asyncio.sleep(0.2)
        busy.let_go.set()
        await busy.until(busy.all_sent)
    assert busy.most == 4


async def claimed_and_waiting() -> Counter[tuple[str, bool]]:
    """How many replies are in each state, and whether somebody holds a lease on them."""
    async with transaction() as tx:
        return Counter(
            (state, until is not None) for state, until in await tx.execute(select(Reply.state, Reply.lease_until))
        )


async def test_what_is_claimed_ahead_is_said_to_leave_only_when_a_hand_is_free(busy: Busy) -> None:
    for name in "abcdefg":
        await busy.account(name, tickets=1, replies=1)

    async def ahead() -> bool:
        return (await claimed_and_waiting())["queued", True] == 2 and busy.open.total() == 4

    async with delivering(most=4):
        await busy.until(ahead)
        assert await claimed_and_waiting() == {("sending", True): 4, ("queued", True): 2, ("queued", False): 1}
        busy.let_go.set()
        await busy.until(busy.all_sent)
    assert len(busy.lean.out) == 7


async def test_no_more_leaves_while_what_came_back_is_not_written_down(
    busy: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abcde":
        await busy.account(name, tickets=1, replies=1)
    really, may_write = sent_together.write_down_sent, asyncio.Event()

    async def slowly(tx, sent) -> None:
        await may_write.wait()
        await really(tx, sent)

    monkeypatch.setattr(sent_together, "write_down_sent", slowly)
    busy.let_go.set()
    async with delivering(most=2):
        await busy.until(lambda: _is(len(busy.lean.out) == 4))
        await asyncio.sleep(0.2)
        assert len(busy.lean.out) == 4
        may_write.set()
        await busy.until(busy.all_sent)


async def test_what_waits_at_the_end_is_given_back(busy: Busy) -> None:
    for name in "abc":
        await busy.account(name, tickets=2, replies=1)

    async def ahead() -> bool:
        return (await claimed_and_waiting())["queued", True] == 1 and busy.open.total() == 2

    async with delivering(most=2):
        await busy.until(ahead)
        asyncio.get_running_loop().call_later(0.2, busy.let_go.set)
    assert await claimed_and_waiting() == {("sent", False): 2, ("queued", False): 4}


async def test_what_no_hand_comes_free_for_in_time_is_given_back(busy: Busy) -> None:
    for name in "abc":
        await busy.account(name, tickets=1, replies=1)
    delivered = asyncio.create_task(deliver(await claim_due(3), SentTogether(), Hands(1, patience=0.05)))

    async def back() -> bool:
        return (await claimed_and_waiting())["queued", False] == 2

    await busy.until(back)
    assert busy.open.total() == 1
    busy.let_go.set()
    await delivered
    assert await claimed_and_waiting() == {("sent", False): 1, ("queued", False): 2}
    await deliver(await claim_due(3), SentTogether(), Hands(1))  # by whoever has a hand free
    assert await busy.all_sent()


async def test_what_is_on_its_way_is_seen_through_at_the_end(busy: Busy) -> None:
    await busy.account("a", tickets=1, replies=1)

    async def left() -> bool:
        return busy.open["a"] == 1

    async with delivering(most=4):
        await busy.until(left)
        asyncio.get_running_loop().call_later(0.2, busy.let_go.set)
    assert await busy.all_sent()


async def test_one_that_cannot_be_written_down_does_not_hold_up_the_others(
    busy: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await busy.account("a", tickets=3, replies=1)
    really, sizes = sent_together.write_down_sent, []

    async def refuses(tx, sent) -> None:
        sizes.append(len(sent))
        if any("a/1/0" in reply.text for reply, _ in sent):
            raise RuntimeError("a row that cannot be")
        await really(tx, sent)

    monkeypatch.setattr(sent_together, "write_down_sent", refuses)

    async def others() -> bool:
        async with transaction() as tx:
            return len(list(await tx.scalars(select(Reply.id).where(Reply.state == "sent")))) == 2

    async with delivering(most=12):
        await busy.until(lambda: _is(busy.open["a"] == 3))
        busy.let_go.set()
        await busy.until(others)
    assert max(sizes) > 1
    async with transaction() as tx:
        assert list(await tx.scalars(select(Reply.state).where(Reply.text == "a/1/0"))) == ["sending"]


async def _is(true: bool) -> bool:
    return true


async def test_the_number_of_statements_does_not_grow(busy: Busy, statements: Statements) -> None:
    busy.let_go.set()
    counts = []
    for name, tickets in (("a", 1), ("b", 9)):
        await busy.account(name, tickets=tickets, replies=1)
        statements.clear()
        claimed = await claim_due(tickets)
        assert len(claimed) == tickets
        await deliver(claimed, SentTogether(), Hands(tickets))
        counts.append(len(statements))
        assert await busy.all_sent()
    # posts that come back while others are being written down take one more transaction of the same size
    assert counts[1] <= 2 * counts[0]
