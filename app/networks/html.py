"""Turns a post's HTML from foreign servers into safe segments; what it does not know becomes text."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import unescape
from typing import Final, Literal
from urllib.parse import urlsplit

import regex

from app.networks import text as words_
from app.networks.markup import Tag, tokens
from app.networks.port import Segment

LONGEST_SOURCE: Final = 2_000_000
"""Characters of HTML that are read; a post with 4,000 mentions needs a quarter of them."""
LONGEST_TEXT: Final = 100_000
MOST_SEGMENTS: Final = 20_000

_PARAGRAPHS: Final = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "section", "article")
) | frozenset(("header", "footer", "figure", "details", "hr", "address"))
_LINES: Final = frozenset(("br", "li", "tr", "dt", "dd", "summary", "figcaption"))
_SPECIAL: Final = ("invisible", "ellipsis", "quote-inline")
_SHORTCODE: Final = regex.compile(r":([A-Za-z0-9_@.+-]{1,100}):")
_UNSAFE: Final = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PLAIN_ADDRESS: Final = regex.compile(r"https?://[a-z0-9][a-z0-9.-]*+(?:[/?#][!-~]*+)?")
"""Nearly every link there is; what looks otherwise is taken apart."""
_WRAPS: Final = dict.fromkeys(map(ord, "\t\r\n"))
"""What browsers leave out of an address before they read it; so what is judged is what is followed."""
_WRAPPED: Final = regex.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_BLANK_LINES: Final = regex.compile(r"\n{2,}")
_BARE_TAG: Final = regex.compile(r"#\S++\Z")
_BARE_MENTION: Final = regex.compile(r"@\S++\Z")
_ANY_TAG: Final = regex.compile(r"</?[A-Za-z][^<>]*>")


def read_html(html: str, emojis: Mapping[str, str] | None = None, *, hide_quote: bool = False) -> tuple[Segment, ...]:
    """Read a post's HTML, or its plain text where a server sends that, into segments safe to show.

    `emojis` maps shortcodes to pictures; `hide_quote` leaves out the paragraph that repeats a quoted post's address
    for software that knows no quotes. Never raises; links are http or https; time grows with the length only.
    """
    html = html[:LONGEST_SOURCE]
    reader = _Reader(emojis or {}, hide_quote=hide_quote)
    if _ANY_TAG.search(html):
        for token in tokens(html):
            if isinstance(token, str):
                reader.say(token)
            else:
                reader.meet(token)
            if reader.full:
                break
    else:
        _read_plain(html, reader)
    return reader.finish()


def plain(segments: Iterable[Segment]) -> str:
    """The words of the segments: what is searched, counted and compared. A shortened link is given in full."""
    parts = []
    for segment in segments:
        whole = segment.kind == "link" and segment.href and segment.text.rstrip("…") in segment.href
        parts.append(segment.href if whole and segment.href else segment.text)
    return "".join(parts).strip()


def clean(value: str) -> str:
    """Take out what no text may hold: control characters (PostgreSQL stores no NUL) and halves of pairs."""
    return value if value.isprintable() else _UNSAFE.sub("", value)


def web_address(value: object, *, longest: int = 4_000) -> str | None:
    """A link as it may be followed: http or https with a host, else None."""
    if not isinstance(value, str) or len(value) > longest:
        return None
    if _PLAIN_ADDRESS.fullmatch(value):
        return value
    address = clean(value).translate(_WRAPS).strip()
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return address if usable else None


def _read_plain(source: str, reader: "_Reader") -> None:
    source = unescape(source).replace("\r\n", "\n").replace("\r", "\n")
    position = 0
    for start, end in [*words_.links(source), (len(source), len(source))]:
        for number, line in enumerate(source[position:start].split("\n")):
            if number:
                reader.line()
            reader.words(line)
        if address := web_address(source[start:end]):
            reader.add(Segment("link", clean(source[start:end]), address))
        else:
            reader.words(source[start:end])
        position = end


class _Reader:
    """Collects segments while the tags go by; it keeps flat lists and counters, so nesting costs nothing."""

    def __init__(self, emojis: Mapping[str, str], *, hide_quote: bool) -> None:
        self._emojis = {code: href for code, url in emojis.items() if (href := web_address(url))}
        self._hide_quote = hide_quote
        self._done: list[Segment] = []
        self._open_text: list[str] = []  # pieces of the text segment that is still growing
        self._length = 0
        self._pending: Literal["", "break", "paragraph"] = ""
        self._link: tuple[Tag, list[str]] | None = None
        self._spans: list[str] = []  # what each open span does: one of _SPECIAL, or nothing
        self._open_spans = dict.fromkeys((*_SPECIAL, ""), 0)
        self._hidden = False
        self._block: tuple[str, list[str]] | None = None  # an open pre, code or blockquote becomes one segment
        self._depth = 0

    @property
    def full(self) -> bool:
        """Whether no more is taken."""
        return self._length > LONGEST_TEXT or len(self._done) > MOST_SEGMENTS

    def say(self, raw: str) -> None:
        """Take a stretch of text between tags."""
        if self._hidden or self._open_spans["quote-inline"]:
            return
        if self._block and self._block[0] == "pre":
            self._block[1].append(clean(raw))
            return
        if self._open_spans["invisible"]:
            return
        said = clean(raw)
        if "\n" in said or "\r" in said:
            said = _WRAPPED.sub(" ", said)
        if self._open_spans["ellipsis"]:
            said += "…"
        if self._link is not None:
            self._link[1].append(said)
        elif self._block:
            self._block[1].append(said)
        else:
            self.words(said)

    def meet(self, tag: Tag) -> None:
        """Take a tag."""
        if tag.name in {"pre", "code", "blockquote"}:
            self._meet_block(tag)
        elif tag.name in _PARAGRAPHS:
            self._meet_paragraph(tag)
        elif tag.name in _LINES:
            self._meet_line(tag)
        elif tag.name == "a":
            self._end_link()
            if not (tag.closes or self._block or self._hidden or self._open_spans["quote-inline"]):
                self._link = (tag, [])
        elif tag.name == "span":
            self._meet_span(tag)
        elif tag.name == "img" and (alt := tag.attributes.get("alt")):
            self.say(alt)

    def _meet_span(self, tag: Tag) -> None:
        if tag.closes:
            if self._spans:
                self._open_spans[self._spans.pop()] -= 1
            return
        does = next((name for name in _SPECIAL if name in tag.classes), "") if tag.classes else ""
        if does == "quote-inline" and not self._hide_quote:
            does = ""
        self._spans.append(does)
        self._open_spans[does] += 1

    def _meet_paragraph(self, tag: Tag) -> None:
        self._end_link()
        self._spans.clear()
        self._open_spans = dict.fromkeys(self._open_spans, 0)
        self._hidden = self._hide_quote and not tag.closes and "quote-inline" in tag.classes
        if self._block:
            self._block[1].append("\n")
        elif self._done:
            self._pending = "paragraph"

    def _meet_line(self, tag: Tag) -> None:
        if tag.closes and tag.name != "br":
            return
        if self._block:
            self._block[1].append("\n")
        elif self._link is not None:
            self._link[1].append(" ")
        else:
            self.line()
        if tag.name == "li":
            self.say("• ")

    def _meet_block(self, tag: Tag) -> None:
        if self._block is None:
            if not tag.closes:
                self._end_link()
                self._block, self._depth = (tag.name, []), 1
                if tag.name != "code" and self._done:
                    self._pending = "paragraph"
        elif tag.name == self._block[0]:
            self._depth += -1 if tag.closes else 1
            if self._depth == 0:
                self._end_block()

    def _end_block(self) -> None:
        if self._block is None:
            return
        (name, parts), self._block = self._block, None
        said = "".join(parts).strip("\n")
        if name == "blockquote":
            said = _BLANK_LINES.sub("\n", said).strip()
        if said.strip():
            self.add(Segment("quote" if name == "blockquote" else "code", said))
            if name != "code":
                self._pending = "paragraph"

    def _end_link(self) -> None:
        if self._link is None:
            return
        (tag, parts), self._link = self._link, None
        href = web_address(tag.attributes.get("href"))
        said = "".join(parts).strip() or href or ""
        if href and said:
            self.add(Segment(_kind_of_link(tag, said), said, href))
        else:
            self.words(said)

    def line(self) -> None:
        """Begin a new line; two in a row make a paragraph."""
        if self._done:
            self._pending = "paragraph" if self._pending else "break"

    def words(self, said: str) -> None:
        """Add plain words, with the server's own emojis picked out."""
        position = 0
        for match in _SHORTCODE.finditer(said) if self._emojis else ():
            if href := self._emojis.get(match[1]):
                self._text(said[position : match.start()])
                self.add(Segment("emoji", match[0], href))
                position = match.end()
        self._text(said[position:])

    def _text(self, said: str) -> None:
        said = clean(said)
        if self._pending or not self._done:
            said = said.lstrip(" ")
        if not said:
            return
        if self._open_text and not self._pending:
            self._length += len(said)
            self._open_text.append(said)
        else:
            self.add(Segment("text", said))

    def add(self, segment: Segment) -> None:
        """Add a segment after whatever pause is due; nothing more once full."""
        if self.full:
            return
        self._settle()
        if self._pending and self._done:
            if self._done[-1].kind == "text":
                self._done[-1] = Segment("text", self._done[-1].text.rstrip())
            self._done.append(Segment(self._pending, "\n" if self._pending == "break" else "\n\n"))
        self._pending = ""
        room = LONGEST_TEXT + 1 - self._length
        kept = segment if len(segment.text) <= room else replace(segment, text=segment.text[:room])
        self._done.append(kept)
        self._length += len(segment.text)
        self._open_text = [kept.text] if kept.kind == "text" else []

    def _settle(self) -> None:
        """Write the pieces of the growing text segment into it."""
        if len(self._open_text) > 1:
            self._done[-1] = Segment("text", "".join(self._open_text))
        self._open_text = []

    def finish(self) -> tuple[Segment, ...]:
        """Close what is open and hand over."""
        self._end_link()
        self._end_block()
        self._settle()
        if self.full:
            self._done.append(Segment("text", "…"))
        elif self._done and self._done[-1].kind == "text":
            self._done[-1] = Segment("text", self._done[-1].text.rstrip())
        return tuple(segment for segment in self._done if segment.text)


def _kind_of_link(tag: Tag, said: str) -> Literal["tag", "mention", "link"]:
    if "hashtag" in tag.classes or "tag" in tag.attributes.get("rel", "").split() or _BARE_TAG.match(said):
        return "tag"
    return "mention" if "mention" in tag.classes or _BARE_MENTION.match(said) else "link"
