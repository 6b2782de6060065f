"""Pages of what happened to an account: notifications walked with overlap so that none is missed, and its messages."""

from dataclasses import replace
from typing import Any, Final

import structlog

from app.core.clock import now
from app.networks.adapters.bluesky import chat
from app.networks.adapters.bluesky.call import Unreadable
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.place import LATE, MOST_KNOWN, Note, Place, read_place, to_note
from app.networks.adapters.bluesky.posts import as_seen
from app.networks.adapters.bluesky.spot import Spot, read_spot
from app.networks.adapters.bluesky.translate import Reader, to_inbound, to_outcome
from app.networks.errors import NetworkError, Rejected, Transient
from app.networks.foreign import identifier, member
from app.networks.port import Account, Inbound, Page, Reject

log = structlog.get_logger()

_SIZE: Final = 100
_MOST_PAGES: Final = 10
_REASONS: Final = (("reasons", "mention"), ("reasons", "reply"), ("reasons", "quote"))


async def after(account: Account, cursor: str | None, limit: int) -> Page:
    """The page right after the cursor, or the newest one to begin with; private messages come along."""
    api = Api(account)
    place = read_place(cursor) if cursor is not None else Place()
    if cursor is None:
        notes, place = await _begin(api, limit)
        more = False
    elif place.gap is not None:
        notes, place, more = await _cross(api, place)
    else:
        notes, place, more = await _walk(api, place, limit)
    items, rejects = await _outcomes(api, notes)
    said, place = await _messages(api, place)
    together = sorted((*items, *(one for one in said if isinstance(one, Inbound))), key=lambda one: one.posted_at)
    unread = (*rejects, *(one for one in said if isinstance(one, Reject)))
    return Page(tuple(together), unread, place.write(), more)


async def before(account: Account, cursor: str | None, limit: int) -> Page:
    """The page right before the cursor, which names the spot where that before ended."""
    api = Api(account)
    notes, further = await _fetch(api, read_spot(cursor) if cursor is not None else None, limit)
    items, rejects = await _outcomes(api, list(reversed(notes)))
    return Page(items, rejects, further.write() if further is not None else cursor, more=further is not None)


def reader_of(account: Account) -> Reader:
    """On whose behalf posts are read."""
    return Reader(account.remote_id, account.handle, now())


async def _begin(api: Api, limit: int) -> tuple[list[Note], Place]:
    notes, further = await _fetch(api, None, limit)
    named, oldest = notes[:MOST_KNOWN], notes[-1].at if notes else None
    place = Place(
        born=oldest if further else None,
        low=oldest if further else None,
        mark=notes[0].at if notes else None,
        known=tuple(note.name for note in named),
    )
    return list(reversed(notes)), place


async def _walk(api: Api, place: Place, limit: int) -> tuple[list[Note], Place, bool]:
    """Back from the newest until nothing new can come; the oldest of what is new, oldest first."""
    found, further = await _back(api, None, place)
    new = [note for note in found if place.is_new(note)]
    stays = not new and bool(found) and found[-1].at == place.low  # all that was reached was handed over before
    if further is not None and not stays:  # too much for one walk: the rest is gone through next
        fresh = found[:MOST_KNOWN]
        begun = replace(
            place,
            gap=further.write(),
            top=max(note.at for note in found),
            fresh=tuple(note.name for note in fresh),
            fresh_low=fresh[-1].at,
        )
        return list(reversed(new)), begun, True
    taken = new[-limit:]
    if not taken:
        return [], place, False
    left, newest = new[:-limit], max(note.at for note in taken)
    seen = {*place.known, *(note.name for note in taken)}
    named = [note for note in found if note.name in seen]
    kept, mark = named[:MOST_KNOWN], max(newest, place.mark or newest)
    low = place.low
    if low is not None or len(kept) < len(seen):
        lowest = min(note.at for note in (*kept, *left))
        # Too many to name all: what is below those that are named was handed over, or it would come again for ever.
        bound = lowest if len(kept) < len(named) else min(lowest, mark - LATE)
        low = max(bound, low) if low is not None else bound
    moved = replace(place, mark=mark, low=low, known=tuple(note.name for note in kept))
    return list(reversed(taken)), moved, bool(left)


