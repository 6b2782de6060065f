"""Nothing is missed between connecting and the first reading, and no account falls silent without saying so."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import text, update

from app.brands.attach import attach_account, disconnect_account
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.crew import Crew
from app.core.secrets import seal
from app.core.transaction import transaction
from app.ingest import context, line
from app.ingest.context import with_context
from app.ingest.line import Lines
from app.ingest.models import Poll
from app.ingest.poll import poll_due
from app.networks.port import Account, Hint, Network, Page, Thread
from tests.conftest import Turned
from tests.given import a_desk, a_lean_account
from tests.ingest.conftest import Ears
from tests.kept import cut_off
from tests.lean import Lean, a_post, lean_account


async def test_what_is_said_between_connecting_and_the_first_reading_is_taken_in(
    database: str, lean: Lean, turned: Turned, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def newest(_account: Account, _cursor: str | None, **_: object) -> Page:
        return Page(tuple(lean.posts.values()), (), str(len(lean.feed)), more=False)

    monkeypatch.setattr(lean, "mentions", newest)
    desk = await a_desk()
    lean.say(a_post("before", "nina", now() - timedelta(minutes=1)))
    async with transaction() as tx:
        account = await attach_account(tx, desk.lead, desk.brand_id, lean_account())
    turned.set(now() + timedelta(minutes=10))  # no worker ran meanwhile
    lean.say(a_post("meanwhile", "omar", now() - timedelta(minutes=5)))
    assert await poll_due()
    ears = Ears(desk, account.id, lean)
    assert [m.remote_id for m in await ears.messages()] == ["meanwhile"]


async def test_a_slow_server_costs_context_and_not_the_page(
    database: str, lean: Lean, turned: Turned, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await a_desk()
    account = await a_lean_account(desk)

    async def slow(_account: Account, _remote_id: str) -> Thread:
        await asyncio.sleep(30)
        raise AssertionError("nobody waits that long")

    monkeypatch.setattr(lean, "thread", slow)
    monkeypatch.setattr(context, "MOST_SECONDS", 0.05)
    post = a_post("orphan", "nina", now(), under="unknown")
    opened = lean_account().account
    assert await with_context(cast("Network", lean), opened, account.id, [post]) == [post]


async def test_credentials_that_cannot_be_opened_break_the_account(ears: Ears) -> None:
    async with transaction() as tx:
        await tx.execute(update(BrandAccount).values(credentials=seal({})[:-8] + "AAAAAAA="))
    await ears.listen_now()
    async with transaction() as tx:
        account = await tx.get_one(BrandAccount, ears.account_id)
    assert account.state == "broken"
    assert "secret key" in (account.problem or "")
    assert (await ears.poll()).due_at is None


@contextlib.asynccontextmanager
async def held_lines(lean: Lean, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Lines on a network whose live line stands still; what it says of being opened and closed."""
    said: list[str] = []

    async def hints(_account: Account) -> AsyncIterator[Hint]:
        said.append("open")
        try:
            yield Hint()
            await asyncio.sleep(3600)
        finally:
            said.append("closed")

    monkeypatch.setattr(lean, "hints", hints)
    monkeypatch.setattr(lean, "can", lean.can | {"hint"}, raising=False)
    monkeypatch.setattr(line, "_LOOK_SECONDS", 0.05)
    stop = asyncio.Event()
    running = asyncio.create_task(Lines(Crew(), asyncio.Event()).run(stop))
    try:
        yield said
        assert not running.done(), running
    finally:
        stop.set()
        await running


async def until(said: list[str], word: str) -> None:
    async with asyncio.timeout(60):
        while word not in said:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_database_that_restarts_stops_no_live_line(
    database: str, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_lean_account(await a_desk())
    async with held_lines(lean, monkeypatch) as said:
        await until(said, "open")
        await cut_off()
        await asyncio.sleep(0.3)
        async with transaction() as tx:
            before = await tx.get_one(Poll, next(iter(await tx.scalars(text("select account_id from polls")))))
        assert before.line_due_at is not None
        assert before.line_due_at > now()


async def test_taking_an_account_off_closes_its_live_line(
    database: str, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await a_desk()
    account = await a_lean_account(desk)
    async with held_lines(lean, monkeypatch) as said:
        await until(said, "open")
        async with transaction() as tx:
            await disconnect_account(tx, desk.lead, account.id)
        await until(said, "closed")
    async with transaction() as tx:
        poll = await tx.get_one(Poll, account.id)
    assert poll.live_at is None
