"""Pages of a site's comments, walked by their numbers so that none is missed."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.wordpress.client import Api, Params
from app.networks.adapters.wordpress.posts import posts_of
from app.networks.adapters.wordpress.translate import Reader, to_inbound
from app.networks.foreign import member, moment, plausible, whole
from app.networks.port import Account, Inbound, Page, Reject

PER_PAGE: Final = 100
_OVERLAP: Final = timedelta(days=1)
"""WordPress compares dates in the site's own time, which nobody tells us: a day covers every zone."""
_MOST_PAGES: Final = 50
_MOST_ID: Final = 10**18


@dataclass(frozen=True, slots=True)
class _Place:
    """The newest (or oldest) comment that was read: its number and its time."""

    number: int
    at: datetime

    def text(self) -> str:
        return json.dumps({"id": self.number, "at": self.at.isoformat()})


def reader_of(account: Account, posts: dict[int, Any] | None = None) -> Reader:
    """On whose behalf comments are read, under these posts."""
    return Reader(account.remote_id, account.server, now(), posts or {})


def visible(account: Account) -> Params:
    """Which comments are asked for: those that wait for approval too, where the account may see them."""
    return (("status", "all"),) if account.traits.get("moderates") else ()


async def after(account: Account, cursor: str | None, limit: int) -> Page:
    """The page right after the cursor, or the newest one to begin with."""
    api, size = Api.of(account), max(1, min(limit, PER_PAGE))
    if cursor is None:
        where = (("orderby", "id"), ("order", "desc"), ("per_page", str(size)), *visible(account))
        newest = await api.page("wp/v2/comments", where)
        place = _newest(newest, _Place(0, now()))
        return await _page(account, api, list(reversed(newest)), place.text(), more=False)
    place = _place(cursor)
    where = (("orderby", "id"), ("order", "asc"), ("after", (place.at - _OVERLAP).isoformat()), *visible(account))
    found = await _walk(api, where, size, lambda number: number > place.number)
    moved = _newest(found, place)
    return await _page(account, api, found, moved.text() if moved != place else cursor, more=len(found) >= size)


async def before(account: Account, cursor: str | None, limit: int) -> Page:
    """The page right before the cursor, or the newest one; the next cursor is the oldest comment in it."""
    api, size = Api.of(account), max(1, min(limit, PER_PAGE))
    place = _place(cursor) if cursor is not None else None
    until = (("before", (place.at + _OVERLAP).isoformat()),) if place else ()
    where = (("orderby", "id"), ("order", "desc"), *until, *visible(account))
    wanted = (lambda number: number < place.number) if place else (lambda _number: True)
    found = await _walk(api, where, size, wanted)
    oldest = min((place_of(one) for one in found), key=lambda one: one.number, default=place)
    text = oldest.text() if oldest is not None else cursor
    return await _page(account, api, list(reversed(found)), text, more=bool(found))


async def of_post(api: Api, post: int, account: Account) -> list[Any]:
    """All comments under a post of the site, oldest first, as far as 500."""
    where = (("post", str(post)), ("orderby", "id"), ("order", "asc"), *visible(account))
    return await _walk(api, where, 5 * PER_PAGE, lambda _number: True)


async def _walk(api: Api, where: Params, most: int, wanted: Any) -> list[Any]:
    """As many comments as wanted, page by page, until there are enough or no more."""
    found: list[Any] = []
    for number in range(1, _MOST_PAGES + 1):
        page = await api.page("wp/v2/comments", (*where, ("per_page", str(PER_PAGE)), ("page", str(number))))
        found += [one for one in page if wanted(place_of(one).number)]
        if len(page) < PER_PAGE or len(found) >= most:
            break
    return found[:most]


def place_of(comment: Any) -> _Place:
    """A comment's number and time."""
    return _Place(
        whole(member(comment, "id"), _MOST_ID) or 0,
        _when(member(comment, "date_gmt"), datetime(2000, 1, 1, tzinfo=UTC)),
    )


def _when(told: Any, without: datetime) -> datetime:
    """A time to ask by; one that cannot be is now, since nothing would ever be found after it. `without` any, that."""
    at = moment(told)
    return without if at is None else plausible(at, now() + _OVERLAP, now())


def _newest(comments: list[Any], place: _Place) -> _Place:
    highest = max((place_of(one) for one in comments), key=lambda one: one.number, default=place)
    return highest if highest.number > place.number else place


def _place(cursor: str) -> _Place:
    try:
        kept: Any = json.loads(cursor)
    except ValueError:
        kept = None
    return _Place(whole(member(kept, "id"), _MOST_ID) or 0, _when(member(kept, "at"), datetime(2000, 1, 2, tzinfo=UTC)))


async def _page(account: Account, api: Api, comments: list[Any], cursor: str | None, *, more: bool) -> Page:
    reader = reader_of(account, await posts_of(account, api, comments))
    outcomes = [to_inbound(one, reader) for one in comments]
    items = tuple(one for one in outcomes if isinstance(one, Inbound) and one.role != "own")
    return Page(items, tuple(one for one in outcomes if isinstance(one, Reject)), cursor, more=more)
