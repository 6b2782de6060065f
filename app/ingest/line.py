"""The live lines: one worker per account listens to the network's own streaming, which only says when to look."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.brands.account import account_at_work
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.transaction import transaction
from app.core.wake import wake
from app.ingest.models import Poll
from app.networks.errors import NetworkError
from app.networks.port import Hint
from app.networks.registry import network
from app.tickets.models import Conversation, Message

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=45)
_RENEW_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 5.0
_GATHER_SECONDS: Final = 0.05
_FIRST_PAUSE: Final = timedelta(seconds=2)
_LONGEST_PAUSE: Final = timedelta(seconds=60)


class Lines:
    """The live lines that this worker holds."""

    def __init__(self) -> None:
        """Hold none yet."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._pauses: dict[str, timedelta] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Take up lines that nobody holds, until stopped; then give them back."""
        while not stop.is_set():
            try:
                for account in await self._take():
                    self._tasks[account.id] = asyncio.create_task(self._hold(account))
            except (SQLAlchemyError, OSError) as problem:  # a database that is away is waited for, like everywhere
                log.warning("lines_wait", problem=type(problem).__name__)
            try:
                await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)
            except TimeoutError:
                continue
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _take(self) -> list[BrandAccount]:
        async with transaction() as tx:
            free = (
                select(Poll.account_id)
                .where(Poll.line_due_at <= now(), Poll.due_at.is_not(None))
                .limit(20)
                .with_for_update(skip_locked=True)
            )
            taken = await tx.scalars(
                update(Poll)
                .where(Poll.account_id.in_(free.scalar_subquery()))
                .values(line_due_at=now() + LEASE)
                .returning(Poll.account_id)
                .execution_options(synchronize_session=False),
            )
            ids = [i for i in taken if i not in self._tasks]
            rows = list(await tx.scalars(select(BrandAccount).where(BrandAccount.id.in_(ids))))
        return [row for row in rows if "hint" in network(row.network).can]

    async def _hold(self, account: BrandAccount) -> None:
        """Listen until the line breaks or nobody wants it; then leave it to be taken up again after a pause."""
        work = [asyncio.create_task(self._listen(account)), asyncio.create_task(self._renew(account.id))]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in work:
                if task.done():
                    task.result()
        except NetworkError as problem:
            log.info("line_broken", account_id=account.id, problem=problem.sentence)
        except (SQLAlchemyError, OSError) as problem:
            log.warning("line_broken", account_id=account.id, problem=type(problem).__name__)
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            self._tasks.pop(account.id, None)
            with suppress(SQLAlchemyError, OSError):  # the lease runs out by itself
                await self._give_back(account.id)

    async def _listen(self, account: BrandAccount) -> None:
        account_id = account.id
        hints = network(account.network).hints(account_at_work(account))
        waiting: list[Hint] = []
        arrived = asyncio.Event()

        async def collect() -> None:
            async for hint in hints:
                self._pauses.pop(account_id, None)
                waiting.append(hint)
                arrived.set()

        collecting = asyncio.create_task(collect())
        await self._say_live(account_id)
        try:
            while not collecting.done():
                waiter = asyncio.create_task(arrived.wait())
                await asyncio.wait({waiter, collecting}, return_when=asyncio.FIRST_COMPLETED)
                waiter.cancel()
                if waiting:
                    await asyncio.sleep(_GATHER_SECONDS)  # a burst is one look
                    batch, waiting[:] = list(waiting), []
                    arrived.clear()
                    await take_hints(account_id, batch)
            await collecting
        finally:
            collecting.cancel()
            await asyncio.gather(collecting, return_exceptions=True)

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

    @staticmethod
    async def _renew(account_id: str) -> None:
        """Keep the lease until the account is not read any more: taken off, or its sign-in refused."""
        renewed = (
            update(Poll)
            .where(Poll.account_id == account_id, Poll.due_at.is_not(None))
            .returning(Poll.account_id)
            .execution_options(synchronize_session=False)
        )
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            with suppress(SQLAlchemyError, OSError):  # there is time for two more failures
                async with transaction() as tx:
                    if await tx.scalar(renewed.values(line_due_at=now() + LEASE)) is None:
                        return

    async def _give_back(self, account_id: str) -> None:
        pause = self._pauses.get(account_id, _FIRST_PAUSE)
        self._pauses[account_id] = min(pause * 2, _LONGEST_PAUSE)
        async with transaction() as tx:
            await tx.execute(
                update(Poll)
                .where(Poll.account_id == account_id)
                .values(live_at=None, line_due_at=func.least(Poll.line_due_at, now() + pause))
                .execution_options(synchronize_session=False),
            )


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
