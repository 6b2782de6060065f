"""Deliveries: the replies that one worker has on their way, bounded in all and for each account."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import sentry_sdk
import structlog

from app.core.loop import run_loop
from app.replies.claim_due import Claimed, claim_due, next_delivery
from app.replies.deliver import deliver
from app.replies.hands import Hands
from app.replies.sent_together import SentTogether

log = structlog.get_logger()


class Deliveries:
    """Claims replies ahead of its hands, a few in a transaction when many are due."""

    def __init__(self, woken: asyncio.Event, most: int) -> None:
        """At most `most` requests at once, a quarter of them for one account; `woken` is set when there may be work."""
        self._woken = woken
        self._each = max(1, most // 4)
        self._hands = Hands(most, ahead=most // 2, freed=woken.set)
        self._tasks: set[asyncio.Task[None]] = set()
        self._together = SentTogether()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; what is on its way then is seen through, what waits is given back."""
        await run_loop("replies", self._step, self._next, self._woken, stop)
        self._hands.close()
        await asyncio.gather(*self._tasks)

    async def _step(self) -> bool:
        room = self._hands.room()
        if not room:
            return False
        claimed = await claim_due(room, self._hands.of_accounts(), self._each)
        if not claimed:
            return False
        self._hands.claim(reply for reply, _ in claimed)
        task = asyncio.create_task(self._see_through(claimed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _see_through(self, claimed: Sequence[Claimed]) -> None:
        try:
            await deliver(claimed, self._together, self._hands)
        except Exception as problem:  # their leases run out, and they are looked for
            log.exception("delivery_failed", reply_ids=[reply.id for reply, _ in claimed])
            sentry_sdk.capture_exception(problem)
        finally:
            for reply, _ in claimed:
                self._hands.left(reply)

    async def _next(self) -> datetime | None:
        """When there is something to claim; with enough claimed nothing is, until a request comes back."""
        if not self._hands.room():
            return None
        counts = self._hands.of_accounts()
        return await next_delivery([account_id for account_id, count in counts.items() if count >= self._each])
