"""Workers that die anywhere and answers that get lost: what was handed over is published once, in order, whatever happens."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sa_event
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agents.permit import Actor
from app.core import clock, db
from app.core.clock import now
from app.core.eventlog import read_after
from app.core.transaction import transaction
from app.networks.errors import RateLimited, Transient, Unknown
from app.networks.port import Outgoing
from app.replies.cancel import retry_reply, settle_by_hand
from app.replies.claim_due import claim_due
from app.replies.deliver import deliver
from app.replies.hands import Hands
from app.replies.models import Reply
from app.replies.send import Wish, send_reply
from app.replies.sent_together import SentTogether
from app.tickets.models import Message
from app.tickets.queries import ticket_card
from tests.conftest import lean_network
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post
from tests.world import World

LATER = timedelta(seconds=40)
"""How far the clock is moved when there is nothing to do: further than the grace for looking."""

LONG = " ".join(f"This is sentence number {n}, and there are many of them." for n in range(24))
"""Leaves in three parts."""

FATES = ("fine", "fine", "lost before", "lost after", "died before", "died after", "limited", "unreachable")


class Killed(BaseException):
    """This worker is gone; nothing of it runs on."""


class Doom:
    """What happens to each call of the network, and in which statement a worker dies; fine once the plan is over."""

    def __init__(self, fates: list[str], deaths: list[int | None]) -> None:
        self.fates, self.deaths = list(fates), list(deaths)
        self._left: int | None = None
        self._fate = "fine"

    def step(self) -> None:
        self._left = self.deaths.pop(0) if self.deaths else None

    def over(self) -> bool:
        return not self.fates and not self.deaths

    def statement(self, *_: object) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self._left = None
                raise Killed

    async def before(self, _outgoing: Outgoing) -> None:
        await asyncio.sleep(0)
        self._fate = self.fates.pop(0) if self.fates else "fine"
        match self._fate:
            case "lost before":
                raise Unknown
            case "died before":
                raise Killed
            case "limited":
                raise RateLimited(retry_at=now() + timedelta(seconds=7))
            case "unreachable":
                raise Transient

    async def after(self, _outgoing: Outgoing) -> None:
        await asyncio.sleep(0)
        if self._fate == "lost after":
            raise Unknown
        if self._fate == "died after":
            raise Killed


@contextmanager
def doomed(doom: Doom) -> Iterator[None]:
    engine = db.engine().sync_engine
    sa_event.listen(engine, "before_cursor_execute", doom.statement)
    sa_event.listen(Session, "before_commit", doom.statement)
    try:
        yield
    finally:
        sa_event.remove(engine, "before_cursor_execute", doom.statement)
        sa_event.remove(Session, "before_commit", doom.statement)


async def hand_over(lean: Lean, tickets: int, replies: int) -> tuple[Actor, list[str]]:
    clock.turn(now())
    desk = await a_desk(agents=1)
    account = await a_lean_account(desk)
    ids: list[str] = []
    for n in range(tickets):
        ids += (await take_in(account.id, a_post(f"q{n}", f"customer{n}", now()))).ticket_ids
    for n in range(replies):
        for t, ticket_id in enumerate(ids):
            wish = Wish(text=f"t{t}/{n}", lane="public", seen=None, confirmed=True)
            async with transaction() as tx:
                await send_reply(tx, desk.agents[0], ticket_id, wish, f"key-{t}-{n}")
    async with transaction() as tx:
        wish = Wish(text=LONG, lane="public", seen=None, confirmed=True, split=True)
        await send_reply(tx, desk.agents[0], ids[0], wish, "key of parts")
    return desk.agents[0], ids


async def person(ana: Actor, lean: Lean) -> bool:
    """Somebody looks at the network for what nobody could find, says how it is, and tries again what failed."""
    async with transaction() as tx:
        stuck = list(
            await tx.scalars(select(Reply).where(Reply.due_at.is_(None), Reply.state.in_(("unsure", "failed"))))
        )
    for reply in stuck:
        out = any(o.outgoing.text == reply.outgoing["text"] for o in lean.out)
        async with transaction() as tx:
            if reply.state == "unsure":
                await settle_by_hand(tx, ana, reply.id, published=out)
            if not out:
                await retry_reply(tx, ana, reply.id)  # at once: what is failed holds up nobody
    return bool(stuck)


async def worker(most: int, ahead: int) -> bool:
    """A worker with so many hands claims so many more than it has hands for."""
    claimed = await claim_due(most + ahead)
    await deliver(claimed, SentTogether(), Hands(most))
    return bool(claimed)


async def work(lean: Lean, ana: Actor, doom: Doom, workers: int, hands: tuple[int, int]) -> None:
    """Deliver until all is settled; time goes on whenever nobody has anything to do."""
    lean.before_publish, lean.after_publish = doom.before, doom.after
    for _ in range(500):
        with doomed(doom):
            doom.step()
            did = await asyncio.gather(*(worker(*hands) for _ in range(workers)), return_exceptions=True)
        for problem in did:
            assert problem is True or problem is False or isinstance(problem, Killed), problem
        clock.turn(now() + timedelta(milliseconds=50))
        if True not in did:
            async with transaction() as tx:
                unfinished = await tx.scalar(select(Reply.id).where(Reply.state.notin_(("sent", "cancelled"))).limit(1))
            if unfinished is None:
                return
            if not await person(ana, lean):
                clock.turn(now() + LATER)
    raise AssertionError("the replies never came to an end")


async def published_once_in_order(lean: Lean, ids: list[str], ana: Actor, replies: int) -> None:
    texts = [o.outgoing.text.split()[-1] for o in lean.out]
    parts = ["1/3", "2/3", "3/3"]
    assert sorted(texts) == sorted([*(f"t{t}/{n}" for t in range(len(ids)) for n in range(replies)), *parts])
    for t in range(len(ids)):
        assert [x for x in texts if x.startswith(f"t{t}/")] == [f"t{t}/{n}" for n in range(replies)]
    assert [x for x in texts if x in parts] == parts
    async with transaction() as tx:
        rows = list(await tx.scalars(select(Reply)))
        messages = list(await tx.scalars(select(Message).where(Message.kind == "brand")))
        events = await read_after(tx, 0, 5000)
        cards = [await ticket_card(tx, ana, i) for i in ids]
    assert {r.state for r in rows} == {"sent"}
    assert len({m.reply_id for m in messages}) == len(messages) == len([r for r in rows if r.message_id])
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    sent = [e.fact["reply"]["id"] for e in events if e.type == "reply.sent"]
    assert sorted(sent) == sorted(r.id for r in rows)
    posts = {m.reply_id: m.remote_id for m in messages}
    group = sorted((r for r in rows if r.group_id), key=lambda r: r.part)
    for before, part in itertools.pairwise(group):
        assert part.outgoing["in_reply_to"] == posts.get(before.id, before.outgoing["in_reply_to"])
    if all(r.message_id for r in rows):  # what a person settled is read back by the next reading
        assert [c.waiting for c in cards] == [0] * len(ids)


@pytest.mark.parametrize("keeps_keys", [3600.0, None], ids=["keeps keys", "does not"])
def test_published_exactly_once_and_in_order_whoever_dies_wherever(world: World, keeps_keys: float | None) -> None:
    @settings(max_examples=12, suppress_health_check=list(HealthCheck))
    @given(
        fates=st.lists(st.sampled_from(FATES), max_size=10),
        deaths=st.lists(st.none() | st.integers(1, 45), max_size=14),
        workers=st.integers(1, 3),
        hands=st.tuples(st.integers(1, 3), st.integers(0, 2)),
    )
    def law(fates: list[str], deaths: list[int | None], workers: int, hands: tuple[int, int]) -> None:
        async def example(lean: Lean) -> None:
            lean.keeps_keys = keeps_keys
            ana, ids = await hand_over(lean, tickets=2, replies=2)
            clock.turn(now() + timedelta(seconds=6))
            await work(lean, ana, Doom(fates, deaths), workers, hands)
            await published_once_in_order(lean, ids, ana, replies=2)

        with world.example(), lean_network() as lean:
            world.run(example(lean))

    law()
