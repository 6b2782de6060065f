"""What the console may know of a colleague."""

from datetime import datetime
from typing import Literal

from app.agents import examples
from app.core.event import View
from app.core.shown import shown

Role = Literal["lead", "agent"]
Availability = Literal["available", "away", "handover"]
AgentPart = Literal["name", "email", "role", "availability", "signature", "locale", "disabled", "password", "teams"]
"""What of an agent can change."""


class AgentView(View):
    """A colleague, or a key of another system, which has a name in the history and nothing else of a person."""

    model_config = shown(examples.AGENT)

    id: str
    kind: Literal["person", "key"] = "person"
    name: str
    email: str
    role: Role
    availability: Availability
    disabled: bool
    team_ids: list[str]
    revision: int


class MeView(AgentView):
    """The signed-in agent, with what only they need."""

    model_config = shown(examples.ME)

    signature: str
    locale: str | None
    brand_ids: list[str]


class TeamView(View):
    """A team, its people and its brands."""

    model_config = shown(examples.TEAM)

    id: str
    name: str
    agent_ids: list[str]
    brand_ids: list[str]
    revision: int


class SessionView(View):
    """Who is signed in, and the log's position from which to follow."""

    model_config = shown(
        {"me": examples.ME, "sign_in_id": "si_06h1ii2n41qeb6fgppf9vi9mog", "head": 5120, "version": "0.1.0"}
    )

    me: MeView
    sign_in_id: str
    head: int
    version: str


class SignInView(View):
    """One signed-in browser of mine."""

    model_config = shown(
        {
            "id": "si_06h1ii2n41qeb6fgppf9vi9mog",
            "browser": "Firefox",
            "created_at": examples.AT,
            "last_seen_at": examples.LATER,
            "current": True,
        }
    )

    id: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    current: bool
