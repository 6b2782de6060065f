"""Consoles and agents as processes see them: a line that resumes as the console's does, and requests that are repeated."""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Self

import httpx2
import websockets
from sqlalchemy import select

from app.agents.permit import Actor
from app.agents.sign_in import open_sign_in
from app.core.eventlog import head, read_after
from app.core.ids import new_id
from app.core.transaction import transaction
from app.tickets.inbox import Filter, inbox
from app.tickets.models import Message
from app.tickets.views import TicketCard
from tests.processes.house import House
from tests.stream.conftest import Opening, events

EVERY: Any = ("open", "waiting", "on_hold", "snoozed", "resolved", "closed")
_PATIENCE = 60.0
"""Seconds, on a machine that has other things to do."""


async def secret_of(actor: Actor) -> str:
    """A browser's secret."""
    async with transaction() as tx:
        return (await open_sign_in(tx, actor.agent_id)).secret


async def log_end() -> int:
    """The number of the newest event."""
    async with transaction() as tx:
        return await head(tx)


@dataclass
class Watching:
    """A console: follows the log on a port, resumes from its last number after any end, keeps each ticket's newest card."""

    secret: str
    port: Callable[[], int]
    after: int = 0
    seen: list[int] = field(default_factory=list)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)
    refused: int = 0
    live: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = field(init=False)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.begun = self.after

    async def follow(self) -> None:
        """Until cancelled, or until the sign-in has ended."""
        while True:
            try:
                async with Opening(self.port(), self.secret, self.after, {}) as console:
                    with contextlib.suppress(websockets.ConnectionClosed):
                        while True:
                            self._take(json.loads(await console.line.recv()))
                    self.ends.append(console.line.close_code or 0)
                    if self.ends[-1] == 4401:
                        return
            except (OSError, websockets.InvalidHandshake):
                self.refused += 1
            self.live.clear()
            await asyncio.sleep(0.25 + random.random() * 0.25)  # as the console's first pause

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["kind"] == "heartbeat":
            assert frame["seq"] >= self.after
            self.after = frame["seq"]
        for event in events([frame]):
            assert event["seq"] > self.after
            self.after = event["seq"]
            self.seen.append(event["seq"])
            card = event["card"]
            if card and card["revision"] >= self.cards.get(card["id"], card)["revision"]:
                self.cards[card["id"]] = card
        assert frame["kind"] != "resync", frame
        self.live.set()
        self._moved.set()

    async def up_to(self, seq: int, seconds: float = _PATIENCE) -> None:
        """Wait until it knows of this number."""
        async with asyncio.timeout(seconds):
            while self.after < seq:
                self._moved.clear()
                await self._moved.wait()


@contextlib.asynccontextmanager
async def watching(*consoles: Watching) -> AsyncIterator[None]:
    """Let these consoles follow, all of them live before the first step."""
    tasks = [asyncio.create_task(one.follow()) for one in consoles]
    try:
        async with asyncio.timeout(_PATIENCE):
            await asyncio.gather(*(one.live.wait() for one in consoles))
        yield
        for task in tasks:
            assert not task.done() or task.exception() is None, task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Browser:
    """An agent's requests: repeated when a connection ended without an answer, as the console's are."""

    def __init__(self, secret: str, address: str) -> None:
        """`address` of a web process, or of what stands before several."""
        self._http = httpx2.AsyncClient(
            base_url=address, cookies={"mentiondesk": secret}, timeout=_PATIENCE, trust_env=False
        )
        self.ended = 0
        self.statuses: list[int] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def ask(self, method: str, path: str, *, patient: bool = False, **more: Any) -> httpx2.Response:
        """One request, with its answer; a deed carries a key, so that it is carried out once. `patient`: come again
        when told to."""
        headers = {"Idempotency-Key": new_id("ik")} if method == "POST" else {}
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            try:
                answer = await self._http.request(method, f"/api/v1{path}", headers=headers, **more)
            except httpx2.TransportError:
                self.ended += 1
                await asyncio.sleep(0.05)
                continue
            self.statuses.append(answer.status_code)
            if not (patient and answer.status_code == 503):
                return answer
            await asyncio.sleep(float(answer.headers["retry-after"]))
        raise AssertionError(f"{method} {path}: nobody answered")

    async def reply(self, ticket_id: str, text: str) -> httpx2.Response:
        """Answer whatever was said last."""
        body = {"text": text, "lane": "public", "seen": None, "confirmed": True}
        return await self.ask("POST", f"/tickets/{ticket_id}/replies", json=body)


async def server_cards(actor: Actor) -> dict[str, dict[str, Any]]:
    """Every ticket as the server's inbox has it now."""
    cards: dict[str, TicketCard] = {}
    cursor: str | None = None
    while True:
        async with transaction() as tx:
            page = await inbox(tx, actor, Filter(states=EVERY, order="newest"), limit=100, cursor=cursor)
        cards |= {card.id: card for card in page.items}
        cursor = page.next
        if cursor is None:
            return {key: card.model_dump(mode="json") for key, card in cards.items()}


async def whole_log() -> list[Any]:
    """Every event there is."""
    log: list[Any] = []
    while True:
        async with transaction() as tx:
            batch = await read_after(tx, len(log), 5000)
        log += batch
        if len(batch) < 5000:
            return log


async def a_ticket(house: House, account: int = 0) -> str:
    """A new ticket, of a post to one of the accounts that came in through a worker; its id."""
    word = f"new-{new_id('xx')}"
    brand = house.brands[account]
    post = await asyncio.to_thread(house.sandbox.post_as, "nora", f"@{brand.handle} {word}")
    query = select(Message.ticket_id).where(Message.uri == post["uri"], Message.ticket_id.is_not(None))
    async with asyncio.timeout(2 * _PATIENCE):
        while True:
            async with transaction() as tx:
                if found := await tx.scalar(query):
                    return found
            await asyncio.sleep(0.02)
