"""What goes on while a fault strikes: customers post, agents answer and act; both keep a ledger of what must be true."""

import asyncio
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.faults.hand import Hand, Refused
from tests.sandbox.live import LiveBrand, Sandbox

CUSTOMERS = 40


@dataclass
class Ledger:
    """What customers said and what agents handed over, as they were told."""

    said: dict[str, str] = field(default_factory=dict)  # post id: its mark
    handed: dict[str, str] = field(default_factory=dict)  # reply id: its mark
    order: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # agent and ticket: reply ids
    tickets: dict[str, str] = field(default_factory=dict)  # reply id: ticket id
    refused: int = 0
    noted: dict[str, str] = field(default_factory=dict)  # note id: its mark


class Load:
    """The people; `start()` sets them to work, `stop()` lets each finish what it began."""

    def __init__(self, sandbox: Sandbox, brand: LiveBrand, hands: list[Hand], *, posts_a_second: float = 3.0) -> None:
        self.ledger = Ledger()
        self._sandbox, self._brand, self._hands = sandbox, brand, hands
        self._pause = 1 / posts_a_second
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._number = 0
        self._threads: dict[str, str] = {}

    async def start(self, *, warm: int = 3) -> None:
        """Set everybody to work, and wait until so many answers were handed over."""
        self._stop.clear()
        self._tasks = [asyncio.create_task(self._customers())]
        self._tasks += [asyncio.create_task(self._agent(hand)) for hand in self._hands]
        await self.more(warm, at_most=60)

    async def more(self, answers: int, at_most: float) -> None:
        """Let the work go on until so many more answers were handed over, but not longer than so many seconds."""
        goal, deadline = len(self.ledger.handed) + answers, time.monotonic() + at_most
        while len(self.ledger.handed) < goal and time.monotonic() < deadline:
            self.check()
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Let everybody finish; whatever went wrong with one of them is raised."""
        self._stop.set()
        await asyncio.gather(*self._tasks)

    def check(self) -> None:
        """Raise what has gone wrong so far."""
        for task in self._tasks:
            if task.done() and not self._stop.is_set():
                task.result()
                raise AssertionError("somebody stopped working")

    def _mark(self, what: str) -> str:
        self._number += 1
        return f"{what}-{self._number:06}"

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return

    # --- customers -------------------------------------------------------------------------------------------------

    async def _customers(self) -> None:
        while not self._stop.is_set():
            await self.speak()
            await self._rest(self._pause * random.uniform(0.5, 1.5))

    async def speak(self) -> str:
        """One customer says something, anew or under what they said before; its mark."""
        who = f"customer{random.randrange(CUSTOMERS)}"
        mark = self._mark("said")
        under = self._threads.get(who) if random.random() < 0.5 else None
        more: dict[str, Any] = {"in_reply_to_id": under} if under else {}
        text = f"@{self._brand.handle} {mark}"
        post = await asyncio.to_thread(self._sandbox.post_as, who, text, **more)
        self._threads[who] = post["id"]
        self.ledger.said[post["id"]] = mark
        return mark

    # --- agents ----------------------------------------------------------------------------------------------------

    async def _agent(self, hand: Hand) -> None:
        while not self._stop.is_set():
            listed = (await hand.ask("GET", "tickets?view=all_open&order=newest&limit=30"))["items"]
            if listed:
                try:
                    await self._act(hand, random.choice(listed))
                except Refused as refusal:
                    if refusal.status != 409:  # somebody was faster, or the ticket moved on; all else is a fault
                        raise
                    self.ledger.refused += 1
            await self._rest(random.uniform(0.05, 0.3))

    async def _act(self, hand: Hand, card: dict[str, Any]) -> None:
        where, roll = f"tickets/{card['id']}", random.random()
        if roll < 0.7:
            await self.answer(hand, card["id"], then="wait" if roll > 0.5 else None)
            if roll < 0.3:  # and one more at once, without waiting for what becomes of the first
                await self.answer(hand, card["id"], confirmed=True)
        elif roll < 0.78:
            mark = self._mark("note")
            note = await hand.ask("POST", f"{where}/notes", key=mark, text=mark)
            self.ledger.noted[note["id"]] = mark
        elif roll < 0.85:
            await hand.ask("POST", f"{where}/priority", priority=random.choice(["low", "normal", "high", "urgent"]))
        elif roll < 0.92:
            await hand.ask("POST", f"{where}/labels", add=[random.choice(["refund", "praise"])], remove=[])
        else:
            await hand.ask("POST", f"{where}/move", to=random.choice(["waiting", "on_hold", "resolved"]))

    async def answer(self, hand: Hand, ticket_id: str, *, then: str | None = None, confirmed: bool = False) -> str:
        """Hand an answer over, as often as it takes, under one key; the reply's id. Raises Refused."""
        mark = self._mark("answer")
        ticket = await hand.ask("GET", f"tickets/{ticket_id}")
        seen = max(m["id"] for m in ticket["messages"])
        lane = ticket["card"]["lane"]
        reply = await hand.ask(
            "POST",
            f"tickets/{ticket_id}/replies",
            key=mark,
            text=mark,
            lane=lane,
            seen=seen,
            then=then,
            confirmed=confirmed,
        )
        self.ledger.handed[reply["id"]] = mark
        self.ledger.tickets[reply["id"]] = ticket_id
        self.ledger.order[f"{hand.secret} {ticket_id}"].append(reply["id"])
        return str(reply["id"])
