"""What every network adapter promises, and the values that pass between it and the house."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from app.core.value import value
from app.networks.answerable import Answerable, Asked
from app.networks.cost import Meter, Price
from app.networks.incoming import Answer, Request
from app.networks.words import Language, Words

Visibility = Literal["public", "unlisted", "followers", "direct"]
"""Who can read a post, widest first. An adapter maps what it does not know to the narrowest that fits."""

Role = Literal["mention", "quote", "direct", "own", "other"]
"""Why a post is handed to us: addressed to the brand, quoting it, private to it, the brand's own, or only context."""


Credentials = dict[str, str]
Ask = Callable[[Credentials], Awaitable[Credentials]]
Renew = Callable[[Credentials, Ask], Awaitable[Credentials]]
"""Renew credentials once for all processes: given those that no longer work and how to ask the network for new ones,
answers what holds now. Asks only if nobody else has renewed them meanwhile; what was asked for is stored at once."""


@dataclass(frozen=True, slots=True)
class Account:
    """A brand's account as an adapter needs it: where it lives, who it is there, and its unsealed credentials."""

    network: str
    server: str  # base URL of the account's server, without a trailing slash
    remote_id: str  # the account's id there
    handle: str  # as people write it, without the leading @: "acme" or "acme@social.example"
    credentials: Credentials
    traits: dict[str, Any] = field(default_factory=dict)  # what connect() learnt of the server: limits, family, version
    id: str = ""  # ours; for what is kept by account within a process, never sent anywhere
    meter: Meter = field(default_factory=Meter, compare=False)
    renew: Renew | None = field(default=None, compare=False)  # None before the account is ours: nobody else knows it
    incoming_url: str | None = None
    """Where the network may call us about this account, a secret of its own; None without a public address of ours, and
    before the account is ours. Nobody but the adapter tells the network, from mentions() or hints()."""

    def __repr__(self) -> str:
        """Show no credential, wherever this is printed."""
        return f"Account({self.network} @{self.handle} at {self.server})"


@value(frozen=True, slots=True)
class Author:
    """Who wrote a post."""

    remote_id: str
    handle: str  # full: user@domain where the network federates; without the leading @
    name: str
    url: str | None = None
    avatar_url: str | None = None
    followers: int | None = None
    bot: bool = False


@value(frozen=True, slots=True)
class Segment:
    """A piece of a post's text, safe to show; `kind` says how."""

    kind: Literal["text", "link", "mention", "tag", "emoji", "break", "paragraph", "code", "quote"]
    text: str  # what people read; for emoji the :shortcode:
    href: str | None = None  # http(s) only; for emoji its picture


@value(frozen=True, slots=True)
class Media:
    """A picture, film or sound attached to a post."""

    kind: Literal["image", "video", "audio", "other"]
    url: str | None
    preview_url: str | None
    alt: str | None
    width: int | None = None
    height: int | None = None


@value(frozen=True, slots=True)
class Inbound:
    """One post as a network handed it to us, in our words."""

    uri: str  # the same for ever and everywhere: the key by which a post is known once
    remote_id: str  # the id on the account's own server, for replying and re-reading
    author: Author
    role: Role
    segments: tuple[Segment, ...]
    text: str  # the plain words of the segments, for search and counting
    posted_at: datetime
    visibility: Visibility
    url: str | None = None
    edited_at: datetime | None = None
    undated: bool = False  # the network tells of no edit: what differs from our books was edited when we read it
    in_reply_to: str | None = None  # remote_id of the parent on the account's own server
    in_reply_to_author: str | None = None  # remote_id of the parent's author
    content_warning: str | None = None
    language: str | None = None
    media: tuple[Media, ...] = ()
    addressed: tuple[str, ...] = ()  # full handles of everybody the post mentions, without @
    quotes: str | None = None  # uri of the quoted post
    sent_by: str | None = None  # name of the application that posted it, when the network tells
    facts: dict[str, Any] = field(default_factory=dict)
    """Small JSON that only the adapter reads again: kept with the message, renewed at each reading, handed back in
    `Asked.facts` and, for the parent of a reply, in `Outgoing.parent_facts`."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A payload that could not be read; it is set aside with its raw text and the page goes on."""

    remote_id: str | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what happened to an account, oldest first."""

    items: tuple[Inbound, ...]
    rejects: tuple[Reject, ...]
    cursor: str | None  # what to ask after next time; unchanged when nothing came
    more: bool  # there is certainly or possibly another page right now
    again: float | None = None  # seconds after which to ask next, where the network wishes; None: as the house does
    reached: datetime | None = None  # how far back it looked, where that is more than what it brings


@dataclass(frozen=True, slots=True)
class Thread:
    """What the account's server knows around one post."""

    ancestors: tuple[Inbound, ...]  # root first
    descendants: tuple[Inbound, ...]  # each after its parent
    post: Inbound | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """Which posts certainly do not stand any more; or, while the network still works on it, what to ask on with."""

    gone: frozenset[str] = frozenset()  # remote_ids
    job: str | None = None  # the answer is not there yet: ask again with this, and without the ids
    again: float = 0.0  # after so many seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how rich a post may be; the browser counts by the same numbers (`text.count`)."""

    max_characters: int
    unit: Literal["graphemes", "code_points", "weighted"]  # weighted: by the rules of twitter-text v3
    link_weight: int | None  # every link counts as so many characters; None: as written
    short_mentions: bool  # @name@domain counts as @name
    counts_warning: bool  # the content warning counts too
    max_media: int
    media_types: tuple[str, ...]
    max_media_bytes: int
    max_alt: int
    max_bytes: int | None = None  # of UTF-8, beside the characters
    private: "Limits | None" = None  # for direct messages, where they count otherwise


