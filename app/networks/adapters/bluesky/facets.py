"""What is marked in a post's text: links, mentions and tags at UTF-8 byte offsets, which anybody may have written; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import regex

from app.networks.adapters.bluesky.names import page_of_profile, read_did
from app.networks.foreign import member, objects
from app.networks.html import LONGEST_TEXT, clean, web_address
from app.networks.port import Segment

MOST: Final = 2_000
_PAUSE: Final = regex.compile(r"\n(?:[^\S\n]*+\n)*+")
_FEATURE: Final = "app.bsky.richtext.facet#"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text and what it is; offsets in bytes, the end not included."""

    start: int
    end: int
    kind: str  # "link", "mention", "tag"
    target: str  # an address, a DID, or the bare tag


def marks(facets: Any, size: int) -> list[Mark]:
    """The marks that can be believed, in order: within `size` bytes, not empty, the first of those that overlap."""
    found = [mark for facet in objects(facets)[:MOST] if (mark := _mark(facet, size))]
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda one: (one.start, one.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def segments(text: Any, facets: Any) -> tuple[Segment, ...]:
    """The text in pieces that are safe to show. A mark that cuts a character in two marks nothing."""
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else b""
    data = data[: 4 * LONGEST_TEXT]
    done: list[Segment] = []
    position = 0
    for mark in marks(facets, len(data)):
        if not _on_edge(data, mark.start) or not _on_edge(data, mark.end):
            continue
        done += _plain(_words(data[position : mark.start]))
        done += _marked(mark, _words(data[mark.start : mark.end]))
        position = mark.end
    done += _plain(_words(data[position:]))
    return tuple(_bounded(done))


def mentions(text: Any, facets: Any) -> list[tuple[str, str]]:
    """The DIDs a text mentions, each with what the text calls it (without @)."""
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else b""
    return [
        (mark.target, _words(data[mark.start : mark.end]).strip().removeprefix("@"))
        for mark in marks(facets, len(data))
        if mark.kind == "mention"
    ]


def write(kind: str, start: int, end: int, target: str) -> dict[str, Any]:
    """A facet as the network wants it."""
    name = {"link": "uri", "mention": "did", "tag": "tag"}[kind]
    feature = {"$type": _FEATURE + kind, name: target}
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def _mark(facet: dict[str, Any], size: int) -> Mark | None:
    start, end = member(facet, "index", "byteStart"), member(facet, "index", "byteEnd")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= size:
        return None
    for feature in objects(facet.get("features"))[:8]:
        kind = str(feature.get("$type")).removeprefix(_FEATURE)
        if kind == "mention" and (did := read_did(feature.get("did"))):
            return Mark(start, end, kind, did)
        if kind == "link" and (address := web_address(feature.get("uri"))):
            return Mark(start, end, kind, address)
        if kind == "tag" and isinstance(tag := feature.get("tag"), str) and tag:
            return Mark(start, end, kind, tag)
    return None


def _on_edge(data: bytes, offset: int) -> bool:
    return offset == len(data) or data[offset] & 0xC0 != 0x80


def _words(data: bytes) -> str:
    return clean(data.decode(errors="ignore")).replace("\r\n", "\n")


def _marked(mark: Mark, said: str) -> list[Segment]:
    said = " ".join(said.split())
    if not said:
        return []
    if mark.kind == "link":
        return [Segment("link", said, mark.target)]
    if mark.kind == "mention":
        return [Segment("mention", said, page_of_profile(mark.target))]
    return [Segment("tag", said)]


def _plain(said: str) -> Iterator[Segment]:
    position = 0
    for pause in _PAUSE.finditer(said):
        if before := said[position : pause.start()]:
            yield Segment("text", before)
        lines = pause[0].count("\n")
        yield Segment("break", "\n") if lines == 1 else Segment("paragraph", "\n\n")
        position = pause.end()
    if rest := said[position:]:
        yield Segment("text", rest)


def _bounded(pieces: list[Segment]) -> Iterator[Segment]:
    """Without pauses at either end, and no longer than what is shown of any post."""
    while pieces and pieces[-1].kind in {"break", "paragraph"}:
        pieces.pop()
    length, begun = 0, False
    for piece in pieces:
        begun = begun or piece.kind not in {"break", "paragraph"}
        if not begun:
            continue
        if length + len(piece.text) > LONGEST_TEXT:
            yield Segment("text", "…")
            return
        length += len(piece.text)
        yield piece
