"""One page of an account's notifications, of all kinds: what the network picks out by reason, it does not pick out whole.

Asked for reasons alone, it looks through several pages by itself, and at the ends of those, which it tells nobody,
what shares a millisecond with something else (a like) is left out for good. So everything is asked for, and what hands
us no post is dropped here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.core.clock import now
from app.networks.adapters.bluesky.call import Unreadable
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.place import Note, to_note
from app.networks.adapters.bluesky.spot import Spot
from app.networks.foreign import identifier, member, words

_LARGEST: Final = 100
_LIKES: Final = frozenset(("like", "repost", "follow", "like-via-repost", "repost-via-repost"))
"""Kinds that hand us no post and come by the thousand; any other is looked at by the translation."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a page, or several, told: what may hand us a post, newest first, and from when to when they reached."""

    posts: tuple[Note, ...] = ()
    top: datetime | None = None
    bottom: datetime | None = None
    further: Spot | None = None  # where to go on; None: there is no more

    def on(self, after: "Told") -> "Told":
        """Together with the page after it."""
        return Told((*self.posts, *after.posts), self.top or after.top, after.bottom or self.bottom, after.further)


async def fetch(api: Api, spot: Spot | None, size: int) -> Told:
    """The page that begins at a spot, and the next spot; a short page is not the last one.

    Room is made for what is told once more, so that a page brings something new wherever that is possible.
    """
    if spot is None:
        notes, cursor = await _listed(api, None, min(size, _LARGEST))
        return _told(notes, Spot(cursor).after(notes) if cursor is not None else None)
    told, cursor = await _listed(api, spot.asked(), min(size + len(spot.named), _LARGEST))
    notes = [note for note in told if note.name not in spot.named]
    if cursor == spot.cursor:
        further = spot.after(notes)
        if further != spot:
            return _told(notes, further)
        if spot.asked() == spot.cursor:
            return _told(notes, None)
        # A whole page of one instant: what more it may hold cannot be had, and must not hold up what is below.
        notes, cursor = await _listed(api, spot.cursor, min(size, _LARGEST))
    return _told(notes, Spot(cursor).after(notes) if cursor is not None and cursor != spot.cursor else None)


def _told(notes: list[Note], further: Spot | None) -> Told:
    """The page's end is its cursor's time: what the network hides from us at the end of a page is gone through as well."""
    reached = further.at() if further is not None else None
    last = notes[-1].at if notes else None
    bottom = min((at for at in (reached, last) if at is not None), default=None)
    posts = tuple(note for note in notes if words(member(note.content, "reason"), 60) not in _LIKES)
    return Told(posts, notes[0].at if notes else None, bottom, further)


async def _listed(api: Api, cursor: str | None, size: int) -> tuple[list[Note], str | None]:
    """One page as the network tells it, and its cursor to the next."""
    where = (("cursor", cursor),) if cursor is not None else ()
    # Left out, an account's own setting would hide what strangers say.
    wishes = (("limit", str(max(1, size))), ("priority", "false"))
    told = await api.get("app.bsky.notification.listNotifications", (*wishes, *where))
    listed = member(told, "notifications")
    if not isinstance(listed, list):
        raise Unreadable
    at, notes = now(), list[Note]()
    for one in listed:
        notes.append(to_note(one, at, notes[-1].at if notes else None))
    return notes, identifier(member(told, "cursor"))