@dataclass(frozen=True, slots=True)
class ConnectField:
    """One thing the console asks for to connect an account."""

    name: str  # "server" is an address; with "token" an account is connected without the browser
    label: str  # names one of its words: connect.<network>.<name>
    kind: Literal["text", "url", "secret", "yes_no"]  # yes_no: "yes" or "" is sent
    required: bool = True
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class Authorization:
    """A browser must be sent to `url`; `state` comes back with it and `keep` is sealed until then."""

    url: str
    state: str
    keep: dict[str, str]


@dataclass(frozen=True, slots=True)
class Connected:
    """An account that answers: who it is, its credentials, what its server can do, and what people should know."""

    account: Account
    name: str
    avatar_url: str | None
    url: str | None
    warnings: tuple[str, ...] = ()  # names of its words: "connect.<network>.<key>"


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture to go out with a reply."""

    data: bytes
    media_type: str
    alt: str
    filename: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply exactly as it is to be published; frozen before the first attempt and never changed after."""

    key: str  # ours, unique per reply, the same for every attempt
    text: str  # complete, with the mentions that deliver it
    in_reply_to: str
    visibility: Visibility  # "direct" may answer a public post too, where the adapter can "private"
    content_warning: str | None = None
    language: str | None = None
    media_ids: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()  # full handles the text must mention and may mention, for a direct message
    parent_facts: dict[str, Any] = field(default_factory=dict)
    """Inbound.facts or Published.facts of the parent; empty where its adapter kept none then: ask the network."""
    alts: tuple[str, ...] = ()  # one for each of media_ids, for networks that take them with the post
    prepared: dict[str, Any] = field(default_factory=dict)  # what prepare() made, the same for every attempt


@dataclass(frozen=True, slots=True)
class Published:
    """The network has the post."""

    remote_id: str
    uri: str
    url: str | None
    posted_at: datetime
    segments: tuple[Segment, ...] = ()
    text: str = ""
    facts: dict[str, Any] = field(default_factory=dict)  # as Inbound.facts, for what continues below it
    doubt: str | None = None  # names a word: stored, and yet not seen as it should be
    addressee: str | None = None
    """Under which remote_id the network knows here whom the reply went to, where that is another than their posts' author
    has, as with ids of their own for private messages: what they say under it is then the same customer's."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something may have happened; `remote_id` names the post it happened to or under, when the network says so."""

    remote_id: str | None = None


