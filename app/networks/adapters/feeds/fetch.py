"""Fetches a feed politely: only what changed, redirects looked at one by one, and refusals in words."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

from app.core import client
from app.core.clock import now
from app.core.settings import settings
from app.networks.adapters.feeds.position import Position
from app.networks.errors import RateLimited, Rejected, Transient, Unauthorized
from app.networks.html import web_address
from app.networks.reach import reaching
from app.networks.retry_after import retry_at

MOST_REDIRECTS: Final = 5
_MOVED_FOR_GOOD: Final = frozenset((301, 308))
_BELIEVED_AFTER: Final = 3
"""So often in a row must a feed say that it moved for good before its old address is left."""
_LONGEST_WAIT: Final = timedelta(days=1)
_ACCEPT: Final = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


class FeedGone(Unauthorized):
    """This feed has ended: its server says that it is gone for good (410)."""


class FeedClosed(Unauthorized):
    """This feed is not open to everybody; it cannot be read here."""


class FeedMissing(Transient):
    """There is no feed at this address (404)."""


class NotAnAddress(Rejected):
    """This is not an address of the web. Write it like https://blog.example/feed."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: nothing new (`body` None), or a document; and the position as it is if all of it is taken in."""

    url: str
    body: bytes | None
    headers: dict[str, str]
    position: Position


def feed_address(said: str) -> str:
    """The address as typed, https unless it says http. Raises NotAnAddress."""
    text = said.strip()
    address = web_address(text if "://" in text else f"https://{text}")
    if address is None or ("." not in (urlsplit(address).hostname or "") and not settings().allow_private_networks):
        raise NotAnAddress
    return address


async def fetch(url: str, position: Position, *, anew: bool = False) -> Fetched:
    """Ask for what is newer than `position`; with `anew` for all of it.

    Raises FeedGone (410), FeedClosed (401, 403), FeedMissing (404), RateLimited, Transient, Rejected.
    """
    validators = {"if-none-match": position.etag, "if-modified-since": position.modified}
    asking = {} if anew else {name: value for name, value in validators.items() if value}
    at, for_good = url, True
    for _ in range(MOST_REDIRECTS + 1):
        answer = await ask("GET", at, {"accept": _ACCEPT, **asking})
        if answer.status not in {301, 302, 303, 307, 308}:
            break
        for_good = for_good and answer.status in _MOVED_FOR_GOOD
        at = _next(at, answer.headers.get("location"))
    else:
        raise Transient("This address leads on and on to other addresses.")
    moved = _moved(position, url, at, for_good=for_good)
    if answer.status == 304:
        return Fetched(at, None, dict(answer.headers), moved)
    _refuse(answer)
    digest = hashlib.sha256(answer.body).hexdigest()
    after = replace(moved, etag=answer.headers.get("etag"), modified=answer.headers.get("last-modified"), body=digest)
    unchanged = digest == position.body and not anew
    return Fetched(at, None if unchanged else answer.body, dict(answer.headers), after)


async def ask(method: str, url: str, headers: dict[str, str], form: dict[str, str] | None = None) -> client.Answer:
    """Ask one address once. Raises Rejected for an address that is not public, Transient when it cannot be reached."""
    with reaching():
        return await client.request(method, url, headers=headers, form=form)


def _next(at: str, location: str | None) -> str:
    address = web_address(urljoin(at, location or ""))
    if address is None or not location:
        raise Transient("The server sends us on without saying where.")
    return address


def _moved(position: Position, url: str, at: str, *, for_good: bool) -> Position:
    """Count permanent redirects; after three in a row to the same place, that place is the feed's address."""
    if at == url or not for_good:
        return replace(position, moved=None, moves=0)
    moves = position.moves + 1 if position.moved == at else 1
    return replace(position, moved=at, moves=moves, url=at if moves >= _BELIEVED_AFTER else position.url)


def _refuse(answer: client.Answer) -> None:
    status = answer.status
    if status == 410:
        raise FeedGone
    if status in {401, 403}:
        raise FeedClosed
    if status == 404:
        raise FeedMissing
    if status in {429, 503}:
        raise RateLimited(
            f"The server answered {status}.", retry_at=retry_at(answer.headers, now(), longest=_LONGEST_WAIT)
        )
    if not 200 <= status < 300:
        raise Transient(f"The server answered {status}.")
