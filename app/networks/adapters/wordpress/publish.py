"""Publishing a comment, and the search for one whose answer was lost."""

import html
from datetime import datetime, timedelta
from typing import Any, Final

import regex

from app.networks.adapters.wordpress.client import Api, Unreadable
from app.networks.adapters.wordpress.pages import PER_PAGE, reader_of, visible
from app.networks.adapters.wordpress.translate import to_published
from app.networks.errors import Gone, Rejected, Unknown
from app.networks.foreign import member, moment, whole, words
from app.networks.html import plain, read_html
from app.networks.port import Account, Outgoing, Published

CLOCKS_DIFFER: Final = timedelta(seconds=60)
_ZONES: Final = timedelta(days=1)
_UNCHANGED: Final = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
"""Quotation marks, dashes and smileys are rewritten by WordPress when it shows a comment; letters and numbers are not."""
_MOST_PAGES: Final = 10


async def publish(account: Account, outgoing: Outgoing) -> Published:
    """Publish once under the comment. Raises Unknown whenever it may be out, or a duplicate says that it is."""
    api = Api.of(account)
    post = whole(outgoing.parent_facts.get("post"), 10**18)
    if not post:
        parent = await api.get(f"wp/v2/comments/{outgoing.in_reply_to}", one_post=True)
        post = whole(member(parent, "post"), 10**18)
        if not post:
            raise Gone
    content = html.escape(outgoing.text, quote=False)
    made = await api.write("wp/v2/comments", {"post": post, "parent": int(outgoing.in_reply_to), "content": content})
    published = to_published(made, reader_of(account))
    if published is None:
        if words(member(made, "status"), 60) in {"spam", "trash"}:
            raise Rejected("The site took this answer for spam and put it aside.")
        raise Unknown((Unreadable.__doc__ or "").strip())
    return published


async def find(account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
    """Look through our own comments since then for this one, the newest that fits."""
    api, wanted = Api.of(account), _bare(outgoing.text)
    where = (
        ("author", account.remote_id),
        ("after", (since - CLOCKS_DIFFER - _ZONES).isoformat()),
        ("orderby", "id"),
        ("order", "desc"),
        ("per_page", str(PER_PAGE)),
    )
    authors = where if account.traits.get("moderates") else where[1:]  # who may not moderate may not ask by author
    for number in range(1, _MOST_PAGES + 1):
        page = await api.page("wp/v2/comments", (*authors, *visible(account), ("page", str(number))))
        for one in page:
            if _fits(one, account, outgoing, since) and _bare(_text(one)) == wanted:
                return to_published(one, reader_of(account))
        if len(page) < PER_PAGE:
            break
    return None


def _fits(comment: Any, account: Account, outgoing: Outgoing, since: datetime) -> bool:
    posted_at = moment(member(comment, "date_gmt"))
    return (
        str(member(comment, "author")) == account.remote_id
        and str(member(comment, "parent")) == outgoing.in_reply_to
        and posted_at is not None
        and posted_at >= since - CLOCKS_DIFFER
    )


def _text(comment: Any) -> str:
    rendered = member(comment, "content", "rendered")
    return plain(read_html(rendered)) if isinstance(rendered, str) else ""


def _bare(text: str) -> str:
    return _UNCHANGED.sub("", text)
