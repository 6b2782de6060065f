"""post(): one signed request to a receiver and what came of it, bounded in time and size, never further than its address."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.core import client
from app.core.addresses import HostRefused, HostUnknown
from app.core.clock import now
from app.core.errors import DeskError
from app.core.rows import clean
from app.hooks.backoff import asked_for
from app.hooks.sign import sign
from app.hooks.views import Problem

SECONDS: Final = 15.0
"""A whole exchange may take so long, from resolving the name to the last byte that is read."""
_READ: Final = 4_096
"""Bytes of an answer that are read; the rest is left."""
SHOWN: Final = 1_000
"""Characters of it that the log keeps."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a receiver said: `problem` is null when it took the delivery; `asked` is when it wants to be asked again."""

    at: datetime
    latency_ms: int
    status: int | None
    problem: Problem | None
    answer: str = ""
    asked: datetime | None = None


async def post(url: str, keys: Sequence[str], message_id: str, body: bytes) -> Outcome:
    """Send the body once, signed with each key; the outcome tells of every failure, none is raised."""
    at, began = now(), time.perf_counter()
    timestamp = int(at.timestamp())
    headers = {
        "accept-encoding": "identity",
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(keys, message_id, timestamp, body),
    }
    try:
        said = await client.request(
            "POST", url, headers=headers, data=(body, "application/json"), budget=SECONDS, largest=_READ, clip=True
        )
    except DeskError as failure:
        return Outcome(at, _since(began), None, _named(failure))
    status = said.status
    problem: Problem | None = None if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status"
    shown = clean(said.body.decode("utf-8", "replace"))[:SHOWN]
    return Outcome(at, _since(began), status, problem, shown, asked_for(said.headers, at) if problem else None)


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _named(failure: DeskError) -> Problem:
    match failure:
        case HostRefused():
            return "refused_address"
        case HostUnknown():
            return "unknown_host"
        case _:
            return "timeout" if isinstance(failure.__cause__, TimeoutError) else "unreachable"
