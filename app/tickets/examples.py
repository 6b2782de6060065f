"""The ticket that stands in the examples of the interface, with its posts, notes and history."""

from typing import Any, Final

from app.agents.examples import AGENT_ID, AT, BRAND_ID, LATER
from app.brands.examples import ACCOUNT_ID
from app.customers.examples import CUSTOMER_ID

TICKET_ID: Final = "tk_06h1ii2n41qeb6fgpp9d5efcu4"
MESSAGE_ID: Final = "ms_06h1ii2n41qeb6fgpp9g1pr638"
NOTE_ID: Final = "nt_06h1ii2n41qeb6fgppa9uvia3o"

CARD: Final[dict[str, Any]] = {
    "id": TICKET_ID,
    "number": 1042,
    "revision": 7,
    "brand_id": BRAND_ID,
    "account_id": ACCOUNT_ID,
    "network": "mastodon",
    "customer": {
        "id": CUSTOMER_ID,
        "name": "Nina Okoro",
        "handle": "nina@elsewhere.example",
        "avatar_url": None,
    },
    "state": "open",
    "priority": "high",
    "assignee_id": AGENT_ID,
    "labels": ["delivery"],
    "lane": "public",
    "language": "en",
    "preview": "@acme where is my parcel?",
    "waiting": 1,
    "unanswered_since": AT,
    "opened_at": AT,
    "last_message_at": AT,
    "snoozed_until": None,
    "resolved_at": None,
    "dismissed": None,
    "follows_id": None,
    "references": ["CASE 9"],
    "next_due_at": LATER,
    "next_due_metric": "first_reply",
    "next_warn_at": None,
    "promise_revision": 2,
}
ANSWERABLE: Final[dict[str, Any]] = {"how": "yes", "why": None, "until": None, "url": None, "notes": []}
MESSAGE: Final[dict[str, Any]] = {
    "id": MESSAGE_ID,
    "kind": "customer",
    "ticket_id": TICKET_ID,
    "conversation_id": "cv_06h1ii2n41qeb6fgppaorglfp4",
    "lane": "public",
    "visibility": "public",
    "author": {
        "handle": "nina@elsewhere.example",
        "name": "Nina",
        "url": "https://elsewhere.example/@nina",
        "avatar_url": None,
    },
    "segments": [
        {"kind": "mention", "text": "@acme", "href": "https://social.example/@acme"},
        {"kind": "text", "text": " where is my parcel?", "href": None},
    ],
    "text": "@acme where is my parcel?",
    "content_warning": None,
    "language": "en",
    "media": [],
    "url": "https://elsewhere.example/@nina/110",
    "in_reply_to": None,
    "posted_at": AT,
    "received_at": AT,
    "edited_at": None,
    "versions": [],
    "vanished_at": None,
    "vanished_why": None,
    "answered_at": None,
    "backfilled": False,
    "reply_id": None,
    "agent_id": None,
    "sent_by": None,
    "external_reference": None,
    "answerable": None,
}
NOTE: Final[dict[str, Any]] = {
    "id": NOTE_ID,
    "ticket_id": TICKET_ID,
    "agent_id": AGENT_ID,
    "text": "The carrier says: delivered to a neighbour.",
    "created_at": LATER,
}
FACT: Final[dict[str, Any]] = {
    "type": "ticket.assigned",
    "brand_id": BRAND_ID,
    "ticket_id": TICKET_ID,
    "agent_id": AGENT_ID,
    "before_id": None,
    "why": "by_hand",
}
OPEN: Final[dict[str, Any]] = {
    "card": CARD,
    "messages": [MESSAGE],
    "notes": [NOTE],
    "references": [
        {"reference": "CASE 9", "url": "https://crm.example/cases/9", "agent_id": AGENT_ID, "created_at": LATER}
    ],
    "facts": [{"seq": 5120, "at": AT, "type": FACT["type"], "agent_id": AGENT_ID, "fact": FACT}],
    "answerable": ANSWERABLE,
    "earlier": False,
    "follows": None,
    "followed_by": [],
}
OPENING: Final[dict[str, Any]] = {
    "brand_id": BRAND_ID,
    "external_reference": "WEB-2026/117",
    "url": "https://crm.example/cases/117",
    "customer": {"reference": "shop-88", "name": "Nora Weiss", "handle": "nora@shop.example"},
    "message": {
        "text": "Where is my parcel?",
        "said_at": AT,
        "language": "en",
        "url": "https://shop.example/forms/117",
        "place": "contact form",
    },
    "labels": ["web form"],
    "priority": "high",
}
ANSWER_ELSEWHERE: Final[dict[str, Any]] = {
    "external_reference": "mail-2",
    "by": "brand",
    "text": "It arrives tomorrow.",
    "place": "e-mail",
}
CORRECTED: Final[dict[str, Any]] = {"external_reference": "mail-2", "text": "It arrives on Friday."}
TAKEN_BACK: Final[dict[str, Any]] = {"external_reference": "mail-2"}
CASE: Final[dict[str, Any]] = {
    "add": [{"reference": "CASE 9", "url": "https://crm.example/cases/9"}],
    "remove": ["CASE 8"],
    "revision": 7,
}
MARK: Final = "WyIyMDI2LTAzLTAyVDA5OjE0OjA3KzAwOjAwIiwidGtfMDYiXQ"
"""A page mark; its shape is nobody's business."""
