"""The webhook that stands in the examples of the interface, and one delivery."""

from typing import Any, Final

from app.agents.examples import AT, BRAND_ID, LEAD_ID
from app.tickets.examples import TICKET_ID

SECRET: Final = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"  # noqa: S105 - of nobody
HEARD: Final[dict[str, Any]] = {
    "name": "Data warehouse",
    "url": "https://warehouse.example/mentiondesk",
    "types": ["ticket.moved", "ticket.opened"],
    "brand_ids": [BRAND_ID],
    "full": True,
}
WEBHOOK: Final[dict[str, Any]] = HEARD | {
    "id": "wh_06h1ii2n41qeb6fgppcjkrdqt8",
    "active": True,
    "off_why": None,
    "off_at": None,
    "agent_id": LEAD_ID,
    "created_at": AT,
    "revision": 1,
    "old_secret_until": None,
    "position": 5120,
    "failing_since": None,
    "waiting": 0,
}
ATTEMPT: Final[dict[str, Any]] = {"at": AT, "latency_ms": 48, "status": 200, "problem": None, "answer": "ok"}
DELIVERY: Final[dict[str, Any]] = {
    "id": "wd_06h1ii2n41qeb6fgppdc969rnc",
    "message_id": "evt_5120",
    "seq": 5120,
    "type": "ticket.moved",
    "ticket_id": TICKET_ID,
    "state": "delivered",
    "tries": 1,
    "created_at": AT,
    "due_at": None,
    "finished_at": AT,
    "last": ATTEMPT,
}
