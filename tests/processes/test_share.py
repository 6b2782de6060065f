"""Workers share the accounts out between them, none waits for another with a row in hand, and who finds no connection is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import update

from app.brands.attach import attach_account
from app.core import db
from app.core.clock import now
from app.core.crew import CHANNEL, Crew
from app.core.transaction import transaction
from app.core.wake import Listener
from app.ingest import line
from app.ingest.line import Lines
from app.ingest.models import Poll
from app.ingest.reread import reread_due
from app.networks.port import Account, Hint
from app.tickets.models import Conversation
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post, lean_account
from tests.stream.conftest import serving, signed_in

ACCOUNTS = 8


@pytest.fixture
async def eight_accounts(database: str, lean: Lean, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Accounts at a network that hints."""

    async def hints(_account: Account) -> AsyncIterator[Hint]:
        yield Hint()
        await asyncio.sleep(3600)

    monkeypatch.setattr(lean, "hints", hints)
    monkeypatch.setattr(lean, "can", lean.can | {"hint"}, raising=False)
    desk = await a_desk()
    ids = []
    async with transaction() as tx:
        for n in range(ACCOUNTS):
            one = lean_account()
            other = replace(one, account=replace(one.account, remote_id=f"id-{n}", handle=f"acme{n}"))
            ids.append((await attach_account(tx, desk.lead, desk.brand_id, other)).id)
    return ids


class Worker:
    """As much of a worker as holds lines."""

    def __init__(self, url: str) -> None:
        self._listener = Listener(url)
        woken = self._listener.event("lines")
        crew = Crew(woken)
        self._listener.hear(CHANNEL, crew.hear)
        self.lines = Lines(crew, woken)
        self._stop = asyncio.Event()

    def held(self) -> set[str]:
        return set(self.lines._tasks)

    async def start(self) -> None:
        self._listening = asyncio.create_task(self._listener.run())
        await self._listener.connected.wait()
        self._running = asyncio.create_task(self.lines.run(self._stop))

    async def end(self) -> None:
        self._stop.set()
        await self._running
        await self.die()

    async def die(self) -> None:
        """Without a word, as by SIGKILL: nothing is given back."""
        self.lines._give_back = gone  # type: ignore[method-assign]
        for task in (self._running, self._listening, *self.lines._tasks.values()):
            task.cancel()
        await asyncio.gather(self._running, self._listening, *self.lines._tasks.values(), return_exceptions=True)


async def gone(_account_id: str) -> None:
    """A dead worker writes nothing."""


@contextlib.asynccontextmanager
async def workers(url: str, count: int) -> AsyncIterator[list[Worker]]:
    made = [Worker(url) for _ in range(count)]
    for one in made:
        await one.start()
    try:
        yield made
    finally:
        for one in made:
            await one.end()


async def shared(among: list[Worker], seconds: float = 20) -> list[int]:
    """How many each holds, once every account is held by exactly one and nobody has more than a share."""
    share = -(-ACCOUNTS // len(among))
    async with asyncio.timeout(seconds):
        while True:
            held = [one.held() for one in among]
            sizes = [len(one) for one in held]
            if sum(sizes) == len(set().union(*held)) == ACCOUNTS and max(sizes) <= share:
                return sorted(sizes)
            await asyncio.sleep(0.02)


async def test_each_worker_holds_its_share_of_the_lines(database: str, eight_accounts: list[str]) -> None:
    async with workers(database, 2) as two:
        assert await shared(two) == [4, 4]
        async with workers(database, 1) as more:
            assert await shared([*two, *more]) == [2, 3, 3]
        assert await shared(two) == [4, 4]  # who goes in peace leaves nothing waiting for a lease
    assert all(one.held() == set() for one in [*two, *more])


async def test_the_lines_of_a_worker_that_died_are_taken_over_after_their_lease(
    database: str, eight_accounts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(line, "_LOOK_SECONDS", 0.2)
    monkeypatch.setattr("app.core.crew.LASTS", timedelta(seconds=1))
    async with workers(database, 1) as survivor:
        mortal = Worker(database)
        await mortal.start()
        assert await shared([*survivor, mortal]) == [4, 4]
        await mortal.die()
        assert await shared(survivor) == [8]


async def test_a_worker_that_stood_still_lets_go_of_what_another_took(
    database: str, eight_accounts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "_LOOK_SECONDS", 0.1)
    async with workers(database, 1) as alone:
        assert await shared(alone) == [8]
        async with transaction() as tx:  # another worker's lease, later than any of ours
            taken = update(Poll).where(Poll.account_id == eight_accounts[0])
            await tx.execute(taken.values(line_due_at=now() + timedelta(hours=1)))
        async with asyncio.timeout(10):
            while eight_accounts[0] in alone[0].held():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    async with transaction() as tx:
        theirs = await tx.get_one(Poll, eight_accounts[0])
    assert theirs.line_due_at is not None
    assert theirs.line_due_at > now() + timedelta(minutes=50)


async def test_an_account_in_hand_elsewhere_is_neither_waited_for_nor_lost(database: str, lean: Lean) -> None:
    """A reading holds its account's row and then wants conversations; who takes a conversation must not want the account."""
    account = await a_lean_account(await a_desk())
    await take_in(account.id, a_post("p", "nora", now()))
    async with transaction() as tx:
        await tx.execute(update(Conversation).values(reread_at=now()))
    async with transaction() as reading:
        await reading.get_one(Poll, account.id, with_for_update=True)
        async with asyncio.timeout(5):
            assert not await reread_due()
        await reading.execute(update(Conversation).values(reread_at=now()))
    assert await reread_due()


async def test_more_than_the_pool_can_bear_is_told_to_come_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await signed_in((await a_desk()).lead)
    await db.close_database()
    monkeypatch.setattr(db, "_POOL_SECONDS", 0.3)
    db.open_database(database, pool_size=2)
    async with serving(database) as served, httpx2.AsyncClient(cookies={"mentiondesk": secret}) as browser:
        address = f"http://127.0.0.1:{served.port}/api/v1/tickets"
        async with db.engine().connect(), db.engine().connect():
            busy = await browser.get(address)
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
        assert busy.json()["code"] == "busy"
        assert (await browser.get(address)).status_code == 200
