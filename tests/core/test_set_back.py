"""A machine's clock that is set back by an hour: noticed, and nothing waits for the hour to pass again."""

import asyncio
import contextvars
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core import clock, set_back
from app.core.claim import claim
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.models import Poll
from app.ingest.poll import LEASE, next_poll, poll_due
from app.replies.deliver import deliver_due
from app.replies.models import Reply
from app.replies.send import Wish, send_reply
from app.tickets.models import Conversation
from app.worker import _after_a_pause, go_by_new_clock
from tests.conftest import Turned
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post

HOUR = timedelta(hours=1)


async def test_it_is_noticed_and_a_failure_to_act_is_made_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_back, "_LOOK_SECONDS", 0.02)
    acted: list[bool] = []
    looks: list[timedelta] = []
    look = set_back._ahead
    monkeypatch.setattr(set_back, "_ahead", lambda: looks.append(look()) or looks[-1])

    async def looked() -> None:
        """Two more looks, so that one of them began after what was done before."""
        goal = len(looks) + 2
        async with asyncio.timeout(60):
            while len(looks) < goal:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.005)

    done, stop, machine = asyncio.Event(), asyncio.Event(), contextvars.copy_context()

    async def act() -> None:
        acted.append(True)
        if len(acted) == 1:
            raise OSError("the database is away")
        done.set()

    noticing = asyncio.create_task(set_back.notice_set_back(act, stop), context=machine)
    await looked()
    machine.run(clock.turn, HOUR)  # ahead: nothing is planned too late
    await looked()
    assert acted == []
    machine.run(clock.turn, timedelta(0))
    async with asyncio.timeout(60):
        await done.wait()
    await looked()
    stop.set()
    await noticing
    assert len(acted) == 2


@pytest.mark.parametrize("noticed", ["while working", "at the start"])
async def test_nothing_waits_for_the_hour_to_pass_again(
    database: str, lean: Lean, turned: Turned, noticed: str
) -> None:
    desk = await a_desk(agents=1)
    account = await a_lean_account(desk)
    (ticket,) = (await take_in(account.id, a_post("q", "nora", now()))).ticket_ids
    async with transaction() as tx:
        wish = Wish(text="on it", lane="public", seen=None, confirmed=True)
        await send_reply(tx, desk.agents[0], ticket, wish, "a key")
    async with transaction() as tx:  # a live line said something, and a worker that died holds the account
        await tx.execute(update(Poll).values(due_at=now(), hinted_at=now(), reread_free_at=now()))
        await tx.execute(update(Conversation).values(reread_at=now()))
        assert await claim(tx, Poll, lease=LEASE)
    turned.set(now() - HOUR)
    assert not await deliver_due()
    assert not await poll_due()
    await (go_by_new_clock() if noticed == "while working" else _after_a_pause())
    turned.set(now() + timedelta(seconds=6))
    assert await deliver_due()
    assert len(lean.out) == 1
    turned.set(now() + LEASE)
    assert await poll_due()
    assert not await poll_due(), "a hint from the future would let the account be asked without end"
    async with transaction() as tx:
        poll = (await tx.scalars(select(Poll))).one()
        assert poll.reread_free_at is not None
        assert poll.reread_free_at <= now()
        assert (await tx.scalars(select(Conversation.reread_at))).one() <= now()
    due = await next_poll()
    assert due is not None
    assert due - now() < timedelta(minutes=5)


async def test_what_is_in_doubt_keeps_its_grace_when_the_clock_jumps_ahead(
    database: str, lean: Lean, turned: Turned
) -> None:
    """The lease seems over while the request is still on its way: it must not leave a second time."""
    desk = await a_desk(agents=1)
    account = await a_lean_account(desk)
    (ticket,) = (await take_in(account.id, a_post("q", "nora", now()))).ticket_ids
    async with transaction() as tx:
        wish = Wish(text="on it", lane="public", seen=None, confirmed=True)
        await send_reply(tx, desk.agents[0], ticket, wish, "a key")
    turned.set(now() + timedelta(seconds=6))
    leaving, let_go = asyncio.Event(), asyncio.Event()

    async def slow(_outgoing: object) -> None:
        leaving.set()
        await let_go.wait()

    lean.before_publish = slow
    first = asyncio.create_task(deliver_due(), context=contextvars.copy_context())
    await leaving.wait()
    lean.before_publish = None
    turned.set(now() + HOUR)
    for _ in range(4):  # everything that falls due within the twenty seconds a network has to answer
        await deliver_due()
        turned.set(now() + timedelta(seconds=5))
    assert lean.out == []
    let_go.set()
    await first
    turned.set(now() + timedelta(minutes=1))
    while await deliver_due():
        turned.set(now() + timedelta(minutes=1))
    assert len(lean.out) == 1
    async with transaction() as tx:
        assert (await tx.scalars(select(Reply.state))).one() == "sent"
