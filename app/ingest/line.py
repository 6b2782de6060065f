"""The live lines: one worker per account listens to the network's own streaming, which only says when to look."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.brands.account import account_at_work
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.crew import Crew
from app.core.transaction import transaction
from app.core.wake import wait_for, wake
from app.ingest.budget import SPENT, out_of_budget
from app.ingest.models import Poll
from app.ledger.charge import write_rest
from app.ledger.queries import priced
from app.networks.errors import NetworkError, RateLimited
from app.networks.port import Hint
from app.networks.registry import network, networks
from app.tickets.models import Conversation, Message

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=20)
"""Renewed at every look: there is time for three failures, and after a crash another worker listens so soon."""
_LOOK_SECONDS: Final = 5.0
_GATHER_SECONDS: Final = 0.05
_AT_ONCE: Final = timedelta(0)
_FIRST_PAUSE: Final = timedelta(seconds=2)
_LONGEST_PAUSE: Final = timedelta(seconds=60)


class Lines:
    """The live lines that this worker holds: its share of them, as many as any other worker's."""

    def __init__(self, crew: Crew, woken: asyncio.Event) -> None:
        """Hold none yet; `woken` is set when somebody came or went, or a line was given back."""
        self._crew = crew
        self._woken = woken
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._pauses: dict[str, timedelta] = {}
        self._yielded: set[str] = set()
        self._until: datetime = now()

    async def run(self, stop: asyncio.Event) -> None:
        """Hold our share of the lines until stopped; then give them back."""
        ending = asyncio.create_task(self._end(stop))
        arrived = False
        try:
            while not stop.is_set():
                try:
                    await (self._crew.say() if arrived else self._crew.arrive())
                    arrived = True
                    await self._look()
                except (SQLAlchemyError, OSError) as problem:  # a database that is away is waited for, like everywhere
                    log.warning("lines_wait", problem=type(problem).__name__)
                await wait_for(self._woken, _LOOK_SECONDS)
            with suppress(SQLAlchemyError, OSError):  # who says nothing is forgotten after a while
                await self._crew.say(here=False)  # before the lines are free, so that the others make room for them
        finally:
            ending.cancel()
            await self._give_up(set(self._tasks))

    async def _end(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    async def _look(self) -> None:
        """Keep what is ours, give up what is more than our share, take up what nobody holds."""
        if self._tasks:
            await self._keep()
        room = await self._share() - len(self._tasks)
        if room < 0:
            await self._give_up(set(list(self._tasks)[room:]))
        elif room > 0:
            for account in await self._take(room):
                self._tasks[account.id] = asyncio.create_task(self._hold(account))

    async def _keep(self) -> None:
        """Renew the leases, but of accounts that are read no more, or that another worker took up after ours ran out.

        In one statement for those whose row is free, then one by one: nobody is waited for with another row in hand.
        """
        until, held = now() + LEASE, set(self._tasks)
        ours = (Poll.due_at.is_not(None), Poll.line_due_at <= self._until)
        free = select(Poll.account_id).where(Poll.account_id.in_(held), *ours)
        free = free.with_for_update(key_share=True, skip_locked=True)
        renewing = update(Poll).values(line_due_at=until).returning(Poll.account_id)
        renewing = renewing.execution_options(synchronize_session=False)
        async with transaction() as tx:
            kept = set(await tx.scalars(renewing.where(Poll.account_id.in_(free.scalar_subquery()))))
        for account_id in held - kept:
            async with transaction() as tx:
                if await tx.scalar(renewing.where(Poll.account_id == account_id, *ours)):
                    continue
            if task := self._tasks.get(account_id):
                task.cancel()
        self._until = until

    async def _share(self) -> int:
        """How many lines each worker holds when all hold as many."""
        async with transaction() as tx:
            lines = await tx.scalar(_lines(func.count())) or 0
        return -(-lines // len(self._crew))

    async def _take(self, most: int) -> list[BrandAccount]:
        until = now() + LEASE
        free = _lines(Poll.account_id).where(Poll.line_due_at <= now(), Poll.account_id.not_in(list(self._tasks)))
        # in a WITH, which is run once, as in core/claim.py
        picked = free.limit(most).with_for_update(of=Poll, skip_locked=True).cte("picked")
        taking = (
            update(Poll)
            .where(Poll.account_id == picked.c.account_id)
            .values(line_due_at=until)
            .returning(Poll.account_id)
            .execution_options(synchronize_session=False)
        )
        async with transaction() as tx:
            ids = list(await tx.scalars(taking))
            rows = list(await tx.scalars(select(BrandAccount).where(BrandAccount.id.in_(ids))))
        self._until = max(self._until, until)
        return rows

    async def _give_up(self, ids: set[str]) -> None:
        """Let others have these at once."""
        self._yielded |= ids
        tasks = [self._tasks[account_id] for account_id in ids]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._yielded -= ids

    async def _hold(self, account: BrandAccount) -> None:
        """Listen until the line breaks or nobody wants it; then leave it to be taken up again after a pause."""
        try:
            await self._listen(account)
        except NetworkError as problem:
            log.info("line_broken", account_id=account.id, problem=problem.sentence)
        except (SQLAlchemyError, OSError) as problem:
            log.warning("line_broken", account_id=account.id, problem=type(problem).__name__)
        finally:
            self._tasks.pop(account.id, None)
            with suppress(SQLAlchemyError, OSError):  # the lease runs out by itself
                await self._give_back(account.id)

    async def _listen(self, account: BrandAccount) -> None:
        account_id, opened = account.id, account_at_work(account)
        await _refuse_spent(account)
        hints = network(account.network).hints(opened)
        waiting: list[Hint] = []
        arrived = asyncio.Event()

        async def collect() -> None:
            async for hint in hints:
                self._pauses.pop(account_id, None)
                waiting.append(hint)
                arrived.set()

        collecting = asyncio.create_task(collect())
        try:
            await self._say_live(account_id)
            while not collecting.done():
                waiter = asyncio.create_task(arrived.wait())
                try:
                    await asyncio.wait({waiter, collecting}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    waiter.cancel()
                if waiting:
                    await asyncio.sleep(_GATHER_SECONDS)  # a burst is one look
                    batch, waiting[:] = list(waiting), []
                    arrived.clear()
                    await take_hints(account_id, batch)
                    await write_rest(opened)
                    await _refuse_spent(account)
            await collecting
        finally:
            collecting.cancel()
            await asyncio.gather(collecting, return_exceptions=True)
            await write_rest(opened)

    @staticmethod
    async def _say_live(account_id: str) -> None:
        """From now on nothing is missed by the line; whatever came before it stood is asked for once more."""
        async with transaction() as tx:
            await tx.execute(
                update(Poll)
                .where(Poll.account_id == account_id, Poll.due_at.is_not(None))
                .values(live_at=now(), hinted_at=now(), due_at=now())
                .execution_options(synchronize_session=False),
            )
            await wake(tx, "polls")

    async def _give_back(self, account_id: str) -> None:
        """Free the line if it is still ours: at once when we only make room, else after a pause."""
        yielded = account_id in self._yielded
        if yielded:
            pause = _AT_ONCE
        else:
            pause = self._pauses.get(account_id, _FIRST_PAUSE)
            self._pauses[account_id] = min(pause * 2, _LONGEST_PAUSE)
        async with transaction() as tx:
            await tx.execute(
                update(Poll)
                .where(Poll.account_id == account_id, Poll.line_due_at <= self._until)
                .values(live_at=None, line_due_at=func.least(Poll.line_due_at, now() + pause))
                .execution_options(synchronize_session=False),
            )
            if yielded:
                await wake(tx, "lines")


async def _refuse_spent(account: BrandAccount) -> None:
    """A line that costs something stands only while the budget pays it. Raises RateLimited."""
    if not priced(account.network, "read"):
        return
    async with transaction() as tx:
        if await out_of_budget(tx, account):
            raise RateLimited(SPENT)


def _lines(what: Any) -> Select[Any]:
    """All lines that can be held: accounts that are read, at networks that can hint."""
    hinting = [name for name, adapter in networks().items() if "hint" in adapter.can]
    joined = select(what).select_from(Poll).join(BrandAccount, BrandAccount.id == Poll.account_id)
    return joined.where(Poll.due_at.is_not(None), BrandAccount.network.in_(hinting))


async def take_hints(account_id: str, hints: list[Hint]) -> None:
    """Look at the account at once, and again at the conversations of the posts that were named."""
    named = {h.remote_id for h in hints if h.remote_id}
    async with transaction() as tx:
        await tx.execute(
            update(Poll)
            .where(Poll.account_id == account_id, Poll.due_at.is_not(None))
            .values(hinted_at=now(), due_at=func.least(Poll.due_at, now()))
            .execution_options(synchronize_session=False),
        )
        await wake(tx, "polls")
        if named:
            known = select(Message.conversation_id).where(
                Message.account_id == account_id, Message.remote_id.in_(named)
            )
            await tx.execute(
                update(Conversation)
                .where(Conversation.id.in_(known))
                .values(reread_at=now())
                .execution_options(synchronize_session=False),
            )
            await wake(tx, "rereads")
