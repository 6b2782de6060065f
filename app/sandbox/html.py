"""Turning a status's plain text into the HTML that clients of its server family receive."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import regex

from app.sandbox import links
from app.sandbox.records import Account, Status
from app.sandbox.text import pieces
from app.sandbox.world import World

_SHOWN_OF_LINK = 30


def content(world: World, status: Status) -> str:
    """Answer the HTML of a status, made once until it is edited."""
    known = world.rendered.get(status.id)
    if known is None:
        known = world.rendered[status.id] = _quote_line(world, status) + render(world, status.text, status.mentions)
    return known


def render(world: World, text: str, known: Sequence[str] = ()) -> str:
    """Answer the HTML of a text: paragraphs, breaks, links, hashtags and mentions of `known` accounts."""
    if not text:
        return ""
    body = "".join(_piece(world, kind, piece, known) for kind, piece in pieces(text.replace("\r\n", "\n")))
    paragraphs = regex.split(r"\n{2,}", body.strip("\n"))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


def _piece(world: World, kind: str, piece: str, known: Sequence[str]) -> str:
    if kind == "link":
        return _link(piece)
    if kind == "tag":
        href = f"{world.address}/tags/{quote(piece[1:])}"
        return f'<a href="{href}" class="mention hashtag" rel="tag">#<span>{escape(piece[1:])}</span></a>'
    if kind == "mention" and (account := world.account_named(piece)) and account.id in known:
        return _mention(world, account)
    return escape(piece)


def _mention(world: World, account: Account) -> str:
    href = escape(links.account(world, account))
    inner = f"@<span>{escape(account.username)}</span></a></span>"
    if world.flavour.honours_keys:
        return f'<span class="h-card" translate="no"><a href="{href}" class="u-url mention">{inner}'
    rel = 'class="u-url mention" rel="nofollow noreferrer noopener" target="_blank"'
    return f'<span class="h-card"><a href="{href}" {rel}>{inner}'


def _link(url: str) -> str:
    scheme, _, rest = url.partition("://")
    prefix = f"{scheme}://" + ("www." if rest.startswith("www.") else "")
    shown = url[len(prefix) :]
    css = "ellipsis" if len(shown) > _SHOWN_OF_LINK else ""
    head, tail = escape(shown[:_SHOWN_OF_LINK]), escape(shown[_SHOWN_OF_LINK:])
    return (
        f'<a href="{escape(url)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{escape(prefix)}</span><span class="{css}">{head}</span>'
        f'<span class="invisible">{tail}</span></a>'
    )


def _quote_line(world: World, status: Status) -> str:
    quoted = world.statuses.get(status.quote_id or "")
    if not quoted:
        return ""
    return f'<p class="quote-inline">RE: {_link(links.status(world, quoted))}</p>'
