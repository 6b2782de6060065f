"""Hub: hands each event to every subscription; a bounded queue each, and the slow one is let go."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import orjson

from app.core.eventlog import Logged

QUEUE_LENGTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Packet:
    """An event and its frame, serialised once for every console."""

    event: Logged
    frame: str


def packet(event: Logged) -> Packet:
    """Serialise an event as the console reads it; the audience stays inside."""
    body = {name: getattr(event, name) for name in Logged.__slots__ if name != "audience"}
    return Packet(event, orjson.dumps({"kind": "event", "event": body}).decode())


class TooSlow(Exception):
    """A console did not keep up; it reconnects and resumes."""


class Subscription:
    """One console's queue of events, presence and other frames."""

    def __init__(self) -> None:
        """Begin empty."""
        self._queue: asyncio.Queue[Packet | str] = asyncio.Queue(QUEUE_LENGTH)
        self.overrun = False

    def put(self, item: Packet | str) -> None:
        """Hand over an item; when the queue is full the console is let go instead of slowing the others."""
        if self.overrun:
            return
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            self.overrun = True

    async def get(self) -> Packet | str:
        """The next item. Raises TooSlow."""
        if self.overrun:
            raise TooSlow
        return await self._queue.get()

    def get_nowait(self) -> Packet | str | None:
        """The next item if there is one."""
        return None if self._queue.empty() else self._queue.get_nowait()


class Hub:
    """All consoles of this process, and how far the log has been handed to them."""

    def __init__(self) -> None:
        """Begin at nothing; the tail moves it."""
        self.position = 0
        self.closing = False
        self._subscriptions: set[Subscription] = set()

    def __len__(self) -> int:
        """How many consoles are connected."""
        return len(self._subscriptions)

    def attach(self) -> Subscription:
        """A new console's queue; what is published from now on is in it."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        return subscription

    def detach(self, subscription: Subscription) -> None:
        """The console has gone."""
        self._subscriptions.discard(subscription)

    def publish(self, event: Logged) -> None:
        """Hand an event to every console, serialised once."""
        item = packet(event)
        self.position = event.seq
        for subscription in self._subscriptions:
            subscription.put(item)

    def tell(self, frame: dict[str, Any]) -> None:
        """Hand a frame that is no event to every console."""
        text = orjson.dumps(frame).decode()
        for subscription in self._subscriptions:
            subscription.put(text)
