"""How well each account hears."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.agents.examples import AT
from app.brands.examples import ACCOUNT_ID
from app.core.event import View
from app.core.shown import shown


class BackfillView(View):
    """An import of older mentions: `share` goes from 0 to 1."""

    state: Literal["running", "finished", "failed"]
    since: datetime
    reached: datetime | None
    taken: int
    share: float
    problem: str | None
    problem_code: str | None = None
    """The reason's name among the console's words; null where the network's own words are all there is."""
    problem_values: dict[str, str] = Field(default_factory=dict)
    """What those words take."""


class RoundView(View):
    """Something done about daily for an account that failed several times in a row; it is tried again."""

    kind: Literal["look", "check"]
    """`look`: who the account is and what its server allows. `check`: which of its older posts still stand."""
    failures: int
    problem: str
    problem_code: str | None = None
    """The reason's name among the console's words; null where the network's own words are all there is."""
    problem_values: dict[str, str] = Field(default_factory=dict)
    """What those words take."""


class HealthView(View):
    """The health of one account's ears."""

    model_config = shown(
        {
            "account_id": ACCOUNT_ID,
            "heard_at": AT,
            "asked_at": AT,
            "due_at": AT,
            "newest_at": AT,
            "lag_seconds": 1.4,
            "failures": 0,
            "problem": None,
            "problem_code": None,
            "problem_values": {},
            "live": True,
            "rejects": 0,
            "backfill": None,
            "rounds": [],
        }
    )

    account_id: str
    heard_at: datetime | None
    asked_at: datetime | None
    due_at: datetime | None
    newest_at: datetime | None
    lag_seconds: float | None
    failures: int
    problem: str | None
    problem_code: str | None = None
    """The reason's name among the console's words; null where the network's own words are all there is."""
    problem_values: dict[str, str] = Field(default_factory=dict)
    """What those words take."""
    live: bool
    """The network's own live line is open, so mentions arrive within a second."""
    rejects: int
    backfill: BackfillView | None
    rounds: list[RoundView]
    """What is done about daily and does not succeed; the account is read all the same."""


class RejectView(View):
    """A payload that could not be read."""

    id: int
    remote_id: str | None
    reason: str
    raw: str
    created_at: datetime


class RejectsView(View):
    """A page of payloads that could not be read, newest first."""

    model_config = shown(
        {"items": [{"id": 4, "remote_id": "110", "reason": "no author", "raw": "{}", "created_at": AT}], "next": None}
    )

    items: list[RejectView]
    next: str | None


class IncomingView(View):
    """The account's own address, for its network to send requests to; whoever knows it can send there."""

    model_config = shown({"url": "https://desk.example/api/v1/incoming/ac_06h1ii2n41qeb6fgpp7gpanenc/t0ken"})

    url: str
