"""Finds the feed behind an address that somebody typed, and says what it is."""

import asyncio
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

from app.networks.adapters.feeds.document import Document, NotAFeed, read
from app.networks.adapters.feeds.fetch import Fetched, feed_address, fetch
from app.networks.adapters.feeds.position import Position
from app.networks.errors import NetworkError, Transient
from app.networks.foreign import host_of
from app.networks.html import web_address
from app.networks.port import Account, Connected

_KINDS: Final = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"))
_MOST_READ: Final = 300_000


@dataclass(frozen=True, slots=True)
class _Found:
    got: Fetched
    document: Document


async def describe(address: str, own: str, listens: str, network: str) -> Connected:
    """Fetch the feed at this address, or the one that the page there names. Raises NotAFeed and what fetch() raises."""
    try:
        found = await _find(feed_address(address))
    except NetworkError as problem:
        problem.at("server")
        raise
    url = found.got.url
    host = host_of(url)
    traits = {"own": own.strip(), "words": listens.strip(), "topic": found.document.me or url}
    handle = f"{host}{urlsplit(url).path.rstrip('/')}"
    warnings = ("connect.feeds.damaged",) if found.document.damaged else ()
    return Connected(
        account=Account(network, url, url[:200], handle, {}, traits),
        name=found.document.title or host,
        avatar_url=None,
        url=found.document.link or url,
        warnings=warnings,
    )


async def _find(url: str) -> _Found:
    got = await fetch(url, Position(), anew=True)
    try:
        return _Found(got, await _document(got))
    except NotAFeed:
        named = _named(got)
        if named is None or named == got.url:
            raise
    got = await fetch(named, Position(), anew=True)
    return _Found(got, await _document(got))


async def _document(got: Fetched) -> Document:
    if got.body is None:
        raise Transient
    return await asyncio.to_thread(read, got.body, got.headers, got.url)


def _named(got: Fetched) -> str | None:
    """The first feed that a page names in its head."""
    finder = _Finder()
    finder.feed((got.body or b"")[:_MOST_READ].decode("utf-8", "replace"))
    try:
        return web_address(urljoin(got.url, finder.found)) if finder.found else None
    except ValueError:
        return None


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the first `link rel=alternate` to a feed."""
        said = dict(attrs)
        is_feed = tag == "link" and "alternate" in (said.get("rel") or "").lower().split()
        if is_feed and (said.get("type") or "").lower() in _KINDS and self.found is None:
            self.found = said.get("href")
