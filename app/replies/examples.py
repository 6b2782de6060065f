"""The answer that stands in the examples of the interface, and the composer around it."""

from typing import Any, Final

from app.agents.examples import AGENT_ID, AT
from app.brands.examples import ACCOUNT_ID
from app.tickets.examples import ANSWERABLE, MESSAGE_ID, TICKET_ID

REPLY_ID: Final = "rp_06h1ii2n41qeb6fgppbag2j2us"
PICTURE_ID: Final = "pc_06h1ii2n41qeb6fgppbp0f094c"

PICTURE: Final[dict[str, Any]] = {
    "id": PICTURE_ID,
    "filename": "label.png",
    "media_type": "image/png",
    "alt": "The label on the parcel",
    "size": 48_213,
}
REPLY: Final[dict[str, Any]] = {
    "id": REPLY_ID,
    "ticket_id": TICKET_ID,
    "agent_id": AGENT_ID,
    "parent_id": MESSAGE_ID,
    "lane": "public",
    "visibility": "public",
    "text": "@nina@elsewhere.example It is with your neighbour at number 12.",
    "content_warning": None,
    "state": "queued",
    "created_at": AT,
    "due_at": AT,
    "tries": 0,
    "problem": None,
    "problem_code": None,
    "problem_values": {},
    "doubt": None,
    "message_id": None,
    "sent_at": None,
    "pictures": [],
    "then": "resolve",
    "group_id": None,
    "part": 1,
    "parts": 1,
    "revision": 1,
}
DRAFT: Final[dict[str, Any]] = {
    "ticket_id": TICKET_ID,
    "text": "It is with your neighbour",
    "lane": "public",
    "content_warning": None,
    "visibility": None,
    "parent_id": MESSAGE_ID,
    "picture_ids": [],
    "key": "6f0d9a52-8d3b-4f5e-9a55-0b6f7d1c2e3f",
    "saved_at": AT,
}
OPTIONS: Final[dict[str, Any]] = {
    "account_id": ACCOUNT_ID,
    "listens_only": False,
    "newest_message_id": MESSAGE_ID,
    "lanes": [
        {
            "lane": "public",
            "allowed": True,
            "why_not": None,
            "answerable": ANSWERABLE,
            "parent_id": MESSAGE_ID,
            "to_handle": "nina@elsewhere.example",
            "prefix": "@nina@elsewhere.example ",
            "visibilities": ["public", "unlisted"],
            "content_warning": None,
            "cost": None,
        }
    ],
}
