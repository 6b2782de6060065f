"""The shapes of the lines of a file, the same for what is exported and what is imported; pure."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
)

from app.agents.views import Role
from app.tickets.state import DismissReason, Priority, State
from app.tickets.views import Lane

_SHOWN_ADDRESSES: Final = ("https://", "http://")


def _web(address: str | None) -> str | None:
    if address is not None and not address.lower().startswith(_SHOWN_ADDRESSES):
        raise ValueError("an address begins with https:// or http://")
    return address


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _written(at: object) -> object:
    if not isinstance(at, str):
        raise ValueError("a time is written as 2026-03-04T10:00:00Z")  # noqa: TRY004 - as pydantic wants it
    return at


Reference = Annotated[str, Field(min_length=1, max_length=200)]
Short = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=100_000)]
Web = Annotated[str | None, Field(max_length=4000), AfterValidator(_web)]
Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_utc)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Seconds = Annotated[int, Field(ge=0, le=366 * 86400)]


class Line(BaseModel):
    """One line; a field that it does not have is refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: Reference
    created_at: Instant | None = None


class BrandLine(Line):
    """A brand; known by its name. Whether tickets are given out by themselves stays off until a lead says so."""

    kind: Literal["brand"]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    colour: Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$")] = "#446688"
    reopen_seconds: Seconds = 7 * 86400
    join_seconds: Seconds = 3600
    assignment: Short = "off"


class AgentLine(Line):
    """A colleague, known by e-mail address, or another system's key. Who is new comes switched off and without password."""

    kind: Literal["agent"]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    email: Annotated[str, Field(max_length=320)] = ""
    is_key: bool = False
    role: Role = "agent"
    disabled: bool = False


class AccountLine(Line):
    """A brand's account on a network; it comes disconnected, until a lead connects it again."""

    kind: Literal["account"]
    brand: Reference | None = None
    network: Annotated[str, Field(min_length=1, max_length=50)]
    server: Annotated[str, Field(min_length=1, max_length=500)]
    remote_id: Annotated[str, Field(min_length=1, max_length=500)]
    handle: Short
    name: Short = ""
    url: Web = None
    avatar_url: Web = None


class IdentityPart(BaseModel):
    """A handle of a customer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: Annotated[str, Field(min_length=1, max_length=50)]
    server: Annotated[str, Field(min_length=1, max_length=500)]
    remote_id: Annotated[str, Field(min_length=1, max_length=500)]
    handle: Short
    name: Short = ""
    url: Web = None
    avatar_url: Web = None
    followers: Count | None = None
    bot: bool = False
    seen_at: Instant | None = None


class CustomerLine(Line):
    """A customer; who has a handle that is known here is that customer, and stays as they are."""

    kind: Literal["customer"]
    name: Annotated[str, Field(min_length=1, max_length=500)]
    note: Text = ""
    identities: Annotated[list[IdentityPart], Field(max_length=100)] = []


class ReferencePart(BaseModel):
    """What yet another system calls a ticket, and where it stands there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: Reference
    url: Web = None


class TicketLine(Line):
    """A ticket. Without an account it is the brand's first one's; without conversation it has one of its own."""

    kind: Literal["ticket"]
    brand: Reference | None = None
    number: int | None = None
    account: Reference | None = None
    customer: Reference
    conversation: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    conversations: Annotated[list[Annotated[str, Field(min_length=1, max_length=2000)]], Field(max_length=1000)] = []
    state: State = "closed"
    priority: Priority = "normal"
    assignee: Reference | None = None
    labels: Annotated[list[Annotated[str, Field(min_length=1, max_length=50)]], Field(max_length=100)] = []
    language: Annotated[str, Field(max_length=50)] | None = None
    opened_at: Instant
    last_message_at: Instant | None = None
    snoozed_until: Instant | None = None
    resolved_at: Instant | None = None
    dismissed: DismissReason | None = None
    references: Annotated[list[ReferencePart], Field(max_length=100)] = []


class AuthorPart(BaseModel):
    """Who wrote a post."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    remote_id: Short = ""
    handle: Short = ""
    name: Short = ""
    url: Web = None
    avatar_url: Web = None
    followers: Count | None = None
    bot: bool = False


class SegmentPart(BaseModel):
    """A piece of a post's text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["text", "link", "mention", "tag", "emoji", "break", "paragraph", "code", "quote"]
    text: Text
    href: Web = None


class MediaPart(BaseModel):
    """A picture, film or sound of a post."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["image", "video", "audio", "other"]
    url: Web = None
    preview_url: Web = None
    alt: Text | None = None
    width: Count | None = None
    height: Count | None = None


class VersionPart(BaseModel):
    """What a post said before."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: Text
    content_warning: Text | None = None
    until: Instant


class MessageLine(Line):
    """A post of a ticket or around it. Of one without segments the text is shown as it is."""

    kind: Literal["message"]
    brand: Reference | None = None
    ticket: Reference | None = None
    account: Reference | None = None
    conversation: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    customer: Reference | None = None
    by: Literal["customer", "brand", "other"]
    uri: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    remote_id: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    in_reply_to: Annotated[str, Field(max_length=2000)] | None = None
    url: Web = None
    author: AuthorPart = AuthorPart()
    visibility: Literal["public", "unlisted", "followers", "direct"] = "public"
    lane: Lane | None = None
    text: Text
    segments: Annotated[list[SegmentPart], Field(max_length=10_000)] = []
    content_warning: Text | None = None
    language: Annotated[str, Field(max_length=50)] | None = None
    media: Annotated[list[MediaPart], Field(max_length=100)] = []
    addressed: Annotated[list[Short], Field(max_length=1000)] = []
    quotes: Annotated[str, Field(max_length=2000)] | None = None
    posted_at: Instant
    received_at: Instant | None = None
    edited_at: Instant | None = None
    versions: Annotated[list[VersionPart], Field(max_length=1000)] = []
    vanished_at: Instant | None = None
    vanished_why: Literal["deleted", "hidden"] | None = None
    agent: Reference | None = None
    sent_by: Short | None = None
    role: Literal["mention", "quote", "direct", "own", "other"] | None = None
    facts: dict[str, JsonValue] = {}


class NoteLine(Line):
    """An inside remark; one whose author is not known here is the importer's."""

    kind: Literal["note"]
    brand: Reference | None = None
    ticket: Reference
    agent: Reference | None = None
    text: Annotated[str, Field(min_length=1, max_length=100_000)]


class FollowLine(BaseModel):
    """That a ticket continues, or was closed into, another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["follow"]
    brand: Reference | None = None
    ticket: Reference
    follows: Reference


Known = Annotated[
    BrandLine | AgentLine | AccountLine | CustomerLine | TicketLine | MessageLine | NoteLine | FollowLine,
    Field(discriminator="kind"),
]
KNOWN: Final[TypeAdapter[Any]] = TypeAdapter(Known)
LEFT_OUT: Final = frozenset({"team", "label", "fact"})
"""Kinds that an export has and an import leaves out: teams are formed by leads, labels come with tickets, and the log
is of the installation that wrote it."""
