"""body_of(): what a receiver reads; the same event gives the same bytes at every attempt."""

from datetime import datetime
from typing import Any, Final

import orjson

from app.core.eventlog import Logged

PING: Final = "ping"
"""The type of what the test button sends; no event has it."""


def message_id(seq: int) -> str:
    """The `webhook-id` of an event: the same at every attempt, replay and address."""
    return f"evt_{seq}"


def body_of(event: Logged, *, full: bool) -> bytes:
    """An event as JSON: numbers and ids alone, or with its fact and the ticket's card too.

    The card is null for events without a ticket, and for those older than a week.
    """
    data: dict[str, Any] = {
        "seq": event.seq,
        "brand_id": event.brand_id,
        "ticket_id": event.ticket_id,
        "agent_id": event.agent_id,
    }
    if full:
        data |= {"fact": event.fact, "card": event.card}
    return _written(event.type, event.at, data)


def ping_body(at: datetime) -> bytes:
    """What the test button sends."""
    return _written(PING, at, {})


def _written(kind: str, at: datetime, data: object) -> bytes:
    return orjson.dumps({"type": kind, "timestamp": at, "data": data}, option=orjson.OPT_UTC_Z)
