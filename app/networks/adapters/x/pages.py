"""Pages of what was said to an account: its mentions, what its search finds, and its direct messages behind one cursor.

X gives the newest first and knows no "right after". So everything after a position is fetched, for which an ordinary
reading needs one request, and handed over as one page, oldest first: the cursor moves past all of it or not at all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from app.core.clock import now
from app.networks.adapters.x import ids
from app.networks.adapters.x.client import MOST_AT_ONCE, Api
from app.networks.adapters.x.listen import heard
from app.networks.adapters.x.messages import inbox, older
from app.networks.adapters.x.posts import translated
from app.networks.errors import NetworkError, Rejected, Unauthorized
from app.networks.foreign import identifier, member, moment, objects, raw
from app.networks.port import Account, Inbound, Page, Reject

log = structlog.get_logger()

CEILING: Final = 800
"""So many mentions X gives at most, however long we were away."""
_FEWEST: Final = 5
_MOST_PAGES: Final = 40
"""Pages may hold less than was asked for; but not for ever."""
_TALKS: Final = "messages "
_MENTIONS: Final = "mentions"
"""Where an import stands before it has reached an id: among direct messages, or right before mentions."""
_LATER: Final = 60.0
_BEFORE: Final = timedelta(minutes=15)
"""How far back the first reading looks in what has no newest page; the house sorts out what is older than itself."""

Outcome = Inbound | Reject


@dataclass(frozen=True, slots=True)
class Position:
    """How far each inbox was read, by the newest id in it; `at` is when reading began. None: nothing was there yet."""

    at: str
    mention: str | None = None
    found: str | None = None
    message: str | None = None

    def cursor(self) -> str:
        """As text; the same position is always the same text."""
        known = {"at": self.at, "m": self.mention, "s": self.found, "d": self.message}
        return json.dumps({name: value for name, value in known.items() if value}, separators=(",", ":"))


async def after(account: Account, cursor: str | None, limit: int) -> Page:
    """Everything right after the cursor, oldest first; or the newest page to begin with."""
    api = Api(account)
    position = read_position(cursor)
    items, mention = await _mentions(api, position.mention, limit, start=cursor is None)
    position = replace(position, mention=mention)
    try:
        more, newest = await heard(api, moment(position.at) or now(), position.found)
        items, position = [*items, *more], replace(position, found=newest)
    except NetworkError as problem:
        _go_on_without(api, "search", problem)
    try:
        more, newest = await inbox(api, moment(position.at) or now(), position.message)
        items, position = [*items, *more], replace(position, message=newest)
    except NetworkError as problem:
        _go_on_without(api, "messages", problem)
    posts, rejects = _sorted(items)
    return Page(posts, rejects, position.cursor(), more=False)


async def before(account: Account, cursor: str | None, limit: int, since: datetime | None) -> Page:
    """What was said before the cursor: first the direct messages, then mentions, by the lowest id in the page before."""
    api = Api(account)
    if cursor is None or cursor.startswith(_TALKS):
        page = await _earlier_messages(api, (cursor or _TALKS).removeprefix(_TALKS), since)
        if page is not None:
            return page
        cursor = _MENTIONS
    told = await _page(api, limit, [("until_id", cursor)] if cursor != _MENTIONS else [])
    lowest = min(_numbers(objects(member(told, "data"))), key=ids.age, default=None)
    posts, rejects = _sorted(await translated(api, told, role="mention", skip_own=True))
    more = lowest is not None and (cursor == _MENTIONS or ids.age(lowest) < ids.age(cursor))
    return Page(posts, rejects, lowest if more else cursor, more=more)


async def _earlier_messages(api: Api, token: str, since: datetime | None) -> Page | None:
    """A page of messages, with mentions to follow; None where the account may not read any. Others are not hurried."""
    try:
        items, further, asked = await older(api, token, since)
    except (Rejected, Unauthorized) as problem:
        _go_on_without(api, "messages", problem)
        return None
    posts, rejects = _sorted(items)
    cursor = _MENTIONS if further is None else f"{_TALKS}{further}"
    return Page(posts, rejects, cursor, more=True, again=None if asked else _LATER)


def read_position(cursor: str | None) -> Position:
    """A cursor of ours back to what it says; one that says nothing begins now."""
    try:
        said = json.loads(cursor or "{}")
    except ValueError:
        said = {}
    at = moment(member(said, "at")) or now() - _BEFORE
    mention, found, message = (identifier(member(said, name), 60) for name in "msd")
    return Position(at.isoformat(timespec="seconds"), mention, found, message)


async def _mentions(api: Api, since: str | None, limit: int, *, start: bool) -> tuple[list[Outcome], str | None]:
    where = [("since_id", since)] if since else []
    pages = [await _page(api, limit if start else MOST_AT_ONCE, where)]
    seen = set(_numbers(objects(member(pages[0], "data"))))
    while not start and len(seen) < CEILING and len(pages) < _MOST_PAGES:
        token = identifier(member(pages[-1], "meta", "next_token"))
        if token is None:
            break
        page = await _page(api, MOST_AT_ONCE, [*where, ("pagination_token", token)])
        fresh = set(_numbers(objects(member(page, "data"))))
        if fresh and fresh <= seen:
            break  # a server that goes round in a circle
        pages.append(page)
        seen |= fresh
    items: list[Outcome] = []
    for page in reversed(pages):
        items += await translated(api, page, role="mention", skip_own=True)
    numbers, given = list(seen), len(seen)
    if since and (given >= CEILING or len(pages) >= _MOST_PAGES):
        # A gap that X does not let us fill is said and not passed over: it stands among what was set aside.
        about = {"since": since, "oldest_given": min(numbers, key=ids.age), "given": given}
        said = f"{given} mentions or more since the last reading: X gives no older ones, look there"
        items.insert(0, Reject(None, said, raw(about)))
    return items, ids.newest([*numbers, *([since] if since else [])])


async def _page(api: Api, size: int, where: list[tuple[str, str]]) -> Any:
    bounded = max(_FEWEST, min(size, MOST_AT_ONCE))
    path = f"/2/users/{api.account.remote_id}/mentions"
    page = await api.get_posts(path, [("max_results", str(bounded)), *where])
    api.count("mention.read", objects(member(page, "data")))
    return page


def _go_on_without(api: Api, inbox_name: str, problem: NetworkError) -> None:
    """A further inbox that fails stays where it was, and the mentions are taken in all the same."""
    log.warning("inbox_failed", account_id=api.account.id, inbox=inbox_name, problem=problem.sentence)


def _sorted(items: Sequence[Outcome]) -> tuple[tuple[Inbound, ...], tuple[Reject, ...]]:
    """Oldest first, and each post once: what mentions us may be found by the search too."""
    once = {item.uri: item for item in reversed(items) if isinstance(item, Inbound)}
    kept = [item for item in items if isinstance(item, Inbound) and once[item.uri] is item]
    return tuple(sorted(kept, key=_when)), tuple(i for i in items if isinstance(i, Reject))


def _when(item: Inbound) -> tuple[float, tuple[int, str]]:
    name = ids.read_name(item.remote_id)
    return item.posted_at.timestamp(), ids.age(name.id if name else "")


def _numbers(posts: Sequence[dict[str, Any]]) -> list[str]:
    return [number for one in posts if (number := identifier(one.get("id"), 60)) and ids.is_number(number)]
