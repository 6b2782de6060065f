"""The brand and its account that stand in the examples of the interface."""

from typing import Any, Final

from app.agents.examples import AT, BRAND_ID, TEAM_ID

ACCOUNT_ID: Final = "ac_06h1ii2n41qeb6fgpp7gpanenc"

BRAND: Final[dict[str, Any]] = {
    "id": BRAND_ID,
    "name": "Acme",
    "colour": "#0f766e",
    "reopen_seconds": 604_800,
    "join_seconds": 3_600,
    "assignment": "least_loaded",
    "team_ids": [TEAM_ID],
    "revision": 4,
}
ACCOUNT: Final[dict[str, Any]] = {
    "id": ACCOUNT_ID,
    "brand_id": BRAND_ID,
    "network": "mastodon",
    "server": "https://social.example",
    "handle": "acme@social.example",
    "name": "Acme",
    "avatar_url": "https://social.example/avatars/acme.png",
    "url": "https://social.example/@acme",
    "state": "working",
    "problem": None,
    "problem_code": None,
    "problem_values": {},
    "warnings": [],
    "limits": {
        "max_characters": 500,
        "unit": "graphemes",
        "link_weight": 23,
        "short_mentions": True,
        "counts_warning": True,
        "max_media": 4,
        "media_types": ["image/jpeg", "image/png"],
        "max_media_bytes": 16_777_216,
        "max_alt": 1_500,
        "max_bytes": None,
        "private": None,
    },
    "connected_at": AT,
    "revision": 1,
}
NETWORK: Final[dict[str, Any]] = {
    "name": "mastodon",
    "words": {
        language: {"label": "Mastodon", "connect": {"server": words}, "answer": {}, "cost": {}, "trouble": {}}
        for language, words in (("en", "Its server"), ("fr", "Son serveur"))
    },
    "mark": "M4 4h16v16H4z",
    "can": ["edit", "private"],
    "priced": False,
    "connect_fields": [
        {
            "name": "server",
            "label": "connect.mastodon.server",
            "kind": "url",
            "required": True,
            "placeholder": "https://social.example",
        }
    ],
}
