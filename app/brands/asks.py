"""The shapes of requests about brands and accounts."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.agents.asks import Email, Id, Ids, Locale, Name, Password
from app.core.event import Ask
from app.core.http_match import Seen

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Seconds = Annotated[int, Field(ge=0, le=366 * 86400)]
Typed = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]


class SetUpAsk(Ask):
    """The first lead and the first brand."""

    name: Name
    email: Email
    password: Password
    brand_name: Name
    locale: Locale | None = None


class CreateBrandAsk(Ask):
    """A new brand."""

    name: Name
    colour: Colour
    team_ids: Ids = Field(default_factory=list)


class EditBrandAsk(Ask):
    """What to change about a brand; what is left out stays. Windows are in seconds."""

    revision: Seen = None
    name: Name | None = None
    colour: Colour | None = None
    reopen_seconds: Seconds | None = None
    join_seconds: Seconds | None = None
    assignment: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")] | None = None
    team_ids: Ids | None = None


class ConnectAsk(Ask):
    """An account to connect: what the network's form asks for, and how many days to import."""

    brand_id: Id
    network: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    fields: Annotated[dict[str, Typed], Field(max_length=20)] = Field(default_factory=dict)
    import_days: int = Field(0, ge=0, le=365)
