"""A feed's items to our words; total: any JSON gives an answer, never an exception."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from app.networks.foreign import handle_of, identifier, member, moment, objects, plausible, raw, words
from app.networks.html import plain, read_html, web_address
from app.networks.port import Author, Inbound, Media, Reject, Role, Segment

_COMMENT: Final = re.compile(r"#comment-(\d{1,18})\Z")
_ABOVE: Final = re.compile(r"^\s*(?:<p>\s*)?In reply to <a\s[^>]{0,500}?href=\"([^\"]{1,2000})\"", re.IGNORECASE)
"""How WordPress's comment feeds name the comment above, where they name no id."""
_CLOCKS_DIFFER: Final = timedelta(hours=1)
_KINDS: Final = {"image": "image", "video": "video", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Which feed is read: its address and host, the name the brand itself writes under, words to listen for; and when."""

    feed: str
    host: str
    own: str
    listens: tuple[str, ...]
    now: datetime


def to_inbound(item: Any, reader: Reader) -> Inbound | Reject | None:
    """Translate an item; None for one that holds none of the words that are listened for."""
    known_as = identity_of(item)
    if known_as is None:
        return Reject(None, "the item has no id, no address and no words", raw(item))
    segments = _segments(item)
    text = plain(segments)
    title = words(member(item, "title"), 1_000)
    if title and title not in text and not _COMMENT.search(str(member(item, "url") or "")):
        break_ = (Segment("paragraph", "\n\n"),) if segments else ()
        segments = (Segment("text", title), *break_, *segments)
        text = plain(segments)
    if not text:
        return Reject(known_as, "the item has no words", raw(item))
    author = _author(item, reader)
    own = bool(reader.own) and author.name.casefold() == reader.own.casefold()
    if not own and reader.listens and not any(word in text.casefold() for word in reader.listens):
        return None
    published, updated = moment(member(item, "published")), moment(member(item, "updated"))
    latest = reader.now + _CLOCKS_DIFFER
    posted_at = plausible(published or updated, latest, reader.now)
    edited = plausible(updated, latest, posted_at) if updated and updated > posted_at else None
    role: Role = "own" if own else "mention"
    return Inbound(
        uri=_uri(item, reader) or known_as,
        remote_id=known_as,
        author=author,
        role=role,
        segments=segments,
        text=text,
        posted_at=posted_at,
        visibility="public",
        url=web_address(member(item, "url")),
        edited_at=edited,
        in_reply_to=_above(item),
        language=words(member(item, "language"), 35),
        media=tuple(media for one in objects(member(item, "media"))[:16] if (media := _media(one))),
        addressed=(),
    )


def identity_of(item: Any) -> str | None:
    """By what an item is known in its feed, at most 200 characters: its id, else its address, else what it says."""
    said = identifier(member(item, "id")) or _normalised(member(item, "url"))
    if said is None:
        title, told = words(member(item, "title"), 1_000), words(member(item, "html"), 500)
        told = told or words(member(item, "words"), 500)
        if not title and not told:
            return None
        when = words(member(item, "published"), 64)
        said = "sha256:" + hashlib.sha256("\n".join((title or "", when or "", told or "")).encode()).hexdigest()
    return _short(said)


def _uri(item: Any, reader: Reader) -> str | None:
    """The address by which an item is known everywhere: a WordPress comment's, however the feed was found; else ours."""
    url = str(member(item, "url") or "")
    known_as = identity_of(item)
    comment = _COMMENT.search(url) or _COMMENT.search(str(member(item, "id") or ""))
    address = web_address(url) or web_address(member(item, "id"))
    if comment and address:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.netloc.lower()}/#comment-{comment[1]}"
    return f"{reader.feed}#{known_as}" if known_as else None


def _author(item: Any, reader: Reader) -> Author:
    """Who wrote an item: by their address, else by their name on this host; the nameless are each somebody else."""
    name = words(member(item, "author", "name"), 200)
    url = web_address(member(item, "author", "url"))
    if name is None and url is None:
        one = hashlib.sha256((identity_of(item) or "").encode()).hexdigest()[:24]
        return Author(remote_id=f"nobody:{one}", handle=f"unknown@{reader.host}", name=reader.host)
    known_as = url or f"{reader.host}/{(name or '').casefold()}"
    return Author(
        remote_id=hashlib.sha256(known_as.encode("utf-8", "replace")).hexdigest()[:32],
        handle=handle_of(name or reader.host, reader.host),
        name=name or reader.host,
        url=url,
    )


def fingerprint_of(item: Any) -> str:
    """What an item says now, in 16 letters, so that an edit is noticed where no date tells of it."""
    said = [member(item, name) for name in ("title", "html", "words", "updated")]
    return hashlib.sha256(raw(said).encode()).hexdigest()[:16]


def place_of(item: Any) -> str | None:
    """Where an item is and what it says, in 16 letters: known even when its feed gives it another id."""
    address = _normalised(member(item, "url"))
    said = [address, *(member(item, name) for name in ("title", "html", "words"))]
    return hashlib.sha256(raw(said).encode()).hexdigest()[:16] if address else None


def _segments(item: Any) -> tuple[Segment, ...]:
    html = member(item, "html")
    if isinstance(html, str) and html:
        return read_html(html)
    told = member(item, "words")
    return read_html(told.replace("&", "&amp;").replace("<", "&lt;")) if isinstance(told, str) else ()


def _above(item: Any) -> str | None:
    named = identifier(member(item, "above"))
    if named:
        return _short(named)
    html = member(item, "html")
    found = _ABOVE.search(html[:4_000]) if isinstance(html, str) else None
    mine = identifier(member(item, "id")) or ""
    comment = _COMMENT.search(found[1]) if found else None
    if comment is None:
        return None
    # The parent's id is written as this item's own is: WordPress gives all comments of a post the same beginning.
    return _short(_COMMENT.sub(f"#comment-{comment[1]}", mine)) if _COMMENT.search(mine) else None


def _normalised(url: Any) -> str | None:
    """An address as one item is known by: host in small letters, without tracking and without fragment but a comment's."""
    address = web_address(url)
    if address is None:
        return None
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith("utm_")]
    fragment = parts.fragment if _COMMENT.search(f"#{parts.fragment}") else ""
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, urlencode(kept), fragment))


def _short(said: str) -> str:
    return said if len(said) <= 200 else "sha256:" + hashlib.sha256(said.encode()).hexdigest()


def _media(attached: dict[str, Any]) -> Media | None:
    url = web_address(attached.get("url"))
    kind: Any = _KINDS.get(str(attached.get("type") or "").partition("/")[0], "other")
    return Media(kind=kind, url=url, preview_url=None, alt=None) if url else None
