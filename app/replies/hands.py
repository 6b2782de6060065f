"""Hands: what one worker has claimed, and which of it may be at a network; the rest waits for a hand to come free."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from app.replies.models import Reply


class Hands:
    """Requests to networks that may be on their way at once, and replies that were claimed ahead of a free hand.

    A claimed reply waits at most `patience` seconds: then it is given back, since other workers may have hands free.
    Those that came back and are not written down yet are at most as many as the hands: else nothing more leaves, since
    all of them are in doubt when the worker dies.
    """

    def __init__(self, most: int, *, ahead: int = 0, patience: float = 5.0, freed: Callable[[], object] = bool) -> None:
        """`most` requests at once, and `ahead` replies claimed that wait; `freed` is called when one is over."""
        self.turn = asyncio.Lock()
        """Held by who takes hands and says `sending`: hands that come free meanwhile are for the next, together."""
        self._most, self._ahead, self._patience, self._freed = most, ahead, patience, freed
        self._claimed: dict[str, str] = {}  # reply: account
        self._busy: set[str] = set()
        self._unwritten: set[str] = set()
        self._came_free = asyncio.Event()
        self._closed = False

    def room(self) -> int:
        """How many more may be claimed. Nothing while enough is waiting, so that one claim brings several."""
        waiting = len(self._claimed) - len(self._busy)
        if self._closed or (waiting > self._ahead // 2 and len(self._claimed) >= self._most):
            return 0
        return self._most + self._ahead - len(self._claimed)

    def of_accounts(self) -> Counter[str]:
        """How many of each account's replies are claimed."""
        return Counter(self._claimed.values())

    def claim(self, replies: Iterable[Reply]) -> None:
        """These were claimed."""
        self._claimed |= {reply.id: reply.account_id for reply in replies}

    def until(self) -> float:
        """When the patience of what is claimed now ends, in seconds of the loop."""
        return asyncio.get_running_loop().time() + self._patience

    async def take(self, replies: Sequence[Reply], until: float) -> int:
        """Take a free hand for the first of these and for as many more as there are; how many. None when `until` is over.

        Call it within `turn`, by which those who wait have their turn in the order in which they asked.
        """
        while not self._closed:
            in_doubt = len(self._busy) + len(self._unwritten)
            many = min(self._most - len(self._busy), 2 * self._most - in_doubt, len(replies))
            if many > 0:
                self._busy |= {reply.id for reply in replies[:many]}
                return many
            self._came_free.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._came_free.wait()
            except TimeoutError:
                break
        return 0

    def left(self, reply: Reply) -> None:
        """Its request is over, or it is not ours any more, whatever became of it; saying so again changes nothing."""
        self._unwritten.discard(reply.id)
        self._free(reply)

    def back(self, reply: Reply) -> None:
        """The network has answered: the hand is free, and what came of it is being written down."""
        self._unwritten.add(reply.id)
        self._free(reply)

    def _free(self, reply: Reply) -> None:
        self._busy.discard(reply.id)
        self._came_free.set()
        if self._claimed.pop(reply.id, None) is not None:
            self._freed()

    def close(self) -> None:
        """Take nothing any more: what waits is given back, what has left is seen through."""
        self._closed = True
        self._came_free.set()
