"""Consoles that listen: each folds what it hears by the console's own rule, the card with the higher revision wins."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from bench.ear import Ear, listen

_REMEMBERED: Final = 256
_BEGINNING: Final = 64
"""Bytes; the number of a frame's first event is among them."""
SAMPLED: Final = 7
"""Of so many events one is timed while much happens: at hundreds of consoles all of them would be millions."""


@dataclass(slots=True)
class Heard:
    """A frame, read once for all consoles that were told the same."""

    reached: int
    seqs: list[int]
    cards: list[dict[str, Any]]
    timed: list[float]  # when some of its events were recorded, seconds since 1970


@dataclass(slots=True)
class Console:
    """What one console was told: frames shared with the others, and when each arrived."""

    position: int
    frames: list[tuple[Heard, float]] = field(default_factory=list)
    ear: Ear | None = None

    def seqs(self) -> list[int]:
        """The numbers of its events, in the order in which they came."""
        return [seq for heard, _ in self.frames for seq in heard.seqs]

    def cards(self) -> dict[str, dict[str, Any]]:
        """Every ticket it heard of as it shows it now."""
        shown: dict[str, dict[str, Any]] = {}
        for heard, _ in self.frames:
            for card in heard.cards:
                known = shown.get(card["id"])
                if known is None or _counters(card) >= _counters(known):
                    shown[card["id"]] = card
        return shown

    def waits(self, since: float = 0.0) -> Iterable[float]:
        """Seconds from record to arrival of some of the events recorded since then."""
        for heard, arrived in self.frames:
            for recorded in heard.timed:
                if recorded >= since:
                    yield arrived - recorded


def _counters(card: dict[str, Any]) -> tuple[int, int]:
    return card["revision"], card["promise_revision"]


class Consoles:
    """Consoles in this process, spread over the web processes."""

    def __init__(self, begun: int) -> None:
        """`begun` is the number of the log at which they all begin."""
        self._begun = begun
        self.timed = 1
        """Of so many events one is timed from now on."""
        self._read: dict[bytes, tuple[bytes, Heard]] = {}
        self.all: list[Console] = []

    async def connect(self, port: int, cookie: str) -> None:
        """One more."""
        console = Console(self._begun)

        def hear(frame: bytes, at: float) -> None:
            heard = self._heard(frame)
            console.position = max(console.position, heard.reached)
            if heard.seqs:
                console.frames.append((heard, at))

        console.ear = await listen(port, f"/api/v1/stream?after={self._begun}", cookie, hear)
        self.all.append(console)

    def _heard(self, frame: bytes) -> Heard:
        """Read a frame, once for all consoles it is told; known by its beginning and then compared, which costs less than a hash."""
        known = self._read.get(frame[:_BEGINNING])
        if known is not None and known[0] == frame:
            return known[1]
        heard = _read(frame, self.timed)
        self._read[frame[:_BEGINNING]] = frame, heard
        if len(self._read) > _REMEMBERED:
            del self._read[next(iter(self._read))]
        return heard

    async def until(self, seq: int, seconds: float = 60.0) -> None:
        """Wait until each of them knows of this number. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while any(one.position < seq for one in self.all):  # noqa: ASYNC110 - no event per frame: that is measured
                await asyncio.sleep(0.05)

    def ended(self) -> list[int]:
        """Why lines ended that should not have."""
        return [one.ear.closed for one in self.all if one.ear is not None and one.ear.closed is not None]


@contextlib.asynccontextmanager
async def consoles(begun: int, ports: Sequence[int], cookies: Sequence[str], count: int) -> AsyncIterator[Consoles]:
    """So many consoles, each with one of the cookies on one of the ports; closed at the end."""
    some = Consoles(begun)
    try:
        for number in range(count):
            await some.connect(ports[number % len(ports)], cookies[number % len(cookies)])
        yield some
    finally:
        for one in some.all:
            if one.ear is not None:
                one.ear.close()


def _read(frame: bytes, sampled: int) -> Heard:
    told = orjson.loads(frame)
    if told["kind"] != "events":
        return Heard(told.get("seq") or told.get("head") or 0, [], [], [])
    events = told["events"]
    return Heard(
        events[-1]["seq"],
        [e["seq"] for e in events],
        [e["card"] for e in events if e["card"]],
        [datetime.fromisoformat(e["at"]).timestamp() for e in events if e["seq"] % sampled == 0],
    )
