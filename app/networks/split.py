"""Splits a text that is too long into numbered parts; the browser shows the same parts before they are sent.

The rules, so that another language can repeat them (`tests/networks/split_cases.json` holds it to them):

1. A text may be cut between what people see as characters, but not within a link or a name beginning with @ or #.
   White space goes with what stands before it. Breaks are, best first: the end of a line, of a sentence, of a word, others.
2. A part takes the longest piece that fits with its number. It is cut there, unless a better kind of break leaves it at
   least half of the possible breaks: then at the last of the best such kind.
3. The number stands behind the words: " 1/3". While cutting, the total is taken for 9, and for 20 when that is not enough.
"""

from collections.abc import Callable, Sequence
from typing import Final

import regex

from app.networks import weighted
from app.networks.port import Limits
from app.networks.text import links

MOST_PARTS: Final = 20
_TOTALS: Final = (9, MOST_PARTS)

_CLOSING: Final = r"[\"'”’»)\]」』）]*"
_KINDS: Final = (
    regex.compile(r"\p{White_Space}+"),
    regex.compile(rf"[.!?…]{_CLOSING}\p{{White_Space}}+|[。！？．｡]{_CLOSING}\p{{White_Space}}*"),
    regex.compile(r"\p{White_Space}*\n\p{White_Space}*"),
)
_HANDLE: Final = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}_/])[@#][\p{L}\p{M}\p{N}_]+(?:[.@-]+[\p{L}\p{M}\p{N}_]+)*",
)
_GRAPHEME: Final = regex.compile(r"\X")
_EDGES: Final = regex.compile(r"^\p{White_Space}+|\p{White_Space}+$")

Fits = Callable[[str], bool]


def split(text: str, limits: Limits, fits: Fits) -> list[str] | None:
    """The pieces of a text, which together are the text; null when there would be more than MOST_PARTS.

    `fits` says whether a text may go out, complete with what the network needs in front. A text that fits is one piece.
    """
    if fits(trimmed(text)):
        return [text]
    breaks = _breaks(text, limits)
    for total in _TOTALS:
        pieces = _cut(text, breaks, total, fits)
        if pieces is not None:
            return pieces
    return None


def numbered(pieces: Sequence[str]) -> list[str]:
    """The parts as they read: each piece without white space around it, and its number when there are several."""
    if len(pieces) == 1:
        return [trimmed(pieces[0])]
    return [_with_number(piece, place, len(pieces)) for place, piece in enumerate(pieces, 1)]


def trimmed(text: str) -> str:
    """The text without white space around it."""
    return str(_EDGES.sub("", text))


def _with_number(piece: str, place: int, total: int) -> str:
    return f"{trimmed(piece)} {place}/{total}"


def _breaks(text: str, limits: Limits) -> list[tuple[int, int]]:
    """Where the text may be cut, and how good a break that is; the first is its beginning and the last its end."""
    kinds = {0: 0} | {match.end(): 0 for match in _GRAPHEME.finditer(text)}
    for kind, pattern in enumerate(_KINDS, 1):
        for match in pattern.finditer(text):
            if match.end() in kinds:
                kinds[match.end()] = kind
    whole = [*(weighted.links(text) if limits.unit == "weighted" else links(text))]
    whole += [match.span() for match in _HANDLE.finditer(text)]
    for start, end in whole:
        for inside in range(start + 1, end):
            kinds.pop(inside, None)
    return list(kinds.items())


def _cut(text: str, breaks: Sequence[tuple[int, int]], total: int, fits: Fits) -> list[str] | None:
    """The pieces when they are at most `total`."""
    pieces: list[str] = []
    at = 0
    while at < len(breaks) - 1:
        if len(pieces) == total:
            return None
        start = breaks[at][0]
        place = len(pieces) + 1

        def fitting(end: int, start: int = start, place: int = place) -> bool:
            return fits(_with_number(text[start : breaks[end][0]], place, total))

        longest = _last(fitting, at, len(breaks) - 1)
        if longest == at:
            return None
        end = longest if longest == len(breaks) - 1 else _best(breaks, at, longest)
        pieces.append(text[start : breaks[end][0]])
        at = end
    return pieces


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last place after `low` and up to `high` for which it holds, as if it held up to there; `low` when for none."""
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _best(breaks: Sequence[tuple[int, int]], at: int, longest: int) -> int:
    for kind in (3, 2, 1):
        for end in range(longest, at, -1):
            if (end - at) * 2 < longest - at:
                break
            if breaks[end][1] >= kind:
                return end
    return longest
