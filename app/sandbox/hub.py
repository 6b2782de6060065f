"""Who is listening right now, and handing every event to them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

Event = tuple[str, str, str]
"""Stream name, event name, payload as text."""

QUEUE_LENGTH: Final = 20_000


@dataclass(eq=False)
class Listener:
    """One open connection of one account and the streams it asked for."""

    account_id: str
    token: str
    streams: set[str]
    queue: "asyncio.Queue[Event | None]" = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    def close(self) -> None:
        """End the connection after what is already queued; a full queue is emptied first, as the line is lost anyway."""
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """Every listener by account."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self.listeners: dict[str, set[Listener]] = {}
        self.silent = False

    def join(self, listener: Listener) -> None:
        """Let a listener hear from now on; nothing earlier is told."""
        self.listeners.setdefault(listener.account_id, set()).add(listener)

    def leave(self, listener: Listener) -> None:
        """Forget a listener."""
        self.listeners.get(listener.account_id, set()).discard(listener)

    def tell(self, account_id: str, streams: tuple[str, ...], event: str, payload: Callable[[], str]) -> None:
        """Hand an event to an account's listeners on these streams; the payload is made only when somebody hears it."""
        if self.silent:
            return
        text: str | None = None
        for listener in tuple(self.listeners.get(account_id, ())):
            for stream in streams:
                if stream in listener.streams:
                    text = payload() if text is None else text
                    if listener.queue.full():
                        listener.close()
                    else:
                        listener.queue.put_nowait((stream, event, text))

    def tell_all(self, streams: tuple[str, ...], event: str, payload: Callable[[], str]) -> None:
        """Hand an event to everybody who listens to one of these streams."""
        for account_id, some in tuple(self.listeners.items()):
            if some:
                self.tell(account_id, streams, event, payload)

    def cut(self, token: str | None = None) -> int:
        """End every connection, or those of one token; answer how many there were."""
        cut = [one for some in self.listeners.values() for one in some if token in {None, one.token}]
        for listener in cut:
            listener.close()
        return len(cut)
