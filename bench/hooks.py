"""Webhooks: 4,000 deliveries to four receivers that think for 50 ms about each, beside the bare client with as many hands."""

import asyncio
import time
from collections import defaultdict
from typing import Final

import httpx2
from pydantic import SecretStr
from sqlalchemy import func, select

from app.brands.begin import begin
from app.brands.queries import brands
from app.core import client
from app.core.settings import settings
from app.core.transaction import record, transaction
from app.demo.neighbour import free_port
from app.hooks.make import make_webhook
from app.hooks.models import Delivery
from app.tickets.events import TicketMoved
from app.wiring import wire
from bench.crowd import HASH
from bench.database import empty_database
from bench.figures import Figure, part_of
from bench.parts import KEY, settings_for, started

DELIVERIES: Final = 4_000
RECEIVERS: Final = 4
"""As many as one worker has hands for; one alone gets a quarter of them."""
TICKETS: Final = 250
_ANSWERS_IN: Final = 0.05
_BARE_SECONDS: Final = 5.0
_SECONDS: Final = 45.0
_GOAL: Final = 0.8


async def measure() -> list[Figure]:
    """Deliveries a second by one worker with its usual settings, in order for each ticket, beside bare requests."""
    port = free_port("127.0.0.1", 0)
    server = f"http://127.0.0.1:{port}"
    async with (
        empty_database() as url,
        started("bench.slow_receiver", str(port), str(_ANSWERS_IN), ready="answers"),
        httpx2.AsyncClient(base_url=server, timeout=60, trust_env=False) as receiver,
    ):
        try:
            await _prepare(server)
            bare = await _bare(server, settings().webhook_deliveries)
            async with started("app.cli", "worker", ready="Working.", settings=settings_for(url)):
                rate, done = await _watch()
            taken = (await receiver.get("/taken")).raise_for_status().json()
        finally:
            await client.close()
    _check(taken, done)
    return [
        part_of("webhook deliveries", rate, "1/s", bare, _GOAL),
        Figure("webhook deliveries, in order for each ticket and once", done, ""),
    ]


async def _prepare(server: str) -> None:
    """The desk, its webhooks, and what happened since they were made."""
    settings().allow_private_networks = True
    settings().secret_key = SecretStr(KEY)
    wire()
    async with transaction() as tx:
        lead = await begin(tx, name="Lea", email="lea@bench.example", hashed=HASH, brand_name="Acme")
        brand_id = (await brands(tx, lead))[0].id
        for number in range(RECEIVERS):
            name = f"hook{number}"
            await make_webhook(tx, lead, name=name, url=f"{server}/{name}", types=["ticket.moved"])
    events = DELIVERIES // RECEIVERS
    async with transaction() as tx:
        for number in range(events):
            ticket = f"tk_{number % TICKETS}"
            record(tx, TicketMoved(brand_id=brand_id, ticket_id=ticket, before="open", to="waiting", why="by_hand"))


async def _bare(server: str, at_once: int) -> float:
    """Requests a second with so many open all the time, by the product's own client."""
    done = 0

    async def ask(until: float) -> None:
        nonlocal done
        while time.monotonic() < until:
            content = {"type": "bare", "data": {"seq": 0, "ticket_id": None}}
            await client.request("POST", f"{server}/bare", content=content)
            done += 1

    began = time.monotonic()
    await asyncio.gather(*(ask(began + _BARE_SECONDS) for _ in range(at_once)))
    return done / (time.monotonic() - began)


async def _watch() -> tuple[float, int]:
    """Deliveries a second from the first look until all are there, or for so long; and how many there are."""
    began, before = time.monotonic(), await _count()
    settled = before
    while time.monotonic() - began < _SECONDS and settled < DELIVERIES:
        await asyncio.sleep(0.25)
        settled = await _count()
    return (settled - before) / (time.monotonic() - began), settled


async def _count() -> int:
    async with transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(Delivery).where(Delivery.state == "delivered")) or 0


def _check(taken: list[tuple[str, int, str | None]], done: int) -> None:
    """What arrived came once and in its ticket's order. Raises RuntimeError."""
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for path, seq, ticket in taken:
        if ticket is not None:
            lines[path, ticket].append(seq)
    if any(line != sorted(set(line)) for line in lines.values()):
        raise RuntimeError("Deliveries of a ticket came in another order, or twice.")
    if sum(map(len, lines.values())) < done:
        raise RuntimeError("More is written down as delivered than arrived.")
