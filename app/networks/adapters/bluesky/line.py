"""The live line: a Jetstream carries every post of the network, once for all accounts of this process that listen to it."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedOK, WebSocketException

from app.core.addresses import checked_addresses
from app.core.client import user_agent
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.ears import Ears, Heard, read_frame
from app.networks.adapters.bluesky.names import POST
from app.networks.errors import NetworkError, Transient
from app.networks.port import Account, Hint
from app.networks.reach import reaching

_LARGEST: Final = 2_000_000
_TICK: Final = 20.0
"""Seconds after which it is worth looking in any case: private messages have no live line, and without one nothing has."""
_MOST_WAITING: Final = 1_000
"""Hints that an account has not taken yet; what was said before these is found by looking."""

_quiet = logging.getLogger("mentiondesk.line")
_quiet.setLevel(logging.WARNING)


async def listen(account: Account, *, tick: float = _TICK) -> AsyncIterator[Hint]:
    """Yield one Hint at once, then one for each post that concerns the account, and one in `tick` seconds without any.

    Ends when the server closes properly; raises Transient when the line breaks or cannot be had, Unauthorized when the
    account's sign-in is refused, Rejected when the address is.
    """
    await Api(account).get("com.atproto.server.getSession")
    stream = str(account.traits.get("stream") or "")
    if not stream:
        while True:
            yield Hint()
            await asyncio.sleep(tick)
    async with _joined(stream, account.remote_id) as listener:
        yield Hint()
        while (hint := await listener.next(tick)) is not None:
            yield hint


class _Line:
    """One connection, and who listens to it. It ends for all of them, and whoever listens again makes the next."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.listeners: set[_Listener] = set()
        self.problem: NetworkError | None = None
        self.over = False
        self._begun = asyncio.Event()  # it stands, or it is over already
        self._reading = asyncio.create_task(self._read())

    async def stands(self) -> None:
        """Wait until there is a connection. Raises what keeps it from being made."""
        await self._begun.wait()
        self.ask_for_problem()

    def ask_for_problem(self) -> None:
        """Raise what the line broke of, to each listener anew."""
        if self.problem is not None:
            raise type(self.problem)(self.problem.sentence)

    async def close(self) -> None:
        """Nobody listens any more."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        try:
            await self._follow()
        except ConnectionClosedOK:
            pass  # closed properly: an end, and no problem
        except NetworkError as problem:
            self.problem = problem
        except (WebSocketException, OSError, TimeoutError, ValueError) as broken:
            self.problem = Transient(f"The live line broke ({type(broken).__name__}).")
        finally:
            self.over = True
            self._begun.set()
            for listener in self.listeners:
                listener.woken.set()

    async def _follow(self) -> None:
        target = urlsplit(self.stream)
        port = target.port or (443 if target.scheme == "wss" else 80)
        with reaching():
            hosts = await checked_addresses(target.hostname or "", port)
        async with connect(
            f"{self.stream}/subscribe?wantedCollections={POST}",
            host=hosts[0],
            port=port,
            user_agent_header=user_agent(),
            open_timeout=15,
            ping_interval=30,
            ping_timeout=20,
            close_timeout=2,
            max_size=_LARGEST,
            proxy=None,
            logger=_quiet,
        ) as socket:
            self._begun.set()
            while True:
                heard = read_frame(await socket.recv())
                if heard is not None:
                    for listener in self.listeners:
                        listener.hear(heard)


class _Listener:
    """An account at a line: what it was hinted at and has not taken yet."""

    def __init__(self, line: _Line, did: str) -> None:
        self.woken = asyncio.Event()
        self._line, self._ears = line, Ears(did)
        self._hints: deque[Hint] = deque(maxlen=_MOST_WAITING)

    def hear(self, heard: Heard) -> None:
        """Take note of what concerns the account."""
        if (hint := self._ears.hear(heard)) is not None:
            self._hints.append(hint)
            self.woken.set()

    async def next(self, tick: float) -> Hint | None:
        """The next hint; an empty one when nothing concerned us for so many seconds, None at the line's proper end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(tick):
                await self.woken.wait()
        if self._hints:
            hint = self._hints.popleft()
            if not self._hints and not self._line.over:
                self.woken.clear()
            return hint
        if not self._line.over:
            return Hint()
        self._line.ask_for_problem()
        return None


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Line]] = WeakKeyDictionary()
"""By address: the connections of this process."""


@asynccontextmanager
async def _joined(stream: str, did: str) -> AsyncIterator[_Listener]:
    """Listen at the line that stands to this address, or make it; the last who leaves closes it."""
    here = _lines.setdefault(asyncio.get_running_loop(), {})
    line = here.get(stream)
    if line is None or line.over:
        line = here[stream] = _Line(stream)
    listener = _Listener(line, did)
    line.listeners.add(listener)
    try:
        await line.stands()
        yield listener
    finally:
        line.listeners.discard(listener)
        if not line.listeners:
            if here.get(stream) is line:
                del here[stream]
            await line.close()
