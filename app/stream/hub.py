"""Hub: the newest stretch of the log, shared by all consoles of this process; each stands somewhere in it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from app.core.eventlog import Logged
from app.stream.audience import Reach
from app.stream.bundle import Bundle, Packet, bundle, packet
from app.stream.reaches import Reaches
from app.stream.stills import Stills

KEPT: Final = 4_000
"""Events that a console may be behind; one further behind is let go, and resumes from the table when it can."""
WAITING: Final = 1_000
"""The same for frames that are no events."""
_MOST: Final = 500
"""Events in a frame."""
ENTERING: Final = 4
"""So many consoles ask the database at once who they are and what they missed: the rest of the connections are for who asks over HTTP."""
_SLICE: Final = 25
"""So many consoles are woken before requests have their turn again."""


class TooSlow(Exception):
    """A console did not keep up; it reconnects and resumes."""


@dataclass(frozen=True, slots=True)
class Told:
    """A frame that is no event, serialised once; it goes to those who see the brand."""

    brand_id: str
    frame: str


class Subscription:
    """One console's alarm, and the frames that wait for it which are no events."""

    def __init__(self, hand_on: Callable[[], bool] | None = None) -> None:
        """Begin awake, with nothing told. `hand_on` takes what there is without waking anybody, or says that it cannot."""
        self._alarm = asyncio.Event()
        self._hand_on = hand_on
        self._resting = False
        self._told: deque[Told] = deque()
        self.overrun = False

    def wake(self) -> None:
        """There may be something to send: whoever rests and can be handed it at once is not woken for it."""
        if self._resting and self._hand_on is not None and not self._told and not self.overrun and self._hand_on():
            return
        self._resting = False
        self._alarm.set()

    async def woken(self) -> None:
        """Wait for the next alarm."""
        self._resting = True
        try:
            await self._alarm.wait()
        finally:
            self._resting = False
        self._alarm.clear()

    def put(self, told: Told) -> None:
        """Hand over a frame; a console with too many waiting is let go instead of slowing the others."""
        if len(self._told) >= WAITING:
            self.overrun = True
        if not self.overrun:
            self._told.append(told)

    def told(self) -> Iterator[Told]:
        """Take what waits. Raises TooSlow."""
        while self._told or self.overrun:
            if self.overrun:
                raise TooSlow
            yield self._told.popleft()


class Hub:
    """All consoles of this process, and the stretch of the log that is handed to them: after `floor`, up to `position`.

    Nothing is put into a queue per console. A console that is woken takes what lies between its own number and
    `position`, so that one that lags takes more at once, and consoles of one reach at one number share the frame.
    """

    def __init__(self) -> None:
        """Begin at nothing; the tail moves it."""
        self.closing = False
        self.entrance = asyncio.Semaphore(ENTERING)
        self.reaches = Reaches()
        self.stills = Stills()
        self._subscriptions: set[Subscription] = set()
        self._waking: set[asyncio.Task[None]] = set()
        self.begin(0)

    def begin(self, position: int) -> None:
        """Stand at a number of the log."""
        self.floor = self.position = position
        self._log: list[Packet] = []
        self._bundles: dict[tuple[int, Reach], Bundle] = {}

    def __len__(self) -> int:
        """How many consoles are connected."""
        return len(self._subscriptions)

    def attach(self, hand_on: Callable[[], bool] | None = None) -> Subscription:
        """A new console, which is woken by all that happens from now on, or handed it by `hand_on` while it rests."""
        subscription = Subscription(hand_on)
        self._subscriptions.add(subscription)
        return subscription

    def detach(self, subscription: Subscription) -> None:
        """The console has gone."""
        self._subscriptions.discard(subscription)

    def after(self, seq: int, reach: Reach) -> Bundle | None:
        """What comes next after a number for a reach; null when that is nothing yet. Raises TooSlow below the floor."""
        if seq >= self.position:
            return None
        if seq < self.floor:
            raise TooSlow
        key = (seq, reach)
        if (known := self._bundles.get(key)) is None:
            begin = seq - self.floor
            known = bundle(self._log[begin : begin + _MOST], reach)
            self._bundles[key] = known
        return known

    async def publish(self, events: Sequence[Logged]) -> None:
        """Take the log's next events in, which follow each other and `position`, and wake every console for them."""
        if not events:
            return
        self._log.extend(map(packet, events))
        self.position = events[-1].seq
        self._bundles.clear()
        if len(self._log) >= 2 * KEPT:  # seldom, since it moves everything
            del self._log[:-KEPT]
            self.floor = self.position - KEPT
        await self._wake()

    def tell(self, frame: dict[str, Any]) -> None:
        """Hand a frame that is no event to every console that sees its brand; the brand itself is not sent."""
        told = Told(frame["brand_id"], orjson.dumps({k: v for k, v in frame.items() if k != "brand_id"}).decode())
        for subscription in self._subscriptions:
            subscription.put(told)
        self._wake_soon()

    def close(self) -> None:
        """Let every console go, and take no other."""
        self.closing = True
        self._wake_soon()

    def _wake_soon(self) -> None:
        waking = asyncio.create_task(self._wake())
        self._waking.add(waking)
        waking.add_done_callback(self._waking.discard)

    async def _wake(self) -> None:
        """Wake every console, a few at a time: a thousand at once would let each request wait for all of them."""
        for number, subscription in enumerate(tuple(self._subscriptions), 1):
            subscription.wake()
            if number % _SLICE == 0:
                await asyncio.sleep(0)
