"""Reads a feed's bytes into plain items: feedparser for RSS and Atom, and our own reading of JSON Feed."""

import io
import json
import re
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urljoin
from xml.parsers import expat

import feedparser

from app.networks.errors import Transient
from app.networks.foreign import member, objects
from app.networks.html import web_address

MOST_ITEMS: Final = 1_000
"""Feeds hold 10 to 20 items; of one that holds more, the first so many are read."""

LARGEST_DAMAGED: Final = 80_000
"""Bytes of broken XML that are read with goodwill: feedparser's time for that grows with their square (2 s for the worst of these)."""

_JSON_FEED: Final = "https://jsonfeed.org/version/"
_DECLARED: Final = re.compile(rb"""^[^<]{0,8}<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_PLAIN_ENCODINGS: Final = re.compile(
    r"utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1|windows-125\d|cp125\d|koi8-[ru]|gb2312|gbk"
    r"|gb18030|big5|shift[_-]jis|euc-(jp|kr)|iso-2022-jp|tis-620|macintosh",
    re.IGNORECASE,
)
"""Encodings in which `<!ENTITY` is written in ASCII letters, with or without zero bytes between them."""
_PERIODS: Final = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


class NotAFeed(Transient):
    """What answers at this address is no RSS, Atom or JSON feed."""


class TooDamaged(Transient):
    """This feed is broken XML and too large to be guessed at."""


class Bomb(Transient):
    """This feed declares entities of its own, which can unfold without end; it is not read."""


@dataclass(frozen=True, slots=True)
class Document:
    """A feed as it was fetched: its items as plain JSON, newest first as feeds give them, and what it says of itself."""

    title: str | None
    items: list[dict[str, Any]]
    link: str | None = None
    me: str | None = None  # rel="self": what WebSub calls the topic
    hub: str | None = None
    following: str | None = None  # where older items are, when the feed says so
    pause: int | None = None  # seconds between two questions, as the feed wishes
    damaged: bool = False


def read(body: bytes, headers: Mapping[str, str], url: str) -> Document:
    """Read a document that was fetched from `url`; costs CPU (2,000 items take a quarter of a second), no network.

    Raises NotAFeed for HTML pages and anything else, Bomb for a document with entities of its own.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return _read_json(body, url)
    _refuse_entities(body, headers.get("content-type", ""))
    if len(body) > LARGEST_DAMAGED and not _well_formed(body):
        raise TooDamaged
    # A stream and never the bytes: bytes could be taken for the name of a file. What is in it is made safe by
    # networks/html.py, whose time grows with the length only; feedparser's own cleaning does not keep to that.
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": headers.get("content-type", "application/xml"), "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version"):
        raise NotAFeed
    feed = parsed.get("feed") or {}
    links = _links(feed.get("links"), url)
    return Document(
        title=_text(feed.get("title")),
        items=[_entry(entry, url) for entry in parsed.entries[:MOST_ITEMS]],
        link=links.get("alternate"),
        me=links.get("self"),
        hub=links.get("hub"),
        following=links.get("next") or links.get("prev-archive"),
        pause=_pause(feed),
        damaged=bool(parsed.get("bozo")),
    )


def _refuse_entities(body: bytes, content_type: str) -> None:
    declared = [found[1] for found in [_CHARSET.search(content_type)] if found]
    declared += [found[1].decode() for found in [_DECLARED.search(body.replace(b"\0", b"")[:400])] if found]
    if not all(_PLAIN_ENCODINGS.fullmatch(name) for name in declared):
        raise NotAFeed("This feed is written in an encoding that is not read here.")
    letters = body.replace(b"\0", b"").lower()
    if b"<!doctype" in letters and b"<!entity" in letters:
        raise Bomb


def _well_formed(body: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return True


def _entry(entry: Any, url: str) -> dict[str, Any]:
    """The parts of an entry that we read, in plain JSON."""
    links = _links(entry.get("links"), url)
    content = next((one.get("value") for one in entry.get("content") or [] if one.get("value")), None)
    author = entry.get("author_detail") or {}
    above = entry.get("thr_in-reply-to")
    return {
        "id": _text(entry.get("id")),
        "url": links.get("alternate") or web_address(urljoin(url, _text(entry.get("link")) or "")),
        "title": _text(entry.get("title")),
        "html": _text(content) or _text(entry.get("summary")) or "",
        "author": {"name": _text(author.get("name")) or _text(entry.get("author")), "url": _text(author.get("href"))},
        "published": _instant(entry.get("published_parsed")),
        "updated": _instant(entry.get("updated_parsed")) if "updated" in entry else None,
        "language": _text((entry.get("title_detail") or {}).get("language")),
        "above": _text(above.get("ref")) if isinstance(above, dict) else None,
        "media": [
            {"url": _text(one.get("href")), "type": _text(one.get("type"))} for one in entry.get("enclosures") or []
        ],
    }


def _links(links: Any, url: str) -> dict[str, str]:
    """The first address of each relation; relative ones are joined with the feed's."""
    found: dict[str, str] = {}
    for link in links or []:
        rel, href = _text(link.get("rel")) or "alternate", _text(link.get("href"))
        if href and (address := _joined(url, href)):
            found.setdefault(rel, address)
    return found


def _joined(url: str, href: str) -> str | None:
    try:
        return web_address(urljoin(url, href))
    except ValueError:
        return None


def _instant(parsed: Any) -> str | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat()
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _pause(feed: Any) -> int | None:
    """The longest of what RSS's ttl (minutes) and the syndication module's period and frequency ask for."""
    wishes = []
    if (minutes := _whole(feed.get("ttl"))) is not None:
        wishes.append(minutes * 60)
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    if period is not None:
        wishes.append(period // max(_whole(feed.get("sy_updatefrequency")) or 1, 1))
    return max(wishes, default=None)


def _whole(said: Any) -> int | None:
    try:
        return min(max(int(str(said).strip()), 0), 525_600)
    except ValueError:
        return None


def _read_json(body: bytes, url: str) -> Document:
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as broken:
        raise NotAFeed from broken
    if not str(member(feed, "version") or "").startswith(_JSON_FEED):
        raise NotAFeed
    hub = next((one.get("url") for one in objects(feed.get("hubs")) if one.get("type") == "WebSub"), None)
    return Document(
        title=_text(feed.get("title")),
        items=[_json_item(item, url) for item in objects(feed.get("items"))[:MOST_ITEMS]],
        link=web_address(feed.get("home_page_url")),
        me=web_address(feed.get("feed_url")),
        hub=web_address(hub),
        following=web_address(feed.get("next_url")),
    )


def _json_item(item: dict[str, Any], url: str) -> dict[str, Any]:
    authors = objects(item.get("authors")) or objects([item.get("author")])
    author = authors[0] if authors else {}
    number = item.get("id")
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return {
        "id": str(number) if is_number else _text(number),
        "url": _joined(url, _text(item.get("url")) or _text(item.get("external_url")) or ""),
        "title": _text(item.get("title")),
        "html": _text(item.get("content_html")) or "",
        "words": _text(item.get("content_text")) or _text(item.get("summary")) or "",
        "author": {"name": _text(author.get("name")), "url": _text(author.get("url"))},
        "published": _text(item.get("date_published")),
        "updated": _text(item.get("date_modified")),
        "language": _text(item.get("language")),
        "above": None,
        "media": [
            {"url": _text(one.get("url")), "type": _text(one.get("mime_type"))}
            for one in objects(item.get("attachments"))
        ],
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
