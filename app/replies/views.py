"""The shapes of an answer on its way out."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.core.event import View
from app.core.shown import shown
from app.replies import examples
from app.tickets.views import AnswerableView, Lane

ReplyState = Literal["queued", "sending", "unsure", "sent", "failed", "cancelled"]
Visibility = Literal["public", "unlisted", "followers", "direct"]


class PictureView(View):
    """A picture waiting to go out."""

    model_config = shown(examples.PICTURE)

    id: str
    filename: str
    media_type: str
    alt: str
    size: int


class ReplyView(View):
    """A reply as it is now; `problem` has the network's own words."""

    model_config = shown(examples.REPLY)

    id: str
    ticket_id: str
    agent_id: str
    parent_id: str
    lane: Lane
    visibility: Visibility
    text: str
    content_warning: str | None
    state: ReplyState
    created_at: datetime
    due_at: datetime | None
    """When it leaves or is tried again; null when it is finished, unsure and a person must decide, or queued behind the
    part before it."""
    tries: int
    problem: str | None
    problem_code: str | None = None
    """The reason's name among the console's words; null where the network's own words are all there is."""
    problem_values: dict[str, str] = Field(default_factory=dict)
    """What those words take."""
    doubt: str | None
    """An i18n key: it is out, and yet not seen there as it should be."""
    message_id: str | None
    sent_at: datetime | None
    pictures: list[PictureView]
    then: Literal["resolve", "wait"] | None
    group_id: str | None
    """What all parts of one text have in common; null for a text that leaves whole."""
    part: int
    """Which part it is, from 1, of `parts`."""
    parts: int
    revision: int


class DraftView(View):
    """A text not sent."""

    model_config = shown(examples.DRAFT)

    ticket_id: str
    text: str
    lane: Literal["public", "private", "note"]
    content_warning: str | None
    visibility: Visibility | None
    parent_id: str | None
    picture_ids: list[str]
    key: str
    """The idempotency key the reply will be sent under, made when the draft began."""
    saved_at: datetime


class ReplyCostView(View):
    """What a post costs at the most, in millionths of a US dollar: each part of a reply is one."""

    micros: int
    with_link_micros: int
    """As much again where a link makes it no dearer."""


class LaneOptions(View):
    """Whether and how an answer can go out in one lane, to which message, and what is put before the text."""

    lane: Lane
    allowed: bool
    why_not: str | None
    """What stands in the way on our side: account_broken, not_on_this_network or nothing_to_answer; else `answerable` says."""
    answerable: AnswerableView | None
    """The network's rule for the post that would be answered; null without one."""
    parent_id: str | None
    to_handle: str | None
    prefix: str
    """Mentions the network needs in front of the text; they count."""
    visibilities: list[Visibility]
    """What may be chosen, the default first; never wider than the parent's."""
    content_warning: str | None
    cost: ReplyCostView | None
    """Null where replies are free."""


class ReplyOptions(View):
    """What the composer must know before the first key."""

    model_config = shown(examples.OPTIONS)

    account_id: str
    listens_only: bool
    """Nothing can be answered there from here: there are notes, states and the way to the post."""
    newest_message_id: str | None
    """Send it back as `seen`."""
    lanes: list[LaneOptions]
