"""The customer who stands in the examples of the interface."""

from typing import Any, Final

from app.agents.examples import AT

CUSTOMER_ID: Final = "cu_06h1ii2n41qeb6fgpp82o7pv40"
OTHER_CUSTOMER_ID: Final = "cu_06h1ii2n41qeb6fgpp8t5h1bh8"

CUSTOMER: Final[dict[str, Any]] = {
    "id": CUSTOMER_ID,
    "name": "Nina Okoro",
    "note": "Orders for the whole office; prefers to be answered in private.",
    "identities": [
        {
            "id": "id_06h1ii2n41qeb6fgpp8t5h1bh8",
            "network": "mastodon",
            "handle": "nina@elsewhere.example",
            "name": "Nina",
            "url": "https://elsewhere.example/@nina",
            "avatar_url": None,
            "followers": 214,
            "bot": False,
            "seen_at": AT,
        }
    ],
    "created_at": AT,
    "revision": 2,
}
