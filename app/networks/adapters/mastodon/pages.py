"""Pages of an account's notifications, walked so that none is missed."""

from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.mastodon.client import Api, Params, TooLarge, Unreadable
from app.networks.adapters.mastodon.translate import Reader, to_outcome
from app.networks.foreign import identifier, member
from app.networks.port import Account, Inbound, Page, Reject

BEGINNING: Final = "0"
"""The cursor of an account that had no notification yet: everything that comes is after it.

It is never sent: what precedes every id differs from server to server. The oldest page is walked to instead.
"""
_MOST: Final = 80
_PLEASE_NOT: Final = ("favourite", "reblog", "follow", "follow_request", "poll")
"""Kinds that every family knows by name and that hand us no post; a popular post has thousands of them."""


async def after(account: Account, cursor: str | None, limit: int) -> Page:
    """The page right after the cursor, or the newest one to begin with."""
    api = Api.of(account)
    if cursor == BEGINNING:
        return _page(account, await _oldest(api, limit), cursor)
    found = await _fetch(api, limit, () if cursor is None else (("min_id", cursor),))
    page = _page(account, found, cursor or BEGINNING)
    if cursor is None:
        return Page(page.items, page.rejects, page.cursor, more=False)
    return page


async def before(account: Account, cursor: str | None, limit: int) -> Page:
    """The page right before the cursor, or the newest one; the next cursor is the lowest id in it."""
    found = await _fetch(Api.of(account), limit, () if cursor is None else (("max_id", cursor),))
    items, rejects = _outcomes(account, found)
    lowest = min(_ids(found), key=_age, default=None)
    moved = lowest is not None and (cursor is None or _age(lowest) < _age(cursor))
    return Page(items, rejects, lowest if moved else cursor, more=moved)


async def _oldest(api: Api, limit: int) -> list[Any]:
    page = await _fetch(api, limit, ())
    while page:
        lowest = min(_ids(page), key=_age, default=None)
        further = await _fetch(api, limit, (("max_id", lowest),)) if lowest else []
        if not further or min(_ids(further), key=_age, default=lowest) == lowest:
            break
        page = further
    return page


async def _fetch(api: Api, limit: int, where: Params) -> list[Any]:
    """One page, newest first as the server gives it; a smaller one when the posts in it are too large to read."""
    size = max(1, min(limit, _MOST))
    wishes = (("include_filtered", "true"), *(("exclude_types[]", kind) for kind in _PLEASE_NOT))
    while True:
        try:
            found = await api.get("/api/v1/notifications", (("limit", str(size)), *where, *wishes))
        except TooLarge:
            if size == 1:
                raise
            size = max(1, size // 4)
            continue
        if not isinstance(found, list):
            raise Unreadable
        return found


def _page(account: Account, found: list[Any], cursor: str) -> Page:
    items, rejects = _outcomes(account, found)
    highest = max(_ids(found), key=_age, default=cursor)
    moved = _age(highest) > _age(cursor)
    return Page(items, rejects, highest if moved else cursor, more=moved)


def _outcomes(account: Account, found: list[Any]) -> tuple[tuple[Inbound, ...], tuple[Reject, ...]]:
    reader = reader_of(account)
    outcomes = [to_outcome(one, reader) for one in reversed(found)]
    items = tuple(one for one in outcomes if isinstance(one, Inbound))
    return items, tuple(one for one in outcomes if isinstance(one, Reject))


def reader_of(account: Account) -> Reader:
    """On whose behalf posts are read."""
    return Reader(account.remote_id, account.handle.partition("@")[2] or str(account.traits.get("domain", "")), now())


def _ids(found: list[Any]) -> list[str]:
    return [number for one in found if (number := identifier(member(one, "id"), 200)) is not None]


def _age(number: str) -> tuple[int, str]:
    """Orders the ids of one server: longer is newer, then lexically (numbers, ULIDs and flake ids alike)."""
    return len(number), number
