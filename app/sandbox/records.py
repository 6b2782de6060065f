"""What the sandbox remembers: plain records of text, numbers and lists, so that they can be written to a file as they are."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

Json = dict[str, Any]
"""An entity or body as it travels."""

Visibility = Literal["public", "unlisted", "private", "direct"]
VISIBILITIES: Final = ("public", "unlisted", "private", "direct")


@dataclass(slots=True)
class Account:
    """Somebody who posts: a customer or a brand. `domain` is set for people of another server."""

    id: str
    username: str
    domain: str | None
    name: str
    note: str
    brand: bool
    created_ms: int
    locked: bool = False
    bot: bool = False
    language: str = "en"
    privacy: str = "public"
    followers_shown: int = 0
    policy: dict[str, str] = field(default_factory=dict)

    @property
    def acct(self) -> str:
        """The handle as this server writes it: bare for its own people, with the domain for others."""
        return f"{self.username}@{self.domain}" if self.domain else self.username


@dataclass(slots=True)
class Version:
    """How a status read between two edits."""

    text: str
    spoiler: str
    sensitive: bool
    media_ids: list[str]
    at_ms: int


@dataclass(slots=True)
class Status:
    """A post. `thread_id` is the id of the conversation it belongs to, `boost_of` makes it a boost."""

    id: str
    account_id: str
    text: str
    visibility: str
    created_ms: int
    thread_id: str
    spoiler: str = ""
    sensitive: bool = False
    language: str | None = None
    parent_id: str | None = None
    parent_account_id: str | None = None
    mentions: list[str] = field(default_factory=list)
    media_ids: list[str] = field(default_factory=list)
    quote_id: str | None = None
    quote_policy: str = "public"
    boost_of: str | None = None
    application: str | None = None
    website: str | None = None
    edited_ms: int | None = None
    history: list[Version] = field(default_factory=list)
    favourited_by: list[str] = field(default_factory=list)
    given_id: str | None = None


@dataclass(slots=True)
class Notice:
    """A notification: `owner_id` is told that `from_id` did something."""

    id: str
    owner_id: str
    from_id: str
    kind: str
    status_id: str | None
    created_ms: int
    filtered: bool = False


@dataclass(slots=True)
class Picture:
    """An uploaded picture; its bytes lie in the album, not here."""

    id: str
    account_id: str
    mime: str
    suffix: str
    width: int
    height: int
    description: str | None
    ready_ms: int
    status_id: str | None = None


@dataclass(slots=True)
class Application:
    """A registered app."""

    id: str
    name: str
    website: str | None
    redirect_uris: list[str]
    scopes: list[str]
    client_id: str
    client_secret: str


@dataclass(slots=True)
class Token:
    """What a client shows to be let in; `account_id` is None for a token of the app alone."""

    value: str
    application_id: str
    account_id: str | None
    scopes: list[str]
    created_ms: int


@dataclass(slots=True)
class Code:
    """What the browser carries back to an app, good once and for ten minutes."""

    value: str
    application_id: str
    account_id: str
    redirect_uri: str
    scopes: list[str]
    challenge: str | None
    created_ms: int
