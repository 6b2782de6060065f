"""What an agent asks for when they send an answer."""

from dataclasses import dataclass
from typing import Literal

from app.replies.views import Visibility


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agent hands over; `seen` is the newest message they had on screen."""

    text: str
    lane: Literal["public", "private"]
    seen: str | None
    parent_id: str | None = None
    visibility: Visibility | None = None
    content_warning: str | None = None
    language: str | None = None
    picture_ids: tuple[str, ...] = ()
    confirmed: bool = False
    then: Literal["resolve", "wait"] | None = None
    undo_seconds: float | None = None  # null: as the installation says
    split: bool = False  # where the text is too long
