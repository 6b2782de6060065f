"""Replies on their way out: fifty accounts, thousands in the queue, and a network that thinks for 200 ms about each."""

import asyncio
import hashlib
import time
from collections import defaultdict
from typing import Any

import httpx2
from pydantic import SecretStr
from sqlalchemy import func, select, text, update

from app.agents.permit import Actor
from app.brands.begin import begin
from app.brands.queries import brands
from app.core import client
from app.core.clock import now
from app.core.ids import new_id
from app.core.rows import insert_rows
from app.core.settings import settings
from app.core.transaction import transaction
from app.demo.neighbour import free_port
from app.ingest.models import Poll
from app.replies.models import Reply
from app.tickets.models import Message
from app.wiring import wire
from bench.accounts import an_account
from bench.crowd import HASH
from bench.database import empty_database
from bench.figures import Figure, part_of
from bench.parts import KEY, settings_for, started

ACCOUNTS = 50
CONVERSATIONS = 10
"""Of each account."""
EACH = 10
"""Replies in each conversation, which must leave in their order."""
_ANSWERS_IN = 0.2
_BARE_SECONDS = 5.0
_SECONDS = 40.0
_SETTLED = 0.8


async def measure() -> list[Figure]:
    """Replies settled a second by one worker with its usual settings, beside as many requests at once without us."""
    port = free_port("127.0.0.1", 0)
    server = f"http://127.0.0.1:{port}"
    async with (
        empty_database() as url,
        started("bench.slow_network", str(port), str(_ANSWERS_IN), ready="answers"),
        httpx2.AsyncClient(base_url=server, timeout=60, trust_env=False) as network,
    ):
        try:
            await _queue(server)
            bare = await _bare(server, settings().deliveries)
            (await network.delete("/taken")).raise_for_status()
            async with started("app.cli", "worker", ready="Working.", settings=settings_for(url)):
                rate, under_way = await _watch()
            taken = (await network.get("/taken")).raise_for_status().json()
        finally:
            await client.close()
        await _check(taken)
    return [
        part_of("replies settled", rate, "1/s", bare, _SETTLED),
        Figure("replies between leaving and written down", under_way, ""),
        Figure("replies out, in order and once", len(taken), ""),
    ]


async def _bare(server: str, at_once: int) -> float:
    """Posts a second with so many requests open all the time."""
    done = 0

    async def ask(until: float, mine: int) -> None:
        nonlocal done
        number = 0
        while time.monotonic() < until:
            number += 1
            content = {"status": "bare", "in_reply_to_id": f"bare-{mine}", "visibility": "public"}
            key = {"idempotency-key": f"{mine}-{number}"}
            answer = await client.request("POST", f"{server}/api/v1/statuses", content=content, headers=key)
            answer.json()
            done += 1

    began = time.monotonic()
    await asyncio.gather(*(ask(began + _BARE_SECONDS, n) for n in range(at_once)))
    return done / (time.monotonic() - began)


async def _watch() -> tuple[float, float]:
    """Replies settled a second until all are, or for so long; and how many were on their way on average."""
    began, settled, before, seen = time.monotonic(), 0, await _count("sent"), []
    while time.monotonic() - began < _SECONDS and settled < ACCOUNTS * CONVERSATIONS * EACH:
        await asyncio.sleep(0.5)
        settled = await _count("sent")
        seen.append(await _count("sending"))
    return (settled - before) / (time.monotonic() - began), sum(seen) / len(seen)


async def _count(state: str) -> int:
    async with transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(Reply).where(Reply.state == state)) or 0


async def _check(taken: list[dict[str, str]]) -> None:
    """What is out left in its conversation's order and is written down as sent. Raises RuntimeError."""
    lines: dict[str, list[int]] = defaultdict(list)
    for post in taken:
        lines[post["under"]].append(int(post["text"].rsplit(" ", 1)[1]))
    if any(numbers != list(range(len(numbers))) for numbers in lines.values()):
        raise RuntimeError("Replies of a conversation left in another order, or twice.")
    sent = await _count("sent")
    if sent != len(taken):
        raise RuntimeError(f"{len(taken)} replies are out and {sent} are written down as sent.")


async def _queue(server: str) -> None:
    """The desk, its accounts with a page of conversations each, and the queue: handed over turn by turn."""
    settings().allow_private_networks = True
    settings().secret_key = SecretStr(KEY)
    wire()
    async with transaction() as tx:
        lead = await begin(tx, name="Lea", email="lea@bench.example", hashed=HASH, brand_name="Acme")
        brand_id = (await brands(tx, lead))[0].id
    for number in range(ACCOUNTS):
        await an_account(lead, brand_id, server, number, conversations=CONVERSATIONS)
    async with transaction() as tx:
        await tx.execute(update(Poll).values(due_at=None, line_due_at=None))
        found = await tx.scalars(select(Message).order_by(Message.posted_at, Message.id))
        messages = list(found)
        rows = [_reply(lead, brand_id, message, turn) for turn in range(EACH) for message in messages]
        await insert_rows(tx, Reply, rows)
    async with transaction() as tx:
        await tx.execute(text("analyze replies"))


def _reply(lead: Actor, brand_id: str, message: Message, turn: int) -> dict[str, Any]:
    at, key = now(), new_id("kk")
    words = f"@customer We are looking into it. {turn}"
    outgoing = {
        "key": hashlib.sha256(key.encode()).hexdigest()[:40],
        "text": words,
        "in_reply_to": message.remote_id,
        "visibility": "public",
        "content_warning": None,
        "language": "en",
        "media_ids": [],
        "recipients": [message.author["handle"]],
    }
    return {
        "id": new_id("rp"),
        "brand_id": brand_id,
        "ticket_id": message.ticket_id,
        "account_id": message.account_id,
        "parent_id": message.id,
        "agent_id": lead.agent_id,
        "key": key,
        "fingerprint": key,
        "lane": "public",
        "text": words,
        "outgoing": outgoing,
        "state": "queued",
        "due_at": at,
        "tries": 0,
        "attempts": 0,
        "created_at": at,
        "revision": 1,
    }
