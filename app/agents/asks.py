"""The shapes of requests about sign-in, agents and teams."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.agents.examples import AGENT_ID, BRAND_ID, EMAIL, PASSWORD, TEAM_ID
from app.agents.password import LONGEST
from app.agents.views import Availability, Role
from app.core.event import Ask
from app.core.http_match import Seen
from app.core.shown import shown

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$")
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")]
Ids = Annotated[list[Id], Field(max_length=500)]


class SignInAsk(Ask):
    """Who wants to sign in."""

    model_config = shown({"email": EMAIL, "password": PASSWORD})

    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^\x00]*$")]
    password: Annotated[str, StringConstraints(max_length=LONGEST)]


class NewPassword(Ask):
    """A change of one's own password."""

    old: Annotated[str, StringConstraints(max_length=LONGEST)]
    new: Password


class EditMeAsk(Ask):
    """What to change about oneself; what is left out stays."""

    model_config = shown({"signature": "^LE", "locale": "fr"})

    name: Name | None = None
    signature: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] | None = None
    locale: Locale | None = None
    availability: Availability | None = None
    password: NewPassword | None = None


class InviteAsk(Ask):
    """A new colleague, with a first password."""

    model_config = shown({"name": "Ben", "email": "ben@example.org", "password": PASSWORD, "team_ids": [TEAM_ID]})

    name: Name
    email: Email
    role: Role = "agent"
    password: Password
    team_ids: Ids = Field(default_factory=list)


class EditAgentAsk(Ask):
    """What to change about a colleague; what is left out stays."""

    model_config = shown({"revision": 3, "availability": "away"})

    revision: Seen = None
    name: Name | None = None
    role: Role | None = None
    availability: Availability | None = None
    disabled: bool | None = None
    password: Password | None = None


class FormTeamAsk(Ask):
    """A new team."""

    model_config = shown({"name": "Late shift", "agent_ids": [AGENT_ID], "brand_ids": [BRAND_ID]})

    name: Name
    agent_ids: Ids = Field(default_factory=list)
    brand_ids: Ids = Field(default_factory=list)


class EditTeamAsk(Ask):
    """A team as it should be; brands stay when left out."""

    model_config = shown({"revision": 2, "name": "Early shift", "agent_ids": [AGENT_ID]})

    revision: Seen = None
    name: Name
    agent_ids: Ids
    brand_ids: Ids | None = None