async def _cross(api: Api, place: Place) -> tuple[list[Note], Place, bool]:
    """Go on through a gap that was too wide for one walk."""
    found, further = await _back(api, read_spot(place.gap) if place.gap is not None else None, place)
    new = [note for note in found if place.is_new(note)]
    if further is not None:
        return list(reversed(new)), replace(place, gap=further.write()), True
    over = replace(
        place,
        gap=None,
        mark=place.top,
        known=place.fresh,
        low=place.fresh_low,
        top=None,
        fresh=(),
        fresh_low=None,
    )
    return list(reversed(new)), over, True


async def _back(api: Api, start: Spot | None, place: Place) -> tuple[list[Note], Spot | None]:
    """Notifications from a spot down to where the place begins; and where to go on when that was not reached."""
    found: list[Note] = []
    floor, spot = place.floor(), start
    for _ in range(_MOST_PAGES):
        notes, spot = await _fetch(api, spot, _SIZE)
        found += notes
        if spot is None or (floor is not None and notes and notes[-1].at < floor):
            return found, None
    return found, spot if found else None


async def _fetch(api: Api, spot: Spot | None, size: int) -> tuple[list[Note], Spot | None]:
    """The page that begins at a spot, newest first, and the next spot; a short page is not the last one.

    Room is made for what is told once more, so that a page brings something new wherever that is possible.
    """
    if spot is None:
        notes, cursor = await _listed(api, None, min(size, _SIZE))
        return notes, Spot(cursor).after(notes) if cursor is not None else None
    told, cursor = await _listed(api, spot.asked(), min(size + len(spot.named), _SIZE))
    notes = [note for note in told if note.name not in spot.named]
    if cursor == spot.cursor:
        further = spot.after(notes)
        if further != spot:
            return notes, further
        if spot.asked() == spot.cursor:
            return notes, None
        # A whole page of one instant: what more it may hold cannot be had, and must not hold up what is below.
        notes, cursor = await _listed(api, spot.cursor, min(size, _SIZE))
    return notes, Spot(cursor).after(notes) if cursor is not None and cursor != spot.cursor else None


async def _listed(api: Api, cursor: str | None, size: int) -> tuple[list[Note], str | None]:
    """One page as the network tells it, and its cursor to the next."""
    where = (("cursor", cursor),) if cursor is not None else ()
    # Left out, an account's own setting would hide what strangers say.
    wishes = (("limit", str(max(1, size))), ("priority", "false"), *_REASONS)
    told = await api.get("app.bsky.notification.listNotifications", (*wishes, *where))
    listed = member(told, "notifications")
    if not isinstance(listed, list):
        raise Unreadable
    at, notes = now(), list[Note]()
    for one in listed:
        notes.append(to_note(one, at, notes[-1].at if notes else None))
    return notes, identifier(member(told, "cursor"))


async def _outcomes(api: Api, notes: list[Note]) -> tuple[tuple[Inbound, ...], tuple[Reject, ...]]:
    """What notifications hand us, with what only the post itself tells: pictures, and whether replies are allowed."""
    reader = reader_of(api.account)
    read = [to_outcome(note.content, reader) for note in notes]
    posts = [one for one in read if isinstance(one, Inbound)]
    try:
        views = await as_seen(api, [one.remote_id for one in posts])
    except (Transient, Rejected) as problem:
        log.warning("posts_unseen", account=api.account.remote_id, problem=problem.sentence)
        views = {}  # a mention is worth more than what else is known of it; the next reading of its thread tells
    fuller = (
        to_inbound(views[one.remote_id], reader, role=one.role) if one.remote_id in views else one for one in posts
    )
    items = tuple(full if isinstance(full, Inbound) else post for full, post in zip(fuller, posts, strict=True))
    return items, tuple(one for one in read if isinstance(one, Reject))


async def _messages(api: Api, place: Place) -> tuple[list[Any], Place]:
    """New private messages. Their service failing must not keep notifications from us: its place stays where it is."""
    if not api.account.traits.get("chat"):
        return [], place
    try:
        return await chat.news(api, place)
    except NetworkError as problem:
        log.warning("messages_unread", account=api.account.remote_id, problem=problem.sentence)
        return [], place
