"""The import that stands in the examples of the interface."""

from typing import Any, Final

from app.agents.examples import AT, BRAND_ID, LATER, LEAD_ID

JOB: Final[dict[str, Any]] = {
    "id": "jb_06h1ii2n41qeb6fgppekfefp8k",
    "kind": "import",
    "state": "done",
    "name": "customers.jsonl",
    "agent_id": LEAD_ID,
    "brand_id": BRAND_ID,
    "brand_ids": None,
    "created_at": AT,
    "finished_at": LATER,
    "expires_at": None,
    "problem": None,
    "problem_code": None,
    "size": 88_213,
    "pieces": 1,
    "position": 88_213,
    "lines": 410,
    "fresh": 402,
    "already": 7,
    "passed": 0,
    "refused": 1,
}
