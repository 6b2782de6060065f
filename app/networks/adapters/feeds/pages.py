"""What is new in a feed, as pages of the port; nothing is given up because it is absent from a newer copy."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import structlog

from app.core.clock import now
from app.networks.adapters.feeds import websub
from app.networks.adapters.feeds.document import Document, read
from app.networks.adapters.feeds.fetch import Fetched, fetch
from app.networks.adapters.feeds.position import Position, position, short
from app.networks.adapters.feeds.translate import Reader, fingerprint_of, identity_of, place_of, to_inbound
from app.networks.errors import NetworkError
from app.networks.foreign import host_of
from app.networks.port import Account, Inbound, Page, Reject

log = structlog.get_logger()

PAUSE: Final = 900
"""Seconds between two questions where the feed wishes nothing else."""
_SHORTEST, _LONGEST = 300, 86_400
_BESIDE_A_HUB: Final = 3_600
"""Where a hub promised to tell us, the feed is still asked so often: nobody says whether it keeps its word."""
_MOST_OLDER: Final = 3
"""So many older pages are read when a feed has nothing that we know."""


async def after(account: Account, cursor: str | None, limit: int) -> Page:
    """What was added or edited since the cursor, oldest first; with None the newest page to begin with.

    A page that does not hold everything keeps the validators back, so that the rest comes with the next question.
    """
    here = position(cursor)
    got = await fetch(here.url or account.server, here, anew=cursor is None)
    if got.body is None:
        moved = await websub.kept(account, got.position)
        return Page((), (), moved.text(), more=False, again=_pause(None, got.headers, moved))
    document = await asyncio.to_thread(read, got.body, got.headers, got.url)
    items = await _with_older(document, here, reader_of(account)) if cursor is not None else document.items
    return await _page(account, got, here, document, items, limit, starting=cursor is None)


async def _page(
    account: Account,
    got: Fetched,
    here: Position,
    document: Document,
    items: list[dict[str, Any]],
    limit: int,
    *,
    starting: bool,
) -> Page:
    reader = reader_of(account)
    fresh = _fresh(items, here)
    taken = fresh[-limit:] if starting else fresh[:limit]
    whole = starting or len(taken) == len(fresh)
    read_now = [_read(key, item, here, reader) for key, item in taken]
    passed = fresh if starting else taken
    said = {key: fingerprint_of(item) for key, item in passed}
    said |= {place: "" for _, item in passed if (place := place_of(item))}
    known = {key: value for key, value in here.known.items() if key not in said} | said
    after_all = replace(got.position, known=known)
    if not whole:
        after_all = replace(after_all, etag=here.etag, modified=here.modified, body=here.body)
    after_all = await websub.kept(account, after_all, document.hub)
    return Page(
        items=tuple(one for one in read_now if isinstance(one, Inbound)),
        rejects=tuple(one for one in read_now if isinstance(one, Reject)),
        cursor=after_all.text(),
        more=not whole,
        again=_pause(document.pause, got.headers, after_all),
    )


def reader_of(account: Account) -> Reader:
    """For whom the feed is read."""
    listens = str(account.traits.get("words") or "").split(",")
    return Reader(
        feed=account.server,
        host=host_of(account.server),
        own=str(account.traits.get("own") or "").strip(),
        listens=tuple(word.strip().casefold() for word in listens if word.strip()),
        now=now(),
    )


def _fresh(items: list[dict[str, Any]], here: Position) -> list[tuple[str, dict[str, Any]]]:
    """What we do not know yet, or as something else, oldest first; of two items with one identity the later dated."""
    by_key: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(items):
        known_as = identity_of(item)
        key = short(known_as) if known_as else f"?{number}"
        other = by_key.get(key)
        if other is None or str(item.get("updated") or "") > str(other.get("updated") or ""):
            by_key[key] = item
    fresh = [(key, item) for key, item in by_key.items() if not _is_known(key, item, here)]
    return list(reversed(fresh))


def _is_known(key: str, item: dict[str, Any], here: Position) -> bool:
    said = here.known.get(key)
    return place_of(item) in here.known if said is None else said == fingerprint_of(item)


def _read(key: str, item: dict[str, Any], here: Position, reader: Reader) -> Inbound | Reject | None:
    """An item in our words; one that says something else than before was edited, also where no date tells of it."""
    read_now = to_inbound(item, reader)
    if isinstance(read_now, Inbound) and read_now.edited_at is None and key in here.known:
        return replace(read_now, edited_at=reader.now)
    return read_now


async def _with_older(document: Document, here: Position, reader: Reader) -> list[dict[str, Any]]:
    """The document's items, and older pages where it has nothing that we know: some may have fallen out of it."""
    items, following = list(document.items), document.following
    for _ in range(_MOST_OLDER):
        known = any((key := identity_of(item)) and short(key) in here.known for item in items)
        if known or not here.known or not items:
            return items
        log.info("feed_gap", host=reader.host, items=len(items), older=bool(following))
        if following is None:
            return items
        try:
            got = await fetch(following, Position(), anew=True)
            older = await asyncio.to_thread(read, got.body or b"", got.headers, got.url)
        except NetworkError as problem:  # what is there is taken in; the gap stays as it is
            log.info("feed_gap_stays", host=reader.host, problem=problem.sentence)
            return items
        items += older.items
        following = older.following
    return items


def _pause(wish: int | None, headers: Mapping[str, str], here: Position) -> float:
    """Seconds until the next question: what feed and server wish, within bounds, with a little chance."""
    seconds = max(wish or 0, _max_age(headers), PAUSE)
    if here.leased > now().timestamp():
        seconds = max(seconds, _BESIDE_A_HUB)
    return min(max(seconds, _SHORTEST), _LONGEST) * random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, hides nothing


def _max_age(headers: Mapping[str, str]) -> int:
    for wish in headers.get("cache-control", "").split(","):
        name, _, value = wish.strip().partition("=")
        if name.lower() == "max-age" and value.strip('"').isdecimal():
            return int(value.strip('"')[:9])
    return 0