class Network(Protocol):
    """A network. Every call opens no transaction, times out within 20 s and raises only networks.errors."""

    name: str  # that of its folder; stored with every account
    words: Mapping[Language, Words]  # what the console says of it: words_beside(__file__)
    mark: str  # an SVG path (24 x 24 view box) drawn in the current colour
    can: frozenset[str]
    """Of: "public", "private" (private messages come in, and they and public posts can be answered in private), "media",
    "content_warning", "edit", "backfill", "hint", "oauth", "token", "incoming", "reread" (a conversation can be read
    again), "late" (a mention may turn up below the cursor, so that the newest page is read again every hour), "forget"
    (of what vanished there nothing may be kept: its words and pictures are erased behind the tombstone), "brought" (other
    systems bring posts with their keys: the house makes the account, and nobody connects or asks it).
    What has neither "public" nor "private" only listens: nothing can be answered there from here."""
    connect_fields: tuple[ConnectField, ...]
    prices: tuple[Price, ...]  # empty where everything is free

    def limits(self, account: Account) -> Limits:
        """How this account's own server counts."""
        ...

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        """Begin an OAuth connection: register the app on that server if needed and say where to send the browser."""
        ...

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        """Finish a connection from the browser's return (`answer`) or from a pasted token in `fields`."""
        ...

    async def refresh(self, account: Account) -> Connected:
        """Read again who the account is and what its server can do."""
        ...

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        """The page right after `cursor`; with None the newest one, to start from, whose cursor is never None."""
        ...

    async def older_mentions(
        self, account: Account, before: str | None, *, limit: int = 80, since: datetime | None = None
    ) -> Page:
        """The page right before `before`, for importing what was said earlier; `cursor` is the next `before`.

        Nobody waits for what is older than `since` (UTC). A second inbox is gone through first, and brings nothing older.
        """
        ...

    async def thread(self, account: Account, remote_id: str) -> Thread:
        """What is around a post. Raises Gone when it vanished."""
        ...

    async def post(self, account: Account, remote_id: str) -> Inbound:
        """One post as it is now. Raises Gone when it vanished."""
        ...

    def checks(self, account: Account) -> int:
        """About how many posts vanished() takes at a time; 0 where it cannot be asked, or would cost by the post."""
        ...

    async def vanished(self, account: Account, remote_ids: Sequence[str], job: str | None) -> Checked:
        """Which of these posts, at most checks(), do not stand any more, whatever kinds of posts they are.

        Silence is no such word, and what cannot be found out now is asked about another day. With `job`, what an
        earlier call began is asked for; Rejected or Gone says that it came to nothing.
        """
        ...

    def hints(self, account: Account) -> AsyncIterator[Hint]:
        """Yield whenever something may have happened; ends or raises when the line breaks. Truth is in mentions()."""
        ...

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        """Whether and how this post can be answered at `at` (UTC), from what is known; pure, asks nobody.

        The house asks for each lane, and shows `until` and `notes` in it: a "no" to an `asked.lane` closes that one alone.
        """
        ...

    async def incoming(self, account: Account, request: Request) -> Answer:
        """Answer a request that the network makes to this account's own address here; only where it can "incoming".

        Whoever has the address may call: only what the network signed is to be believed. There is less than a second.
        """
        ...

    async def prepare(self, account: Account, outgoing: Outgoing) -> dict[str, Any]:
        """What must be the same at every attempt and is not in `outgoing` yet, as small JSON.

        The house calls this once, after the uploads, stores the answer and hands it over as `outgoing.prepared` from
        then on. Nothing is published here; raises as publish() does, but never Unknown. It is not called again: what it
        made must last until the reply is given up, or publish() says by Rejected that it is over.
        """
        ...

    async def upload(self, account: Account, upload: Upload) -> str:
        """Upload a picture and wait until it can be used; its id."""
        ...

    async def publish(self, account: Account, outgoing: Outgoing) -> Published:
        """Publish once. Unknown means it may be out: the caller must find() before trying again."""
        ...

    def repeat_safe(self, account: Account, outgoing: Outgoing) -> float | None:
        """For how many seconds after the first attempt a repeat of this reply cannot double; None: it may at once.

        Even then the house repeats once, when find() has said None half a minute after the first attempt.
        """
        ...

    async def find(self, account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
        """Look through what we posted since (UTC) for exactly this reply; the newest that fits.

        None only after having looked at all of it. Another reply of the same words in the same place fits too: what is
        known already is not this reply, and says nothing of it, so that a person is asked before it would be repeated.
        """
        ...

    def compose(
        self, parent_handle: str, others: Sequence[str], text: str, visibility: Visibility, *, own: str = ""
    ) -> str:
        """The text as it must go out so that the network delivers it: here, with the mentions it needs in front.

        Handles are full and without @; `own` is the account's, which is never mentioned. A direct text goes to
        `parent_handle` alone: raises errors.ExtraMentions when it names anybody else.
        """
        ...
