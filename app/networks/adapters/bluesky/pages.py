"""Pages of what happened to an account: notifications walked with overlap so that none is missed, and its messages."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from app.core.clock import now
from app.networks.adapters.bluesky import chat
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.notifications import Told, fetch
from app.networks.adapters.bluesky.place import LATE, MOST_KNOWN, Note, Place, read_place
from app.networks.adapters.bluesky.posts import as_seen
from app.networks.adapters.bluesky.spot import Spot, read_spot
from app.networks.adapters.bluesky.translate import Reader, to_inbound, to_outcome
from app.networks.errors import NetworkError, Rejected, Transient
from app.networks.port import Account, Inbound, Page, Reject

log = structlog.get_logger()

_SIZE: Final = 100
_MOST_PAGES: Final = 10


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
    """The page right before the cursor, which names the spot where that before ended; what hands us no post is passed over."""
    api = Api(account)
    spot, told = read_spot(cursor) if cursor is not None else None, Told()
    for _ in range(_MOST_PAGES):
        told = await fetch(api, spot, limit)
        if told.further is None or told.posts:
            break
        spot = told.further
    items, rejects = await _outcomes(api, list(reversed(told.posts)))
    further = told.further
    return Page(items, rejects, further.write() if further else cursor, more=further is not None, reached=told.bottom)


def reader_of(account: Account) -> Reader:
    """On whose behalf posts are read."""
    return Reader(account.remote_id, account.handle, now())


async def _begin(api: Api, limit: int) -> tuple[list[Note], Place]:
    told = await fetch(api, None, limit)
    if told.further is not None and len(told.posts) < limit:  # perhaps that is all there is: only the next page tells
        told = told.on(await fetch(api, told.further, limit))
    oldest = told.bottom if told.further is not None else None
    place = Place(born=oldest, low=oldest, mark=told.top, known=tuple(note.name for note in told.posts[:MOST_KNOWN]))
    return list(reversed(told.posts)), place


async def _walk(api: Api, place: Place, limit: int) -> tuple[list[Note], Place, bool]:
    """Back from the newest until nothing new can come; the oldest of what is new, oldest first."""
    told = await _back(api, None, place)
    found, new = told.posts, [note for note in told.posts if place.is_new(note)]
    stays = not new and told.bottom is not None and told.bottom == place.low  # all that was reached was handed over
    if told.further is not None and not stays:  # too much for one walk: the rest is gone through next
        return list(reversed(new)), _gap(place, told), True
    newest = _latest(place.mark, told.top)
    taken = new[-limit:]
    if not taken:
        return [], replace(place, mark=newest), False
    left = new[:-limit]
    mark = _latest(place.mark, max(note.at for note in taken)) if left else newest
    seen = {*place.known, *(note.name for note in taken)}
    named = [note for note in found if note.name in seen]
    kept, low = named[:MOST_KNOWN], place.low
    if mark is not None and (low is not None or len(kept) < len(seen)):
        lowest = min(note.at for note in (*kept, *left))
        # Too many to name all: what is below those that are named was handed over, or it would come again for ever.
        bound = lowest if len(kept) < len(named) else min(lowest, mark - LATE)
        low = max(bound, low) if low is not None else bound
    moved = replace(place, mark=mark, low=low, known=tuple(note.name for note in kept))
    return list(reversed(taken)), moved, bool(left)


def _latest(*times: datetime | None) -> datetime | None:
    return max((at for at in times if at is not None), default=None)


def _gap(place: Place, told: Told) -> Place:
    """More came than one walk looks at: how it is gone through from here on, and what is true at its end."""
    fresh = told.posts[:MOST_KNOWN]
    # Where no post was among it, what shares the last instant is still handed over, and then nothing down to it is new.
    bottom = told.bottom + timedelta(milliseconds=1) if told.bottom is not None else None
    return replace(
        place,
        gap=told.further.write() if told.further is not None else None,
        top=told.top or place.mark,
        fresh=tuple(note.name for note in fresh),
        fresh_low=fresh[-1].at if fresh else bottom,
    )


async def _cross(api: Api, place: Place) -> tuple[list[Note], Place, bool]:
    """Go on through a gap that was too wide for one walk."""
    told = await _back(api, read_spot(place.gap) if place.gap is not None else None, place)
    new = [note for note in told.posts if place.is_new(note)]
    if told.further is not None:
        return list(reversed(new)), replace(place, gap=told.further.write()), True
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


async def _back(api: Api, start: Spot | None, place: Place) -> Told:
    """From a spot down to where the place begins: only there, or where the network has no more, does a walk end.

    `further` is where to go on when that was not reached in so many pages, whatever they held.
    """
    whole = Told()
    floor, spot = place.floor(), start
    for _ in range(_MOST_PAGES):
        told = await fetch(api, spot, _SIZE)
        whole, spot = whole.on(told), told.further
        if spot is None or (floor is not None and told.bottom is not None and told.bottom < floor):
            return replace(whole, further=None)
    return whole


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
