"""Facts about the people who answer."""

from typing import ClassVar, Literal

from app.agents.views import AgentPart, AgentView, TeamView
from app.core.event import Event


class AgentChanged(Event):
    """A colleague came, went, or changed; carries how they are now, and the names of what is different."""

    audience: ClassVar[str] = "all"
    type: Literal["agent.changed"] = "agent.changed"
    agent: AgentView
    changed: list[AgentPart]


class TeamChanged(Event):
    """A team was formed, renamed, joined or left; `team` is null when it was dissolved."""

    audience: ClassVar[str] = "all"
    type: Literal["team.changed"] = "team.changed"
    team_id: str
    team: TeamView | None


class SignInEnded(Event):
    """A sign-in was ended; its sockets are closed."""

    audience: ClassVar[str] = "nobody"
    type: Literal["sign_in.ended"] = "sign_in.ended"
    sign_in_ids: list[str]
