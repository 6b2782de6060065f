"""Pages of every network as its server sends them, and how they are read: bytes and the same posts in our words."""

import io
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import feedparser

from app.core.client import Answer
from app.networks.adapters.bluesky.translate import Reader as BlueskyReader
from app.networks.adapters.bluesky.translate import to_outcome as from_bluesky
from app.networks.adapters.feeds.document import read as read_feed
from app.networks.adapters.feeds.translate import Reader as FeedReader
from app.networks.adapters.feeds.translate import to_inbound as from_feed
from app.networks.adapters.mastodon.translate import Reader as MastodonReader
from app.networks.adapters.mastodon.translate import to_outcome as from_mastodon
from app.networks.adapters.wordpress.translate import Reader as WordPressReader
from app.networks.adapters.wordpress.translate import to_inbound as from_wordpress
from app.networks.adapters.x.translate import Reader as XReader
from app.networks.adapters.x.translate import to_outcomes as from_x
from app.networks.port import Inbound
from bench.bluesky import US, notification
from bench.mastodon_pages import Pages

PAGE: Final = 80
_SITE: Final = "https://blog.example"
_WORDS: Final = "my order has not arrived and nobody answers, what now? It was said to come on Tuesday."


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a network speaks: where its account is, the next page, how it is decoded at least, and read."""

    name: str
    server: str
    remote_id: str
    handle: str
    page: Callable[[datetime], bytes]
    decode: Callable[[bytes], Any]
    read: Callable[[bytes, datetime], list[Any]]

    def posts(self, body: bytes, at: datetime) -> list[Inbound]:
        """The page in our words; each of its posts must be one."""
        found = [one for one in self.read(body, at) if isinstance(one, Inbound)]
        if len(found) != PAGE:
            raise RuntimeError(f"{self.name}: {len(found)} of {PAGE} posts could be read.")
        return found


def every() -> list[Spoken]:
    """The networks that are read, Mastodon first."""
    return [_mastodon(), _bluesky(), _x(), _wordpress(), _feeds()]


def _json(body: bytes) -> Any:
    return Answer(200, {}, body).json()


def _mastodon() -> Spoken:
    server, handle = "https://social.example", "acme@social.example"
    pages = Pages("1", handle, server, [str(10**17 + n) for n in range(100)])

    def read(body: bytes, at: datetime) -> list[Any]:
        reader = MastodonReader("1", "social.example", at)
        return [from_mastodon(one, reader) for one in reversed(_json(body))]

    return Spoken("mastodon", server, "1", handle, lambda at: pages.page(at, PAGE), _json, read)


def _bluesky() -> Spoken:
    numbers = itertools.count()

    def page(at: datetime) -> bytes:
        told = [notification(next(numbers), at.isoformat(timespec="milliseconds")) for _ in range(PAGE)]
        return json.dumps({"notifications": told}).encode()

    def read(body: bytes, at: datetime) -> list[Any]:
        reader = BlueskyReader(US, "acme.example", at)
        return [from_bluesky(one, reader) for one in reversed(_json(body)["notifications"])]

    return Spoken("bluesky", "https://bsky.example", US, "acme.example", page, _json, read)


def _x() -> Spoken:
    numbers, us = itertools.count(2_090_000_000_000_000_000), "1111111111111111111"

    def page(at: datetime) -> bytes:
        posts, people = [], []
        for number in itertools.islice(numbers, PAGE):
            person, text = str(number // 2), f"@acme {_WORDS} #late https://t.co/{number % 10**8}"
            link = {"start": text.index("https"), "end": len(text), "url": text[text.index("https") :]}
            link |= {"expanded_url": f"https://shop.example/o/{number}", "display_url": "shop.example/o"}
            mention = {"start": 0, "end": 5, "username": "acme", "id": us}
            tag = {"start": text.index("#"), "end": text.index("#") + 5, "tag": "late"}
            said: dict[str, Any] = {
                "id": str(number),
                "text": text,
                "author_id": person,
                "conversation_id": str(number),
                "lang": "en",
            }
            said |= {"created_at": at.isoformat(timespec="milliseconds"), "edit_history_tweet_ids": [str(number)]}
            said |= {
                "reply_settings": "everyone",
                "entities": {"mentions": [mention], "hashtags": [tag], "urls": [link]},
            }
            posts.append(said)
            picture = f"https://pbs.example/{person}.jpg"
            shown = {"username": f"u{person}", "name": f"Person {person}", "profile_image_url": picture}
            people.append({"id": person, "public_metrics": {"followers_count": 5}, **shown})
        return json.dumps({"data": posts[::-1], "includes": {"users": people}, "meta": {"result_count": PAGE}}).encode()

    def read(body: bytes, at: datetime) -> list[Any]:
        return list(reversed(from_x(_json(body), XReader(us, "acme", at))))

    return Spoken("x", "https://api.x.example", us, "acme", page, _json, read)


def _wordpress() -> Spoken:
    numbers = itertools.count(1)

    def page(at: datetime) -> bytes:
        stamp = at.replace(tzinfo=None).isoformat()
        return json.dumps([_comment(number, stamp) for number in itertools.islice(numbers, PAGE)]).encode()

    def read(body: bytes, at: datetime) -> list[Any]:
        posts = {17: {"comment_status": "open", "date_gmt": "2026-08-01T10:00:00"}}
        return [from_wordpress(one, WordPressReader("3", _SITE, at, posts)) for one in _json(body)]

    return Spoken("wordpress", _SITE, "3", "acme@blog.example", page, _json, read)


def _comment(number: int, stamp: str) -> dict[str, Any]:
    return {
        "id": number,
        "post": 17,
        "parent": 0,
        "author": 0,
        "author_name": f"Person {number}",
        "author_url": f"https://person{number}.example",
        "date": stamp,
        "date_gmt": stamp,
        "content": {"rendered": f'<p>{_WORDS}</p>\n<p>See <a href="https://shop.example/o/{number}">this</a>.</p>\n'},
        "link": f"{_SITE}/2026/08/launch/#comment-{number}",
        "status": "approved",
        "type": "comment",
        "author_avatar_urls": {size: f"https://avatars.example/{number}?s={size}" for size in ("24", "48", "96")},
        "meta": [],
    }


def _feeds() -> Spoken:
    numbers, address = itertools.count(1), f"{_SITE}/comments/feed/"

    def page(at: datetime) -> bytes:
        entries = "".join(_entry(number, at.isoformat()) for number in itertools.islice(numbers, PAGE))
        head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Talk</title><id>urn:feed</id>'
        return f"{head}{entries}</feed>".encode()

    def read(body: bytes, at: datetime) -> list[Any]:
        reader = FeedReader(address, "blog.example", "", (), at)
        return [from_feed(one, reader) for one in read_feed(body, {"content-type": "application/xml"}, address).items]

    def decode(body: bytes) -> Any:
        return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)

    return Spoken("feeds", address, address, "blog.example/comments", page, decode, read)


def _entry(number: int, at: str) -> str:
    return (
        f"<entry><id>urn:{number}</id><title>By person {number}</title><link href='{_SITE}/launch/#c{number}'/>"
        f"<published>{at}</published><author><name>Person {number}</name></author>"
        f"<content type='html'>&lt;p&gt;{_WORDS}&lt;/p&gt;</content></entry>"
    )
