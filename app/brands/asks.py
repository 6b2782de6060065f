"""The shapes of requests about brands and accounts."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.agents.asks import Email, Id, Ids, Locale, Name, Password
from app.agents.examples import BRAND_ID, EMAIL, PASSWORD, TEAM_ID
from app.core.event import Ask
from app.core.http_match import Seen
from app.core.shown import shown

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Seconds = Annotated[int, Field(ge=0, le=366 * 86400)]
Typed = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]


class SetUpAsk(Ask):
    """The first lead and the first brand."""

    model_config = shown({"name": "Lea", "email": EMAIL, "password": PASSWORD, "brand_name": "Acme"})

    name: Name
    email: Email
    password: Password
    brand_name: Name
    locale: Locale | None = None


class CreateBrandAsk(Ask):
    """A new brand."""

    model_config = shown({"name": "Acme Sport", "colour": "#1d4ed8", "team_ids": [TEAM_ID]})

    name: Name
    colour: Colour
    team_ids: Ids = Field(default_factory=list)


class EditBrandAsk(Ask):
    """What to change about a brand; what is left out stays. Windows are in seconds."""

    model_config = shown({"revision": 4, "reopen_seconds": 1_209_600, "assignment": "round_robin"})

    revision: Seen = None
    name: Name | None = None
    colour: Colour | None = None
    reopen_seconds: Seconds | None = None
    join_seconds: Seconds | None = None
    assignment: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")] | None = None
    team_ids: Ids | None = None


class ConnectAsk(Ask):
    """An account to connect: what the network's form asks for, and how many days to import."""

    model_config = shown(
        {"brand_id": BRAND_ID, "network": "mastodon", "fields": {"server": "https://social.example"}, "import_days": 7}
    )

    brand_id: Id
    network: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    fields: Annotated[dict[str, Typed], Field(max_length=20)] = Field(default_factory=dict)
    import_days: int = Field(0, ge=0, le=365)
