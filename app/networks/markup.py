"""Cuts foreign HTML into tags and words in one pass, in time and memory that grow only with its length.

A full HTML parser rebuilds what browsers would build, and 27 kB of crossed formatting then unfold into a gigabyte and
a half of tree (measured with lexbor). Posts need no tree: what is shown is a flat row of segments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from html import unescape
from typing import Final

import regex

from app.core.value import value

_TAG: Final = regex.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<rest>(?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""",
)
_OPENING: Final = regex.compile(r"</?[A-Za-z]")
_BROKEN: Final = regex.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<rest>[^>]*+)>")
"""A tag in which a quotation mark has no partner. It costs a look to the end of the text, and can happen once for
each kind of mark, because then no further mark of that kind follows."""
_ATTRIBUTE: Final = regex.compile(
    r"""([^\s/>"'=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?+""",
)
_ORDINARY: Final = 300
_MOST_KNOWN: Final = 2_000
_RAW: Final = frozenset(
    ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp", "noscript", "template", "svg")
)
"""Elements whose whole content is dropped: it is no text of the post."""


@value(frozen=True, slots=True)
class Tag:
    """An opening or closing tag; only what the post's reader needs of its attributes."""

    name: str
    closes: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    classes: frozenset[str] = frozenset()
    """The names in its class attribute."""


_known: Final[dict[str, Tag]] = {}
"""By the tag as it is written, in which no `>` is but its end; the same few stand in every post."""


def tokens(html: str) -> Iterator[Tag | str]:
    """Read HTML from front to back: each tag, and each stretch of words with its entities resolved.

    What is no tag is words: a lone "<", a tag that never ends. Comments, declarations and raw elements are left out.
    """
    position = 0
    while position < len(html):
        opening = html.find("<", position)
        if opening < 0:
            yield unescape(html[position:])
            return
        if opening > position:
            yield unescape(html[position:opening])
        end = html.find(">", opening, opening + _ORDINARY) + 1
        if known := _known.get(html[opening:end]):
            yield known
            position = end
            continue
        position = opening + 1
        whole = _TAG.match(html, opening)
        if match := whole or (_OPENING.match(html, opening) and _BROKEN.match(html, opening)):
            position = match.end()
            tag = _read_tag(match["close"], match["name"], match["rest"])
            if tag.name in _RAW and not tag.closes:
                position = _after_raw(html, tag.name, position)
                continue
            if whole and position == end:
                _remember(html[opening:end], tag)
            yield tag
        elif html.startswith(("<!", "<?"), opening):
            position = _after(html, "-->" if html.startswith("<!--", opening) else ">", opening)
        elif not _OPENING.match(html, opening):
            yield "<"
        else:
            yield unescape(html[opening:])
            return


def _after(html: str, end: str, position: int) -> int:
    found = html.find(end, position)
    return len(html) if found < 0 else found + len(end)


def _after_raw(html: str, name: str, position: int) -> int:
    closing = regex.compile(rf"</{name}(?=[\s/>])", regex.IGNORECASE).search(html, position)
    return _after(html, ">", closing.end()) if closing else len(html)


def _remember(source: str, tag: Tag) -> None:
    """A tag to be known by its first `>`: not a broken one, whose quotation mark may have a partner in another post."""
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[source] = tag


def _read_tag(close: str, name: str, rest: str) -> Tag:
    attributes: dict[str, str] = {}
    if not close:
        for found in _ATTRIBUTE.finditer(rest, endpos=min(len(rest), 16_000)):
            value = found[2] or found[3] or found[4] or ""
            attributes.setdefault(found[1].lower(), unescape(value))
    return Tag(name.lower(), bool(close), attributes, frozenset(attributes.get("class", "").lower().split()))
