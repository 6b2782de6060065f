"""A loop works until nothing is due, sleeps until something is, and survives what goes wrong."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.core import loop
from app.core.clock import now
from app.core.loop import run_loop

_PATIENCE = loop.LONGEST_SLEEP - 2
"""Seconds: long for a busy machine, and shorter than a loop sleeps that nobody wakes."""


class Work:
    """So much to do; `due` says when the next falls due."""

    def __init__(self, waiting: int = 0) -> None:
        self.waiting, self.done, self.looks = waiting, 0, 0
        self.due: datetime | None = None
        self.failing = 0

    async def step(self) -> bool:
        self.looks += 1
        if self.failing:
            self.failing -= 1
            raise OSError("the database is away")
        if self.due is not None and self.due <= now():
            self.due, self.waiting = None, self.waiting + 1
        if not self.waiting:
            return False
        self.waiting -= 1
        self.done += 1
        return True

    async def next_due(self) -> datetime | None:
        return self.due


class Running:
    def __init__(self, work: Work) -> None:
        self.work, self.woken, self.stop = work, asyncio.Event(), asyncio.Event()
        self.task = asyncio.create_task(run_loop("test", work.step, work.next_due, self.woken, self.stop))

    async def until(self, wanted: Callable[[], bool], seconds: float = _PATIENCE) -> None:
        async with asyncio.timeout(seconds):
            while not wanted():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def end(self) -> None:
        self.stop.set()
        async with asyncio.timeout(_PATIENCE):
            await self.task


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_FIRST_PAUSE", 0.01)


async def test_it_drains_what_is_due_without_sleeping_between() -> None:
    running = Running(Work(200))
    await running.until(lambda: running.work.done == 200)
    await running.end()


async def test_it_sleeps_until_the_next_due_time_and_not_longer() -> None:
    work = Work()
    work.due = now() + timedelta(seconds=0.3)
    running = Running(work)
    due = work.due
    await running.until(lambda: work.done == 1)
    assert now() >= due
    assert work.looks <= 3  # at the beginning, when it was due, and that there is no more
    await running.end()


async def test_a_wake_up_ends_the_sleep() -> None:
    running = Running(Work())
    await running.until(lambda: running.work.looks == 1)
    running.work.waiting = 3
    running.woken.set()
    await running.until(lambda: running.work.done == 3)
    await running.end()


async def test_a_lost_wake_up_is_made_good_by_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "LONGEST_SLEEP", 0.05)
    running = Running(Work())
    await running.until(lambda: running.work.looks == 1)
    running.work.waiting = 1
    await running.until(lambda: running.work.done == 1)
    await running.end()


async def test_it_survives_a_failing_step_and_tries_again() -> None:
    work = Work(2)
    work.failing = 3
    running = Running(work)
    await running.until(lambda: work.done == 2)
    assert work.failing == 0
    await running.end()


async def test_a_stop_lets_the_step_in_progress_finish_and_begins_no_other() -> None:
    began, may_end = asyncio.Event(), asyncio.Event()
    finished = []

    async def step() -> bool:
        began.set()
        await may_end.wait()
        finished.append(1)
        return True

    stop = asyncio.Event()
    task = asyncio.create_task(run_loop("test", step, Work().next_due, asyncio.Event(), stop))
    await began.wait()
    stop.set()
    await asyncio.sleep(0.02)
    assert not task.done()
    may_end.set()
    async with asyncio.timeout(_PATIENCE):
        await task
    assert finished == [1]


async def test_a_stop_ends_a_sleep_and_a_pause_after_failure_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_FIRST_PAUSE", 30)
    for failing in (0, 1):
        work = Work()
        work.failing = failing
        running = Running(work)
        await running.until(lambda: work.looks == 1)  # noqa: B023
        await running.end()
