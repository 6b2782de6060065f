"""Which mentions a reply carries, since this network delivers a post only to those it names; pure."""

from collections.abc import Iterator, Sequence
from typing import Final

import regex

from app.networks.errors import ExtraMentions
from app.networks.port import Visibility

_NAMED: Final = regex.compile(
    r"(?<![=/\p{L}\p{M}\p{N}_])@([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)"
    r"(?:@([\p{L}\p{M}\p{N}_]+(?:[.-]+[\p{L}\p{M}\p{N}_]+)*(?::[0-9]+)?))?"
)


def compose(parent: str, others: Sequence[str], text: str, visibility: Visibility, own: str) -> str:
    """Put in front of the text the mentions it lacks: the parent's author, and in the open the others it mentioned.

    Handles are full and without @. The account itself (`own`) is never added. A direct post goes to the parent's
    author alone, and everybody it names can read it: raises ExtraMentions when the text names anybody else.
    """
    home = own.partition("@")[2]
    named = list(handles(text, home))
    known = {handle.lower() for handle in named}
    if visibility == "direct":
        extra = [handle for handle in named if handle.lower() not in {parent.lower(), own.lower()}]
        if extra:
            raise ExtraMentions(tuple(dict.fromkeys(extra)))
        wanted = [parent]
    else:
        wanted = [parent, *others]
    missing: dict[str, str] = {}
    for handle in wanted:
        if handle.lower() not in {*known, own.lower(), ""}:
            missing.setdefault(handle.lower(), f"@{handle}")
    return " ".join([*missing.values(), text]).strip()


def handles(text: str, home: str) -> Iterator[str]:
    """The handles a text mentions, each with its domain; a bare @name is somebody of the account's own server."""
    for match in _NAMED.finditer(text):
        domain = match[2] or home
        yield f"{match[1]}@{domain}" if domain else match[1]


def without_mentions(text: str) -> str:
    """The text with every mention taken out."""
    return _NAMED.sub("", text)
