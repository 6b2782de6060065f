"""The shapes of the work: a message, the card in the inbox, the open ticket."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.core.event import View
from app.core.shown import shown
from app.tickets import examples
from app.tickets.state import DismissReason, Priority, State

Lane = Literal["public", "private"]


class AuthorView(View):
    """Who wrote a post, as they looked when we read it."""

    handle: str
    name: str
    url: str | None
    avatar_url: str | None


class SegmentView(View):
    """A piece of a post's text; the console makes elements of it and trusts no HTML."""

    kind: Literal["text", "link", "mention", "tag", "emoji", "break", "paragraph", "code", "quote"]
    text: str
    href: str | None = None


class MediaView(View):
    """A picture, film or sound; `alt` is its alternative text."""

    kind: Literal["image", "video", "audio", "other"]
    url: str | None
    preview_url: str | None
    alt: str | None
    width: int | None
    height: int | None


class VersionView(View):
    """What a post said until `until`."""

    text: str
    content_warning: str | None
    until: datetime


class AnswerableView(View):
    """Whether and how a post can be answered on its network."""

    how: Literal["yes", "private_only", "by_hand", "no"]
    """From here; from here but only in private; only by a person on the network itself; not at all."""
    why: str | None
    """An i18n key of the console."""
    until: datetime | None
    """From then on it is different."""
    url: str | None
    """Where a person goes to answer by hand."""
    notes: list[str]
    """I18n keys said beside a yes."""


class MessageView(View):
    """One post, in or out."""

    model_config = shown(examples.MESSAGE)

    id: str
    kind: Literal["customer", "brand", "other"]
    ticket_id: str | None
    conversation_id: str
    lane: Lane
    visibility: Literal["public", "unlisted", "followers", "direct"]
    author: AuthorView
    segments: list[SegmentView]
    text: str
    content_warning: str | None
    language: str | None
    media: list[MediaView]
    url: str | None
    in_reply_to: str | None
    """Id of the message it answers, when that is in our books."""
    posted_at: datetime
    received_at: datetime
    edited_at: datetime | None
    versions: list[VersionView]
    vanished_at: datetime | None
    vanished_why: Literal["deleted", "hidden"] | None
    answered_at: datetime | None
    backfilled: bool
    reply_id: str | None
    agent_id: str | None
    """Who of us wrote it; a brand's message without one was posted outside Mentiondesk."""
    sent_by: str | None
    external_reference: str | None
    """What the system calls it that brought it."""
    answerable: AnswerableView | None
    """Of a customer's post on an open ticket, where there is more to say than yes."""


class NoteView(View):
    """An inside remark."""

    model_config = shown(examples.NOTE)

    id: str
    ticket_id: str
    agent_id: str
    text: str
    created_at: datetime


class FactView(View):
    """One line of a ticket's history: an event's type, who did it (null: the house), and its fact."""

    seq: int
    at: datetime
    type: str
    agent_id: str | None
    fact: dict[str, object]


class CardCustomer(View):
    """The customer as a row shows them."""

    id: str
    name: str
    handle: str
    avatar_url: str | None


class ReferenceView(View):
    """What another system calls a ticket, who said so (null: an import), and where it stands there."""

    reference: str
    url: str | None
    agent_id: str | None
    created_at: datetime


class TicketCard(View):
    """A ticket as the inbox shows it.

    Of two cards the one with the higher revision is right; of two with the same, the one with the higher
    `promise_revision`: a due time that moves makes no agent's view of the ticket stale.
    """

    model_config = shown(examples.CARD)

    id: str
    number: int
    revision: int
    brand_id: str
    account_id: str
    network: str
    customer: CardCustomer
    state: State
    priority: Priority
    assignee_id: str | None
    labels: list[str]
    lane: Lane
    language: str | None
    preview: str
    """The newest post in short: behind ⚠︎ its content warning, behind 🖼︎, 🎞︎, 🔊︎ or 📎︎ what is attached to one without words."""
    waiting: int
    """How many customer messages nobody answered."""
    unanswered_since: datetime | None
    opened_at: datetime
    last_message_at: datetime
    snoozed_until: datetime | None
    resolved_at: datetime | None
    dismissed: DismissReason | None
    follows_id: str | None
    references: list[str] = Field(default=[])
    """What other systems call it."""
    next_due_at: datetime | None
    """The earliest promise that runs or is already late; in the past when late."""
    next_due_metric: str | None
    next_warn_at: datetime | None
    promise_revision: int


class TicketView(View):
    """An open ticket: its card, its posts, notes and history, oldest first."""

    model_config = shown(examples.OPEN)

    card: TicketCard
    messages: list[MessageView]
    notes: list[NoteView]
    references: list[ReferenceView]
    facts: list[FactView]
    """What happened between these messages and is not said by posts, notes, replies and clocks themselves."""
    answerable: AnswerableView | None
    """Of the customer's newest post that can be answered from here, else of their newest; null: they wrote none."""
    earlier: bool
    """There are older messages than these; ask with `before`."""
    follows: TicketCard | None
    followed_by: list[TicketCard]


class InboxView(View):
    """One page of the inbox, and the log's position it was read at or after."""

    model_config = shown({"items": [examples.CARD], "next": examples.MARK, "head": 5120})

    items: list[TicketCard]
    next: str | None
    head: int


class CountsView(View):
    """How many tickets each view holds for me; counted to 1,000, beyond which the console says 999+."""

    model_config = shown(
        {"all_open": 12, "mine": 3, "unassigned": 2, "late": 1, "waiting": 4, "snoozed": 0, "resolved": 318}
    )

    all_open: int
    mine: int
    unassigned: int
    late: int
    waiting: int
    snoozed: int
    resolved: int


class LabelView(View):
    """A word to sort tickets by."""

    model_config = shown({"name": "delivery"})

    name: str
