"""A table as a queue: due rows are leased once, and again when their lease ran out."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from app.brands.attach import attach_account
from app.core.claim import claim, next_due
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.models import Poll
from tests.conftest import Turned
from tests.given import a_desk
from tests.lean import Lean, lean_account

LEASE = timedelta(seconds=60)


@pytest.fixture
async def accounts(database: str, lean: Lean, turned: Turned) -> list[str]:
    """Forty accounts, all due."""
    desk = await a_desk()
    one = lean_account()
    ids = []
    async with transaction() as tx:
        for n in range(40):
            other = replace(one, account=replace(one.account, remote_id=f"id-{n}", handle=f"acme{n}"))
            ids.append((await attach_account(tx, desk.lead, desk.brand_id, other)).id)
    return ids


async def take(limit: int = 1) -> list[Poll]:
    async with transaction() as tx:
        return await claim(tx, Poll, lease=LEASE, limit=limit)


async def test_eight_claimers_take_everything_and_nothing_twice(accounts: list[str]) -> None:
    async def claimer() -> list[str]:
        mine: list[str] = []
        while taken := await take(limit=3):
            mine += [p.account_id for p in taken]
            await asyncio.sleep(0)
        return mine

    taken = [i for mine in await asyncio.gather(*(claimer() for _ in range(8))) for i in mine]
    assert sorted(taken) == sorted(accounts)


async def test_who_is_slow_to_commit_holds_nobody_up(accounts: list[str]) -> None:
    async with transaction() as slow:
        first = await claim(slow, Poll, lease=LEASE, limit=1)
        async with asyncio.timeout(30):
            rest = await take(limit=100)
    assert len(rest) == 39
    assert first[0].account_id not in {p.account_id for p in rest}


async def test_no_more_are_taken_than_asked_for_however_it_is_planned(accounts: list[str]) -> None:
    async with transaction() as tx:
        # a nested loop is what a table of a few accounts gets, and runs what stands inside for each row outside
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize", "bitmapscan"):
            await tx.execute(text(f"set local enable_{way} = off"))
        assert len(await claim(tx, Poll, lease=LEASE, limit=3)) == 3
    assert len(await take(limit=100)) == 37


async def test_a_lease_runs_out_and_the_count_says_who_is_late(accounts: list[str], turned: Turned) -> None:
    first = await take(limit=100)
    assert {p.attempts for p in first} == {1}
    assert await take() == []
    turned.set(turned.at + LEASE)
    again = await take(limit=100)
    assert {p.attempts for p in again} == {2}
    assert {p.lease_until for p in again} == {now() + LEASE}


async def test_the_earliest_comes_first_and_what_is_not_due_stays(accounts: list[str], turned: Turned) -> None:
    async with transaction() as tx:
        await tx.execute(update(Poll).values(due_at=now() + timedelta(seconds=5)))
        await tx.execute(update(Poll).where(Poll.account_id == accounts[7]).values(due_at=now()))
        await tx.execute(update(Poll).where(Poll.account_id == accounts[3]).values(due_at=now() - timedelta(seconds=1)))
        await tx.execute(update(Poll).where(Poll.account_id == accounts[4]).values(due_at=None))
    assert [p.account_id for p in await take()] == [accounts[3]]
    assert [p.account_id for p in await take()] == [accounts[7]]
    assert await take() == []


async def test_the_next_due_time_takes_leases_into_account(accounts: list[str], turned: Turned) -> None:
    async with transaction() as tx:
        await tx.execute(update(Poll).values(due_at=None))
        assert await next_due(tx, Poll) is None
        await tx.execute(update(Poll).where(Poll.account_id == accounts[0]).values(due_at=now()))
        assert await next_due(tx, Poll) == now()
    await take()
    async with transaction() as tx:
        assert await next_due(tx, Poll) == now() + LEASE
        await tx.execute(update(Poll).where(Poll.account_id == accounts[1]).values(due_at=now() + timedelta(seconds=9)))
        assert await next_due(tx, Poll) == now() + timedelta(seconds=9)


async def test_what_is_rolled_back_was_never_taken(accounts: list[str]) -> None:
    with pytest.raises(ValueError, match="no"):
        async with transaction() as tx:
            await claim(tx, Poll, lease=LEASE, limit=100)
            raise ValueError("no")
    assert len(await take(limit=100)) == 40
