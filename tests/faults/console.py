"""A console as the browser's is: it folds frames by the same rule, resumes from its last number and starts anew when told."""

import asyncio
import contextlib
import json
import random
import time
from typing import Any

import websockets
from websockets.asyncio.client import connect

from app.agents.current import COOKIE
from tests.faults.hand import Hand

EVERY_STATE = ("open", "waiting", "on_hold", "snoozed", "resolved", "closed")


async def rest_inbox(hand: Hand) -> tuple[dict[str, dict[str, Any]], int]:
    """Every ticket's card as the REST inbox says, and a position in the log that is not after any of them."""
    cards: dict[str, dict[str, Any]] = {}
    head: int | None = None
    for state in EVERY_STATE:
        cursor = None
        while True:
            path = f"tickets?state={state}&order=newest&limit=100" + (f"&cursor={cursor}" if cursor else "")
            page = await hand.ask("GET", path)
            head = page["head"] if head is None else min(head, page["head"])
            for card in page["items"]:
                if card["id"] not in cards or is_newer(card, cards[card["id"]]):
                    cards[card["id"]] = card
            cursor = page["next"]
            if cursor is None:
                break
    return cards, head or 0


def is_newer(arrived: dict[str, Any], known: dict[str, Any]) -> bool:
    """The console's rule: the higher revision, then the higher promise_revision, then whatever arrived last."""
    return (arrived["revision"], arrived["promise_revision"]) >= (known["revision"], known["promise_revision"])


class Console:
    """One open console; `run()` keeps it connected until `stop()`."""

    def __init__(self, hand: Hand, *, pause: float = 0.3) -> None:
        self.hand = hand
        self.cards: dict[str, dict[str, Any]] = {}
        self.position = 0
        self.heard = 0
        self.codes: list[int] = []
        self.resyncs = 0
        self.opened = 0
        self._pause = pause
        self._stop = asyncio.Event()

    async def begin(self) -> None:
        """Hold what the server holds now."""
        self.cards, self.position = await rest_inbox(self.hand)

    async def run(self) -> None:
        """Connect, fold, and connect again whatever ends the line."""
        while not self._stop.is_set():
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError):
                await self._listen()
            if not self._stop.is_set():
                await asyncio.sleep(self._pause * random.uniform(0.5, 1.0))

    async def _listen(self) -> None:
        address = self.hand.address.replace("http", "ws")
        async with connect(
            f"{address}/api/v1/stream?after={self.position}",
            additional_headers={"Cookie": f"{COOKIE}={self.hand.secret}"},
            proxy=None,
            max_queue=None,
            open_timeout=30,
        ) as line:
            self.opened += 1
            stopping = asyncio.create_task(self._stop.wait())
            try:
                while not self._stop.is_set():
                    reading = asyncio.create_task(line.recv())
                    await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
                    if not reading.done():
                        reading.cancel()
                        return
                    await self._take(json.loads(reading.result()))
            except websockets.ConnectionClosed:
                code = line.close_code or 0
                self.codes.append(code)
                assert code != 4401, "signed out by a fault"
                if code == 4409:
                    await self.begin()
            finally:
                stopping.cancel()

    async def _take(self, frame: dict[str, Any]) -> None:
        match frame["kind"]:
            case "events":
                for event in frame["events"]:
                    self._fold(event)
            case "heartbeat":
                self.position = max(self.position, frame["seq"])
            case "resync":
                self.resyncs += 1
                await self.begin()

    def _fold(self, event: dict[str, Any]) -> None:
        if event["seq"] <= self.position:
            return
        self.position = event["seq"]
        self.heard += 1
        card = event.get("card")
        if card and (card["id"] not in self.cards or is_newer(card, self.cards[card["id"]])):
            self.cards[card["id"]] = card

    async def reach(self, seq: int, seconds: float = 60) -> None:
        """Wait until the console knows of this number."""
        deadline = time.monotonic() + seconds
        while self.position < seq:
            assert time.monotonic() < deadline, f"a console stands at {self.position}, the log at {seq}; {self.codes}"
            await asyncio.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        self._stop.set()
