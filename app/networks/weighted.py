"""How networks that weigh letters count (version 3 of the published rules): which words are links, and what letters weigh.

The rules, so that another language can repeat them (`tests/networks/text_cases.json` holds it to them):

1. A name is a run of letters (everything but ASCII punctuation, white space and marks of direction), ".", "_" and "-".
   It begins at the first of its letters that does not follow one of NOT_BEFORE, and reaches over as many labels as fit:
   none empty, none beginning or ending with "_" or "-", no "_" in the label before the last, and a top of the list at
   the beginning of the last, before anything but an ASCII letter or digit, "@", "+" or "-".
2. With http:// or https:// in front, which itself does not follow one of NOT_BEFORE, all of the name is a link.
3. Without, and not after "-", "_", "." or "/", only its parts in Latin letters are, each with a top of its own.
4. A port, a path and a query follow it. A path has only the letters of PATH, pairs of brackets at most two deep, and does
   not end with punctuation. Without scheme and path, port and query are no part of the link.
5. An emoji, however many code points it is made of, counts two; other code points count one in LIGHT, else two.
"""

from collections.abc import Iterator
from typing import Final

import regex

from app.networks.tops import OWN_SCRIPT_TOPS, TOPS

_OUTSIDE: Final = (
    r"!'#%&()*+,\\/:;<=>?@\[\]\^{|}~$\t-\r \x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
    r"\uFFFE\uFEFF\uFFFF\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
)
_NOT_BEFORE: Final = r"A-Za-z0-9@＠$#＃\uFFFE\uFEFF\uFFFF"
_ACCENTED: Final = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B\u02BB"
    r"\u0300-\u036F\u1E00-\u1EFF"
)
_PATH: Final = rf"[A-Za-z0-9\u0400-\u04FF{_ACCENTED}!*';:=+,.$/%#\[\]\u2013_~@|&-]"
_PATH_END: Final = rf"[A-Za-z0-9\u0400-\u04FF{_ACCENTED}+=_#/-]"
_PAIR: Final = rf"\((?:{_PATH}+|{_PATH}*\({_PATH}+\){_PATH}*)\)"

_RUN: Final = regex.compile(rf"[^{_OUTSIDE}]+")
_BEGIN: Final = regex.compile(rf"(?<![{_NOT_BEFORE}])[^{_OUTSIDE}._-]")
_SCHEME: Final = regex.compile(rf"(?<![{_NOT_BEFORE}])[Hh][Tt][Tt][Pp][Ss]?://")
_LABEL: Final = regex.compile(r"[^_-](?:.*[^_-])?", regex.DOTALL)
_LATIN: Final = regex.compile(rf"[A-Za-z0-9{_ACCENTED}.-]+")
_TOP: Final = regex.compile(r"[A-Za-z0-9-]+")
_NOT_AFTER_TOP: Final = regex.compile("[0-9A-Za-z@+-]")
_PORT: Final = regex.compile(r"(?::[0-9]+)?")
_TAIL: Final = regex.compile(rf"(?:/(?:(?:{_PATH}|{_PAIR})*(?:{_PATH_END}|{_PAIR}))?)?")
_QUERY: Final = regex.compile(r"(?:\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[A-Za-z0-9_&=#/-])?")
_LONGEST: Final = 4096
_LONGEST_TOP: Final = max(map(len, OWN_SCRIPT_TOPS))

_EMOJI_PART: Final = (
    r"(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|[©®]\uFE0F|\p{Emoji_Presentation}|(?![©®])\p{Extended_Pictographic}\uFE0F?)"
    r"(?:[\U000E0020-\U000E007E]+\U000E007F)?"
)
_EMOJI: Final = regex.compile(
    rf"[0-9#*]\uFE0F?\u20E3|[\U0001F1E6-\U0001F1FF]{{1,2}}|{_EMOJI_PART}(?:\u200D{_EMOJI_PART})*"
)
_LIGHT: Final = regex.compile(r"[\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")


def weigh(text: str) -> int:
    """What the letters of a text weigh, its links taken as they are written."""
    others, emojis = _EMOJI.subn("", text)
    return 2 * (emojis + len(others)) - sum(1 for _ in _LIGHT.finditer(others))


def links(text: str) -> list[tuple[int, int]]:
    """Where the links of a text begin and end, as code point offsets, in order."""
    found: list[tuple[int, int]] = []
    after = 0
    while run := _RUN.search(text, after):
        after = run.end()
        begin = _begin(text, run.start(), run.end())
        scheme = _scheme(text, run.start()) if begin == run.start() else None
        if begin is None or (scheme is None and text[begin - 1 : begin] in {*"-_./"}):
            continue
        end = _name_end(text, begin, run.end(), strict=True)
        if end is None:
            continue
        port = _end(_PORT, text, end)
        path = _end(_TAIL, text, port)
        query = _end(_QUERY, text, path)
        after = query
        if query - begin > _LONGEST:
            continue
        if scheme is not None:
            found.append((scheme, query))
            continue
        parts = list(_latin_parts(text, begin, end))
        if parts and path > port:
            parts[-1] = (parts[-1][0], query)
        found += parts
    return found


def _begin(text: str, start: int, end: int) -> int | None:
    label = text.find(".", start, end)
    match = _BEGIN.search(text, start, label) if label > start else None
    return match.start() if match else None


def _scheme(text: str, name: int) -> int | None:
    """Where the scheme in front of a name begins, when there is one."""
    starts = [name - len(scheme) for scheme in ("https://", "http://") if name >= len(scheme)]
    return next((start for start in starts if _SCHEME.fullmatch(text, start, name)), None)


def _end(pattern: "regex.Pattern[str]", text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _name_end(text: str, start: int, end: int, *, strict: bool) -> int | None:
    """Where the longest name that begins here ends; `strict` where "_" and "-" may not stand everywhere."""
    best = None
    before = ""
    while True:
        dot = text.find(".", start, end)
        if before and (not strict or "_" not in before):
            top = _top_end(text, start)
            best = top if top is not None else best
        label = text[start:dot] if dot >= 0 else ""
        if not label or (strict and not _LABEL.fullmatch(label)):
            return best
        before, start = label, dot + 1


def _top_end(text: str, start: int) -> int | None:
    """Where the top that begins here ends, when one does."""
    match = _TOP.match(text, start)
    if match:
        name = match[0].lower()
        after = text[match.end() : match.end() + 1]
        if name in TOPS or (name.startswith("xn--") and len(name) > len("xn--")):
            return match.end() if after not in {"@", "+"} else None
        if after.isascii():
            return None
    for length in range(_LONGEST_TOP, 0, -1):
        name = text[start : start + length]
        end = start + len(name)
        if name in OWN_SCRIPT_TOPS and not _NOT_AFTER_TOP.match(text, end):
            return end
    return None


def _latin_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a name that are links without a scheme."""
    while match := _LATIN.search(text, start, end):
        begin, start = match.start(), match.end()
        while text[begin : begin + 1] == ".":
            begin += 1
        top = _name_end(text, begin, match.end(), strict=False) if begin < match.end() else None
        if top is not None:
            yield begin, top
            start = max(start, top)
