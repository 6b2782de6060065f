"""A receiver on loopback that notes what arrives and answers as it is told; and the worker's part, run until all is quiet."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.core.event import Event
from app.core.transaction import record, transaction
from app.hooks.deliveries import Hooks
from app.hooks.make import make_webhook
from app.hooks.models import Attempt, Delivery, Webhook
from app.hooks.views import NewWebhookView
from app.tickets.events import TicketMoved
from tests.given import Desk
from tests.rude import Asked, answer, rude_server

OK = answer(b"thanks")
NO = answer(b"not today", status="500 Internal Server Error")
Answering = Callable[["Arrived"], Awaitable[bytes] | bytes]


@dataclass(frozen=True)
class Arrived:
    """One request."""

    path: str
    headers: dict[str, str]
    raw: bytes
    asked: Asked

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def seq(self) -> int:
        return int(self.id.removeprefix("evt_"))

    def signed_with(self, secret: str) -> bool:
        """Whether one of the signatures is this secret's, computed apart from the product's code."""
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.raw
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{mine}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """What arrived, in its order."""

    url: str = ""
    arrived: list[Arrived] = field(default_factory=list)
    answering: Answering = lambda _: OK

    async def take(self, asked: Asked) -> bytes:
        one = Arrived(asked.path, asked.headers, asked.body, asked)
        self.arrived.append(one)
        said = self.answering(one)
        return said if isinstance(said, bytes) else await said

    def seqs(self, path: str = "/") -> list[int]:
        return [one.seq for one in self.arrived if one.path == path]


@asynccontextmanager
async def a_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with rude_server(receiver.take) as url:
        receiver.url = url + "/"
        yield receiver


async def a_webhook(desk: Desk, url: str, **what: Any) -> NewWebhookView:
    async with transaction() as tx:
        return await make_webhook(tx, desk.lead, name=what.pop("name", "CRM"), url=url, **what)


async def happen(*facts: Event) -> None:
    """Put facts into the log, in one commit."""
    async with transaction() as tx:
        for fact in facts:
            record(tx, fact)


def moved(brand_id: str, ticket_id: str) -> TicketMoved:
    return TicketMoved(brand_id=brand_id, ticket_id=ticket_id, before="open", to="waiting", why="by_hand")


def some(brand_id: str, tickets: Sequence[str], each: int = 1) -> list[TicketMoved]:
    """So many facts of each ticket, turn by turn."""
    return [moved(brand_id, ticket) for _ in range(each) for ticket in tickets]


async def deliver(most: int = 16) -> None:
    """Do what a worker does, until nothing is due."""
    hooks = Hooks(asyncio.Event(), most)
    quiet = False
    while not quiet:
        busy = hooks.busy
        quiet = not await hooks.step() and not busy
        await asyncio.sleep(0.002)


async def row(webhook_id: str) -> Webhook:
    async with transaction() as tx:
        return await tx.get_one(Webhook, webhook_id)


async def rows(webhook_id: str) -> list[Delivery]:
    async with transaction() as tx:
        found = await tx.scalars(select(Delivery).where(Delivery.webhook_id == webhook_id).order_by(Delivery.seq))
        return list(found)


async def attempts() -> list[Attempt]:
    async with transaction() as tx:
        return list(await tx.scalars(select(Attempt).order_by(Attempt.id)))
