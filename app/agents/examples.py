"""Who stands in the examples of the interface: one lead, one agent, one team, at one instant."""

from typing import Any, Final

AT: Final = "2026-03-02T09:14:07Z"
LATER: Final = "2026-03-02T11:30:00Z"
AGENT_ID: Final = "ag_06h1ii2n41qeb6fgpp6183gu5k"
LEAD_ID: Final = "ag_06h1ii2n41qeb6fgppgfemb69s"
TEAM_ID: Final = "te_06h1ii2n41qeb6fgpp6kmvjtho"
BRAND_ID: Final = "br_06h1ii2n41qeb6fgpp79lr0s5o"
"""Brands stand on a floor above; people and keys are for some of them."""
EMAIL: Final = "lea@example.org"
PASSWORD: Final = "a long first sentence"  # noqa: S105 - of nobody

AGENT: Final[dict[str, Any]] = {
    "id": AGENT_ID,
    "kind": "person",
    "name": "Ana",
    "email": "ana@example.org",
    "role": "agent",
    "availability": "available",
    "disabled": False,
    "team_ids": [TEAM_ID],
    "revision": 3,
}
ME: Final[dict[str, Any]] = AGENT | {
    "id": LEAD_ID,
    "name": "Lea",
    "email": EMAIL,
    "role": "lead",
    "signature": "^LE",
    "locale": "en",
    "brand_ids": [BRAND_ID],
}
TEAM: Final[dict[str, Any]] = {
    "id": TEAM_ID,
    "name": "Early shift",
    "agent_ids": [AGENT_ID],
    "brand_ids": [BRAND_ID],
    "revision": 2,
}
