"""Comments of WordPress's REST interface to our words; total: any JSON gives an answer, never an exception."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from app.networks.foreign import handle_of, host_of, identifier, member, moment, plausible, raw, whole, words
from app.networks.html import plain, read_html, web_address
from app.networks.port import Author, Inbound, Published, Reject

_CLOCKS_DIFFER: Final = timedelta(minutes=10)
_MOST_ID: Final = 10**18
HELD: Final = frozenset(("hold", "0", "unapproved"))
_TAKEN_AWAY: Final = frozenset(("spam", "trash", "post-trashed"))


@dataclass(frozen=True, slots=True)
class Reader:
    """On whose behalf we read: the account's id at the site, the site's address; when; and what is known of posts."""

    account_id: str
    site: str
    now: datetime
    posts: dict[int, Any] = field(default_factory=dict)  # what the site said of posts, by number

    @property
    def host(self) -> str:
        """The site's host, which stands behind the names of its people."""
        return host_of(self.site)


def to_inbound(comment: Any, reader: Reader) -> Inbound | Reject | None:
    """Translate a comment; None for what is none (a pingback) or was taken away (spam, the bin)."""
    number = whole(member(comment, "id"), _MOST_ID)
    if not number:
        return Reject(None, "the comment has no readable id", raw(comment))
    kind, status = member(comment, "type"), words(member(comment, "status"), 60)
    if (isinstance(kind, str) and kind not in {"comment", ""}) or status in _TAKEN_AWAY:
        return None
    html = member(comment, "content", "rendered")
    segments = read_html(html) if isinstance(html, str) else ()
    author = _author(comment, reader)
    parent, post = whole(member(comment, "parent"), _MOST_ID), whole(member(comment, "post"), _MOST_ID)
    return Inbound(
        uri=f"{_origin(comment, reader)}/#comment-{number}",
        remote_id=str(number),
        author=author,
        role="own" if author.remote_id == reader.account_id else "mention",
        segments=segments,
        text=plain(segments),
        posted_at=plausible(moment(member(comment, "date_gmt")), reader.now + _CLOCKS_DIFFER, reader.now),
        visibility="public",
        url=web_address(member(comment, "link")),
        undated=True,
        in_reply_to=str(parent) if parent else None,
        facts={"post": post or 0} | ({"held": True} if status in HELD else {}) | _of_post(reader.posts.get(post or 0)),
    )


def _of_post(post: Any) -> dict[str, Any]:
    """Whether a post takes no comments any more, and when it was written."""
    written = moment(member(post, "date_gmt"))
    closed = {"closed": True} if member(post, "comment_status") == "closed" else {}
    return closed | ({"written": written.isoformat()} if written is not None else {})


def to_published(comment: Any, reader: Reader) -> Published | None:
    """Translate our own comment as the site answers it; None when it cannot be read."""
    read = to_inbound(comment, reader)
    if not isinstance(read, Inbound):
        return None
    doubt = "answer.wordpress.held" if read.facts.get("held") else None
    return Published(
        read.remote_id, read.uri, read.url, read.posted_at, read.segments, read.text, facts=read.facts, doubt=doubt
    )


def _author(comment: Any, reader: Reader) -> Author:
    """A member of the site by their number; a guest by name, page and picture, which follows from their e-mail address."""
    member_id = whole(member(comment, "author"), _MOST_ID)
    name = words(member(comment, "author_name"), 200)
    url = web_address(member(comment, "author_url"))
    avatars = member(comment, "author_avatar_urls")
    pictures = [web_address(value) for value in avatars.values()] if isinstance(avatars, dict) else []
    avatar = next((one for one in reversed(pictures) if one), None)
    if member_id:
        known_as = str(member_id)
    else:
        traces = "\n".join((name or "", url or "", avatar.partition("?")[0] if avatar else ""))
        if not name and not url:
            traces += f"\n{identifier(member(comment, 'id'))}"  # the nameless are each somebody else
        known_as = "guest:" + hashlib.sha256(traces.encode("utf-8", "replace")).hexdigest()[:32]
    return Author(
        remote_id=known_as,
        handle=handle_of(name or "", reader.host),
        name=name or reader.host,
        url=url,
        avatar_url=avatar,
    )


def _origin(comment: Any, reader: Reader) -> str:
    """Scheme and host under which the site's comments are known, as its feed names them too."""
    address = web_address(member(comment, "link"))
    try:
        parts = urlsplit(address or reader.site)
        return f"{parts.scheme}://{parts.netloc.lower()}"
    except ValueError:
        return reader.site
