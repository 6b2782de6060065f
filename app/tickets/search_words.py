"""Words as they are searched by: accents folded, case folded, and languages without spaces cut into pairs; pure."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import regex

_WORD: Final = regex.compile(r"[\p{L}\p{N}\p{M}_]+")
_UNSPACED: Final = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}"
    r"\p{Script=Hangul}\u30fc]+",
)
LONGEST_WORD: Final = 60
MOST_WORDS: Final = 4000


def fold(text: str) -> str:
    """The text without case, accents and other marks, in compatibility form: `Ça` and `ca` are the same.

    Marks are kept where they are letters of their own (Indic vowel signs, Thai vowels): only combining accents of
    Latin, Greek, Cyrillic, Hebrew and Arabic are dropped.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in decomposed if not _dropped(c))
    return unicodedata.normalize("NFC", kept)


def _dropped(c: str) -> bool:
    point = ord(c)
    return (
        0x0300 <= point <= 0x036F  # combining accents
        or 0x0591 <= point <= 0x05C7  # Hebrew points
        or 0x064B <= point <= 0x065F  # Arabic vowel signs
        or point in {0x0640, 0x0670}  # Arabic stretching and superscript alef
    )


def _words(text: str) -> Iterator[str]:
    """The folded words; cut before folding, since `№4711` folds to `no4711`, and after it, since one sign may become several words."""
    for rough in _WORD.findall(text):
        yield from _WORD.findall(fold(rough))


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for i in range(len(run) - 1):
        yield run[i : i + 2]


def words(text: str) -> list[str]:
    """The words of a text for its search entry, each once: whole words, and pairs (and single signs) of unspaced scripts."""
    found: dict[str, None] = {}
    for piece in _pieces(text):
        found.update(_filed(piece) if len(piece) <= LONGEST_WORD else _file(piece))
        if len(found) >= MOST_WORDS:
            break
    return list(found)


def _pieces(text: str) -> Iterator[str]:
    """The text cut at its spaces, where no word goes on: what people write between two is what they write again."""
    for piece in text.split():
        if len(piece) <= LONGEST_WORD:
            yield piece
        else:
            yield from _WORD.findall(piece)


def _file(piece: str) -> dict[str, None]:
    """What a piece of text is filed under, in order."""
    found: dict[str, None] = {}
    for word in _words(piece):
        at = 0
        for run in () if word.isascii() else _UNSPACED.finditer(word):
            if run.start() > at:
                found[word[at : run.start()][:LONGEST_WORD]] = None
            found.update(dict.fromkeys(_pairs(run.group())))
            found.update(dict.fromkeys(run.group()))
            at = run.end()
        if at < len(word):
            found[word[at:][:LONGEST_WORD]] = None
    return found


_filed: Final = lru_cache(maxsize=20_000)(_file)
"""The few thousand words that people use over and over are cut and folded once, with the signs they stand beside."""


def query_words(text: str) -> list[tuple[str, bool]]:
    """What to look for: (word, whether it may be only a word's beginning). Every one must be found."""
    asked: dict[str, bool] = {}
    for word in _words(text):
        at = 0
        for run in _UNSPACED.finditer(word):
            if run.start() > at:
                asked[word[at : run.start()][:LONGEST_WORD]] = False
            for pair in _pairs(run.group()):
                asked[pair] = False
            at = run.end()
        if at < len(word):
            asked[word[at:][:LONGEST_WORD]] = True
    return list(asked.items())[:12]
