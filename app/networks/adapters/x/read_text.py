"""A text of X and the marks in it to segments that are safe to show; pure.

The marks give places, by whichever unit the server counts; each is believed only where its words really stand, and
looked for from there on otherwise.
"""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any, Final
from urllib.parse import quote

import regex

from app.networks.foreign import identifier, member, objects, whole
from app.networks.html import LONGEST_TEXT, MOST_SEGMENTS, clean, web_address
from app.networks.port import Segment

_MOST_MARKS: Final = 2_000
_SITE: Final = "https://x.com"
_LINES: Final = regex.compile(r"\n+")
_OPENING: Final = regex.compile(r"\s*+@([A-Za-z0-9_]{1,60})")


def read_text(said: str, entities: Any, *, hide_status: str | None) -> tuple[Segment, ...]:
    """Cut a text at its marks. Links to its own pictures and to the post `hide_status`, which it quotes, are left out."""
    said = said[:LONGEST_TEXT]
    found: list[Segment] = []
    position = 0
    lower = said.lower()
    alike = lower if len(lower) == len(said) else said  # a few letters have more places in lower case
    for start, words, segment in _marks(entities, hide_status):
        at = _place(alike, words if alike is said else words.lower(), start, position)
        if at < 0:
            continue
        found += _plain(said[position:at])
        written = said[at : at + len(words)]
        if segment is not None:
            found.append(segment if segment.kind == "link" else replace(segment, text=clean(written)))
        position = at + len(words)
    return _trimmed([*found, *_plain(said[position:])])


def named(entities: Any) -> list[tuple[str, str | None]]:
    """The handles a text names, each with its id where X tells it."""
    return [
        (handle, identifier(one.get("id"), 60))
        for one in objects(member(entities, "mentions"))[:_MOST_MARKS]
        if (handle := _handle(one)) is not None
    ]


def opening_names(said: str) -> set[str]:
    """The handles a text begins with, in lower case: where X puts those a reply goes to."""
    found, position = set(), 0
    while match := _OPENING.match(said, position):
        found.add(match[1].lower())
        position = match.end()
    return found


def without_opening_names(said: str) -> str:
    """The text after the handles it begins with."""
    position = 0
    while match := _OPENING.match(said, position):
        position = match.end()
    return said[position:]


def _handle(mention: dict[str, Any]) -> str | None:
    handle = identifier(mention.get("username"), 60)
    return handle if handle is not None and regex.fullmatch(r"[A-Za-z0-9_]+", handle) else None


def _marks(entities: Any, hide_status: str | None) -> list[tuple[int, str, Segment | None]]:
    marks: list[tuple[int, str, Segment | None]] = []
    for one in objects(member(entities, "urls"))[:_MOST_MARKS]:
        short = identifier(one.get("url"))
        if short is not None:
            marks.append((_start(one), short, _link(one, short, hide_status)))
    for one in objects(member(entities, "mentions"))[:_MOST_MARKS]:
        handle = _handle(one)
        if handle is not None:
            marks.append((_start(one), f"@{handle}", Segment("mention", f"@{handle}", f"{_SITE}/{handle}")))
    for kind, sign, path in (("hashtags", "#", "hashtag"), ("cashtags", "$", "search?q=%24")):
        for one in objects(member(entities, kind))[:_MOST_MARKS]:
            if (tag := identifier(one.get("tag"), 300)) is not None:
                joint = "" if "?" in path else "/"
                href = web_address(f"{_SITE}/{path}{joint}{quote(tag)}")
                marks.append((_start(one), f"{sign}{tag}", Segment("tag", f"{sign}{tag}", href)))
    return sorted(marks, key=lambda mark: mark[0])[:_MOST_MARKS]


def _start(mark: dict[str, Any]) -> int:
    return whole(mark.get("start")) or 0


def _place(said: str, words: str, start: int, position: int) -> int:
    """Where the words of a mark stand, from their place or from `position` on; -1 when they do not."""
    return start if start >= position and said.startswith(words, start) else said.find(words, position)


def _link(mark: dict[str, Any], short: str, hide_status: str | None) -> Segment | None:
    whole_address = web_address(mark.get("expanded_url")) or web_address(short)
    if identifier(mark.get("media_key")) is not None or whole_address is None:
        return None
    if hide_status is not None and whole_address.partition("?")[0].endswith(f"/status/{hide_status}"):
        return None
    display = mark.get("display_url")
    shown = clean(display).strip()[:500] if isinstance(display, str) else ""
    return Segment("link", shown or whole_address, whole_address)


def _plain(said: str) -> Iterator[Segment]:
    """Words between marks; one line end is a break, more of them a paragraph."""
    said = clean(unescape(said)).replace("\r\n", "\n").replace("\r", "\n")
    position = 0
    for match in [*_LINES.finditer(said), None]:
        end = len(said) if match is None else match.start()
        if said[position:end]:
            yield Segment("text", said[position:end])
        if match is not None:
            long = len(match[0]) > 1
            yield Segment("paragraph" if long else "break", "\n\n" if long else "\n")
            position = match.end()


def _trimmed(found: list[Segment]) -> tuple[Segment, ...]:
    """Without pauses and white space at both ends."""
    del found[MOST_SEGMENTS:]
    while found and (found[-1].kind in {"break", "paragraph"} or not found[-1].text.strip()):
        found.pop()
    begin = 0
    while begin < len(found) and found[begin].kind in {"break", "paragraph"}:
        begin += 1
    kept = found[begin:]
    if kept and kept[-1].kind == "text":
        kept[-1] = Segment("text", kept[-1].text.rstrip())
    return tuple(kept)
