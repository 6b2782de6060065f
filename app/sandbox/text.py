"""Reading a status's plain text: what in it is a link, a mention, a hashtag or an emoji, and how long it counts."""

from collections.abc import Iterator
from typing import Final

import regex

from app.sandbox.flavour import Flavour

_LINK: Final = r"(?P<link>https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]}…])"
_MENTION: Final = (
    r"(?<![\w=/@])@(?P<name>[A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)"
    r"(?:@(?P<domain>[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?(?::\d+)?))?"
)
_TAG: Final = r"(?<![\w/&#])#(?P<tag>[\w]*[^\W\d_][\w]*)"
_EMOJI: Final = r"(?<![\w:]):(?P<emoji>[A-Za-z0-9_]{2,}):(?![\w:])"
_PIECES: Final = regex.compile(f"{_LINK}|{_MENTION}|{_TAG}|{_EMOJI}")


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text cut up: ("text" | "link" | "mention" | "tag" | "emoji", the piece as written)."""
    end = 0
    for found in _PIECES.finditer(text):
        if found.start() > end:
            yield "text", text[end : found.start()]
        kind = "mention" if found["name"] else str(found.lastgroup)
        yield kind, found[0]
        end = found.end()
    if end < len(text):
        yield "text", text[end:]


def mentioned(text: str) -> list[str]:
    """List the handles in a text, without the leading @, in order and once each."""
    return list(dict.fromkeys(piece[1:] for kind, piece in pieces(text) if kind == "mention"))


def tags(text: str) -> list[str]:
    """List the hashtags in a text, without the leading #, in lower case, once each."""
    return list(dict.fromkeys(piece[1:].lower() for kind, piece in pieces(text) if kind == "tag"))


def emojis(text: str) -> list[str]:
    """List the shortcodes in a text, without colons, once each."""
    return list(dict.fromkeys(piece[1:-1] for kind, piece in pieces(text) if kind == "emoji"))


def length(flavour: Flavour, text: str, spoiler: str) -> int:
    """Count a status as its server does: graphemes with discounts for links and foreign mentions, or code points."""
    if not flavour.counts_graphemes:
        return len(text) + len(spoiler)
    countable = "".join(_countable(flavour, kind, piece) for kind, piece in pieces(text))
    return len(regex.findall(r"\X", spoiler + countable))


def _countable(flavour: Flavour, kind: str, piece: str) -> str:
    if kind == "link":
        return "x" * flavour.per_url
    return "@" + piece[1:].partition("@")[0] if kind == "mention" else piece
