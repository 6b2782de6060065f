"""What to mark in a text of ours: its links, tags and the handles it names, so that readers can follow them; pure."""

from dataclasses import dataclass
from typing import Final

import regex

from app.networks.adapters.bluesky.names import read_handle
from app.networks.text import links

_HANDLE: Final = regex.compile(r"(?<![\p{L}\p{M}\p{N}_./@])@((?:[A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*)")
_TAG: Final = regex.compile(r"(?<!\S)[#＃](?![\p{N}]+(?:\s|$))([^\s#＃]{1,200})")
_TAIL: Final = regex.compile(r"\p{P}+$")


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a text to be marked; offsets in UTF-8 bytes."""

    kind: str  # "link", "mention", "tag"
    start: int
    end: int
    said: str  # an address, a handle without @, or a tag without #


def detect(text: str) -> list[Found]:
    """What a text holds that is worth marking, in order; nothing overlaps, and links go first."""
    taken: list[tuple[int, int, str, str]] = [(start, end, "link", text[start:end]) for start, end in links(text)]
    for match in _HANDLE.finditer(text):
        handle = read_handle(match[1])
        if handle is not None:
            _take(taken, match.start(), match.end(), "mention", handle)
    for match in _TAG.finditer(text):
        said = _TAIL.sub("", match[1])
        if said and len(said) <= 64:
            _take(taken, match.start(), match.start() + 1 + len(said), "tag", said)
    return [
        Found(kind, len(text[:start].encode()), len(text[:end].encode()), said)
        for start, end, kind, said in sorted(taken)
    ]


def _take(taken: list[tuple[int, int, str, str]], start: int, end: int, kind: str, said: str) -> None:
    if all(end <= begins or start >= ends for begins, ends, _, _ in taken):
        taken.append((start, end, kind, said))
