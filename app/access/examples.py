"""The key that stands in the examples of the interface."""

from typing import Any, Final

from app.agents.examples import AT, BRAND_ID, LATER, LEAD_ID

KEY: Final[dict[str, Any]] = {
    "id": "ky_06h1ii2n41qeb6fgppcd0r51co",
    "name": "Shop",
    "begins_with": "mdk_4fTq9ZpL",
    "scopes": ["read", "reply"],
    "brand_ids": [BRAND_ID],
    "per_minute": 600,
    "created_at": AT,
    "made_by": LEAD_ID,
    "expires_at": None,
    "last_used_at": LATER,
    "revoked_at": None,
}
