"""What the console may know of brands, their accounts and the networks."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.brands import examples
from app.core.event import View
from app.core.shown import shown
from app.networks.words import Language, Words

AccountState = Literal["working", "broken", "disconnected"]


class BrandView(View):
    """A voice we answer with. Windows are in seconds."""

    model_config = shown(examples.BRAND)

    id: str
    name: str
    colour: str
    reopen_seconds: int
    join_seconds: int
    assignment: str
    team_ids: list[str]
    revision: int


class LimitsView(View):
    """How this account's own server counts; see shared/text/count.ts."""

    max_characters: int
    unit: Literal["graphemes", "code_points", "weighted"]
    link_weight: int | None
    short_mentions: bool
    counts_warning: bool
    max_media: int
    media_types: list[str]
    max_media_bytes: int
    max_alt: int
    max_bytes: int | None
    """Of the text in UTF-8, beside its characters."""
    private: "LimitsView | None"
    """For direct messages, where they count otherwise."""


class BrandAccountView(View):
    """The brand's account on one network; no credential is ever in it."""

    model_config = shown(examples.ACCOUNT)

    id: str
    brand_id: str
    network: str
    server: str
    handle: str
    name: str
    avatar_url: str | None
    url: str | None
    state: AccountState
    problem: str | None
    problem_code: str | None = None
    """The reason's name among the console's words; null where the network's own words are all there is."""
    problem_values: dict[str, str] = Field(default_factory=dict)
    """What those words take."""
    warnings: list[str]
    limits: LimitsView
    connected_at: datetime
    revision: int


class ConnectFieldView(View):
    """One thing to ask for when connecting; `label` names one of the network's words, "connect.<network>.<key>"."""

    name: str
    label: str
    kind: Literal["text", "url", "secret", "yes_no"]
    required: bool
    placeholder: str


class NetworkView(View):
    """A kind of place; `mark` is an SVG path in a 24 x 24 view box.

    `words` by language: what "connect.<network>.<key>", "answer.<network>.<key>" and "cost.<network>.<key>" say wherever
    they stand in this interface.
    """

    model_config = shown(examples.NETWORK)

    name: str
    words: dict[Language, Words]
    mark: str
    can: list[str]
    priced: bool
    """Whether using it costs money, so that there is something to say about costs."""
    connect_fields: list[ConnectFieldView]


class ConnectView(View):
    """Either the account is connected, or the browser must go to `authorize_url` first."""

    model_config = shown({"account": None, "authorize_url": "https://social.example/oauth/authorize?state=s"})

    account: BrandAccountView | None
    authorize_url: str | None


class SetUpView(View):
    """Whether this desk still waits for its first lead."""

    model_config = shown({"needed": False})

    needed: bool
