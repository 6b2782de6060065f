"""Hooks: the deliveries that one worker has on their way, bounded in all and for each webhook."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

import sentry_sdk
import structlog

from app.core.clock import now
from app.core.loop import run_loop
from app.hooks.backoff import GONE
from app.hooks.post import SECONDS, post
from app.hooks.settling import Settling
from app.hooks.spread import spread
from app.hooks.take import Parcel, let_go, next_due, take_due

log = structlog.get_logger()

_TIME_TO_POST: Final = timedelta(seconds=SECONDS + 5)
"""What must be left of a lease when a request leaves; else it is left to whoever claims it next."""


class Hooks:
    """Claims twice as many deliveries as it has hands, so that none rests while the next are claimed, several at a time."""

    def __init__(self, woken: asyncio.Event, most: int) -> None:
        """At most `most` requests at once, a quarter of them to one webhook; `woken` is set when there may be work."""
        self._woken = woken
        self._most = most
        self._each = max(1, most // 4)
        self._next_up: list[Parcel] = []
        self._running: Counter[str] = Counter()
        self._held: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._settling = Settling()

    @property
    def busy(self) -> bool:
        """Whether something is on its way or claimed."""
        return bool(self._tasks or self._next_up)

    def hear(self, kind: str) -> None:
        """Wake up when webhooks are spoken of."""
        if kind == "webhooks":
            self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; what is on its way then is seen through, what was only claimed is let go."""
        await run_loop("webhooks", self.step, self._next, self._woken, stop)
        left, self._next_up = self._next_up, []
        await asyncio.gather(let_go(left), *self._tasks)

    async def step(self) -> bool:
        """Claim what there is room for; with hands left, look for what the log has for somebody."""
        if len(self._next_up) > self._most // 2:
            return False
        wanted = 2 * self._most - self._running.total() - len(self._next_up)
        taken = await take_due(wanted, 2 * self._each, self._held) if wanted > 0 else []
        for parcel in taken:
            self._held[parcel.webhook_id] += 1
        self._next_up += taken
        self._let_go()
        if taken:
            return True
        return await spread() if self._running.total() < self._most else False

    def _let_go(self) -> None:
        """Give each free hand the first parcel whose webhook has room."""
        waiting: list[Parcel] = []
        for parcel in self._next_up:
            if self._running.total() >= self._most or self._running[parcel.webhook_id] >= self._each:
                waiting.append(parcel)
                continue
            self._running[parcel.webhook_id] += 1
            task = asyncio.create_task(self._see_through(parcel))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._next_up = waiting

    async def _see_through(self, parcel: Parcel) -> None:
        running = True
        try:
            if parcel.until - now() < _TIME_TO_POST:
                return
            outcome = await post(parcel.url, parcel.keys, parcel.message_id, parcel.body)
            if outcome.status != GONE:
                running = self._free(parcel)
            await self._settling.settle(parcel, outcome)
            if outcome.status == GONE:  # its hand is not free before the webhook is off
                self._drop(parcel.webhook_id)
        except Exception as problem:  # its lease runs out, and it is sent again
            log.exception("webhook_delivery_failed", delivery_id=parcel.id)
            sentry_sdk.capture_exception(problem)
        finally:
            if running:
                self._free(parcel)
            self._held[parcel.webhook_id] -= 1
            self._woken.set()

    def _free(self, parcel: Parcel) -> bool:
        self._running[parcel.webhook_id] -= 1
        self._let_go()
        if len(self._next_up) <= self._most // 2:
            self._woken.set()
        return False

    def _drop(self, webhook_id: str) -> None:
        """Nothing more leaves for this webhook; what was claimed for it stays in the table."""
        self._held[webhook_id] -= sum(parcel.webhook_id == webhook_id for parcel in self._next_up)
        self._next_up = [parcel for parcel in self._next_up if parcel.webhook_id != webhook_id]

    async def _next(self) -> datetime | None:
        """When there is something to claim; with all hands full nothing is, until a request comes back."""
        if len(self._next_up) > self._most // 2:
            return None
        return await next_due([webhook_id for webhook_id, held in self._held.items() if held >= 2 * self._each])
