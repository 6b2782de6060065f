"""Counts a text as a network counts it, by the adapter's Limits; the browser counts by the same rules.

Where letters are weighed, the rules of `weighted` stand for LINK and for the length, and the text is counted as NFC.
The rules otherwise, so that another language can repeat them (`tests/networks/text_cases.json` holds it to them):

1. When links have a weight, every match of LINK becomes that many letters "x". A match ends before the punctuation
   that TAIL names: strip, from the end of the match and for as long as one fits, a character of TRAILING, or a
   closing bracket that has more of its kind than its opening one has within what is left.
2. When mentions are short, every match of MENTION in that becomes "@" and its first group.
3. The content warning, when it counts, is put in front without anything between.
4. The length is the number of extended grapheme clusters (Unicode annex 29) or of code points.

LINK and MENTION use only what both Python's `regex` and JavaScript's `u` flag know, and neither ignores case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from unicodedata import normalize

import regex

from app.networks import weighted
from app.networks.port import Limits

_LABEL: Final = r"[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*\."
_TOP: Final = r"(?:xn--[A-Za-z0-9-]+|[A-Za-z]{2,}|\p{L}{2,})"
LINK: Final = (
    r"(?<![A-Za-z0-9@＠$#＃])[Hh][Tt][Tt][Pp][Ss]?://"
    rf"(?:{_LABEL})+{_TOP}(?::[0-9]+)?"
    r"(?:[/?#][^\p{White_Space}<>]*)?"
)
"""A link: scheme, a name with a dot, perhaps a port, perhaps a path, query or fragment up to white space."""

MENTION: Final = (
    r"(?<![=/\p{L}\p{M}\p{N}_])@([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)"
    r"@[\p{L}\p{M}\p{N}_]+(?:[.-]+[\p{L}\p{M}\p{N}_]+)*"
)
"""A mention with a domain; its first group is what counts of it."""

TRAILING: Final = ".,;:!?'\"*~&|=%$@…、。，．！？；：「」『』»›"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{", "）": "（"}

_LINK: Final = regex.compile(LINK)
_MENTION: Final = regex.compile(MENTION)
_GRAPHEME: Final = regex.compile(r"\X")
_FLAG: Final = regex.compile(r"[\U0001F1E6-\U0001F1FF]{2}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a post may go out, and how its length was counted: in bytes where they alone are too many."""

    count: int
    maximum: int
    problem: Literal["empty", "too_long", "too_many_media", "alt_too_long"] | None = None


def count(text: str, warning: str, limits: Limits) -> int:
    """Count a post's length as its network does; `warning` is the content warning, "" for none."""
    weighs = limits.unit == "weighted"
    if weighs:
        text = normalize("NFC", text)
    if limits.link_weight is not None:
        text = _weigh_links(text, weighted.links(text) if weighs else links(text), limits.link_weight)
    if limits.short_mentions:
        text = _MENTION.sub(r"@\1", text)
    if limits.counts_warning:
        text = warning + text
    if weighs:
        return weighted.weigh(text)
    return len(text) if limits.unit == "code_points" else graphemes(text)


def in_lane(limits: Limits, lane: Literal["public", "private"]) -> Limits:
    """The limits for a lane: direct messages may have their own."""
    return limits.private if lane == "private" and limits.private is not None else limits


def measure(text: str, warning: str, limits: Limits) -> tuple[int, int]:
    """A post's length and the most it may have: in the network's letters, or in bytes where those alone are too many."""
    length, size = count(text, warning, limits), len(text.encode())
    if length <= limits.max_characters and limits.max_bytes is not None and size > limits.max_bytes:
        return size, limits.max_bytes
    return length, limits.max_characters


def check(text: str, warning: str, limits: Limits, alts: Sequence[str] = ()) -> Verdict:
    """Judge a post before it is queued: `alts` are the descriptions of its pictures, one for each.

    The network stays the judge; this only spares people a refusal they could have seen coming.
    """
    length, maximum = measure(text, warning, limits)
    problem: Literal["empty", "too_long", "too_many_media", "alt_too_long"] | None = None
    if not text.strip() and not alts:
        problem = "empty"
    elif length > maximum:
        problem = "too_long"
    elif len(alts) > limits.max_media:
        problem = "too_many_media"
    elif any(len(alt) > limits.max_alt for alt in alts):
        problem = "alt_too_long"
    return Verdict(length, maximum, problem)


def graphemes(text: str) -> int:
    """Count what people see as one character (extended grapheme clusters, Unicode annex 29)."""
    if text.isascii() and "\r" not in text:
        return len(text)
    # Flags are folded first: the engine looks back to the start of a run of them at every step, for minutes.
    return sum(1 for _ in _GRAPHEME.finditer(_FLAG.sub("x", text)))


def links(text: str) -> list[tuple[int, int]]:
    """Where the links of a text begin and end, as code point offsets, in order."""
    return [(match.start(), match.start() + len(_without_tail(match[0]))) for match in _LINK.finditer(text)]


def _weigh_links(text: str, found: Sequence[tuple[int, int]], weight: int) -> str:
    parts = []
    position = 0
    for start, end in found:
        parts += [text[position:start], "x" * weight]
        position = end
    return "".join([*parts, text[position:]])


def _without_tail(link: str) -> str:
    surplus = {close: link.count(close) - link.count(opening) for close, opening in _BRACKETS.items()}
    end = len(link)
    while end:
        last = link[end - 1]
        if last in _BRACKETS and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in TRAILING:
            break
        end -= 1
    return link[:end]
