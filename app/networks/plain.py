"""A text without any marks as segments: its lines, its paragraphs, and the links that stand in it; pure."""

from collections.abc import Iterator
from typing import Final

import regex

from app.networks.html import LONGEST_TEXT, clean, web_address
from app.networks.port import Segment
from app.networks.text import links

_PAUSE: Final = regex.compile(r"[^\S\n]*\n\s*")


def read_plain(said: str) -> tuple[Segment, ...]:
    """What somebody typed, safe to show; longer than what is shown of any post it is cut."""
    said = clean(said.replace("\r\n", "\n").replace("\r", "\n")).strip()[:LONGEST_TEXT]
    found: list[Segment] = []
    position = 0
    for start, end in links(said):
        if address := web_address(said[start:end]):
            found += [*_lines(said[position:start]), Segment("link", said[start:end], address)]
            position = end
    return (*found, *_lines(said[position:]))


def _lines(said: str) -> Iterator[Segment]:
    position = 0
    for pause in _PAUSE.finditer(said):
        if before := said[position : pause.start()]:
            yield Segment("text", before)
        one = pause[0].count("\n") == 1
        yield Segment("break", "\n") if one else Segment("paragraph", "\n\n")
        position = pause.end()
    if rest := said[position:]:
        yield Segment("text", rest)
