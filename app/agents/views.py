"""What the console may know of a colleague."""

from datetime import datetime
from typing import Literal

from app.core.event import View

Role = Literal["lead", "agent"]
Availability = Literal["available", "away", "handover"]
AgentPart = Literal["name", "email", "role", "availability", "signature", "locale", "disabled", "password", "teams"]
"""What of an agent can change."""


class AgentView(View):
    """A colleague, or a key of another system, which has a name in the history and nothing else of a person."""

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

    signature: str
    locale: str | None
    brand_ids: list[str]


class TeamView(View):
    """A team, its people and its brands."""

    id: str
    name: str
    agent_ids: list[str]
    brand_ids: list[str]
    revision: int


class SessionView(View):
    """Who is signed in, and the log's position from which to follow."""

    me: MeView
    sign_in_id: str
    head: int
    version: str


class SignInView(View):
    """One signed-in browser of mine."""

    id: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    current: bool
