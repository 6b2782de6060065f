"""Foreign HTML, however wrong: segments safe to show, in time that grows with its length, in bounded memory, and no word lost where it is simple."""

import html as escaping
import time
import tracemalloc
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.networks.html import LONGEST_TEXT, MOST_SEGMENTS, plain, read_html, web_address
from app.networks.markup import tokens
from app.networks.port import Limits, Segment
from app.networks.text import count, links

SCHEMES = (
    "javascript",
    "JaVaScRiPt",
    "data",
    "vbscript",
    "file",
    "blob",
    "about",
    "mailto",
    "ftp",
    "http",
    "https",
    "",
)
FILL = st.sampled_from(
    ["", " ", "\t", "\n", "\0", "\x01", "\u200b", "&#0;", "&Tab;", "&#x0A;", "&NewLine;", "\u202e", "&colon;"]
)


@st.composite
def address(draw: st.DrawFn) -> str:
    """What may stand where a link wants an address: schemes with all that browsers forgive in and around them."""
    scheme = draw(st.sampled_from(SCHEMES))
    cut = draw(st.integers(0, len(scheme)))
    colon = draw(st.sampled_from([":", "&colon;", "&#58;", "&#x3a;", "%3a", ""]))
    rest = draw(
        st.sampled_from(["//x.example/a", "alert(1)", "//[", "//x.example:99999999/", "text/html,<script>", "\\\\x"])
    )
    return draw(FILL) + scheme[:cut] + draw(FILL) + scheme[cut:] + draw(FILL) + colon + draw(FILL) + rest


NAMES = ("p", "a", "span", "br", "b", "div", "li", "ul", "pre", "code", "blockquote", "img", "svg", "script", "style")
MORE = (
    "math",
    "iframe",
    "template",
    "noscript",
    "title",
    "textarea",
    "xmp",
    "x-y",
    "A",
    "sCrIpT",
    "table",
    "h1",
    "plaintext",
)


@st.composite
def tag(draw: st.DrawFn) -> str:
    """A tag as somebody careless or malicious writes it."""
    name = draw(st.sampled_from(NAMES + MORE))
    if draw(st.integers(0, 2)) == 0:
        return f"</{name}{draw(st.sampled_from(['', ' ', '/', ' x=1']))}{draw(st.sampled_from(['>', '>>', '']))}"
    attributes = []
    for _ in range(draw(st.integers(0, 3))):
        key = draw(
            st.sampled_from(["href", "HREF", "class", "onclick", "onerror", "src", "alt", "style", "rel", "title"])
        )
        value = draw(
            address() | st.sampled_from(["invisible", "ellipsis", "quote-inline", "mention hashtag", ":e:", '"', "'"])
        )
        quote = draw(st.sampled_from(['"', "'", "", "`"]))
        attributes.append(f"{key}={quote}{value}{draw(st.sampled_from([quote, quote, '']))}")
    return f"<{name} {' '.join(attributes)}{draw(st.sampled_from(['>', '/>', '>', '']))}"


WORDS = st.text(max_size=12) | st.sampled_from(
    [
        "word",
        "&lt;script&gt;",
        "&amp;lt;",
        "&#60;img src=x onerror=alert(1)&#62;",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?php",
        "&",
    ]
)
DOCUMENT = st.lists(tag() | WORDS, max_size=30).map("".join)


def shown(segments: tuple[Segment, ...]) -> str:
    """The page as the console makes it: text escaped, links from segments alone."""
    made = []
    for one in segments:
        said = escaping.escape(one.text)
        made.append(f'<a href="{escaping.escape(one.href)}">{said}</a>' if one.href else said)
    return "".join(made)


class Page(HTMLParser):
    """What a browser would find in a page that we made."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name == "href"]


def safe(source: str, segments: tuple[Segment, ...]) -> None:
    for one in segments:
        assert one.text
        assert not any(c < " " and c not in "\t\n\r" for c in one.text)
        one.text.encode()
        if one.href is not None:
            assert one.href.lower().startswith(("http://", "https://"))
            assert one.href == web_address(one.href)
            assert not any(c in one.href for c in "\0\r\n\t")
    page = Page()
    page.feed(shown(segments))
    page.close()
    assert set(page.tags) <= {"a"}
    assert all(found.lower().startswith(("http://", "https://")) for found in page.addresses)
    assert len(segments) <= MOST_SEGMENTS + 3
    assert sum(len(one.text) for one in segments) <= min(LONGEST_TEXT + 50_000, 20 * len(source) + 10)
    assert len(plain(segments)) <= LONGEST_TEXT + 5_000 * len(segments)


@example('<a href="https://x.example/\njavascript:alert(1)">x</a>')
@example("<a href='https://x.example/\u2028'>x</a>")
@given(DOCUMENT)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_markup_is_safe_to_show(source: str) -> None:
    check_segments(source)


@pytest.mark.faults
@given(DOCUMENT)
@settings(max_examples=30_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_markup_is_safe_to_show_tried_for_long(source: str) -> None:
    check_segments(source)


def check_segments(source: str) -> None:
    for hide in (False, True):
        safe(source, read_html(source, {"e": "https://x.example/e.png", "bad": "javascript:x"}, hide_quote=hide))


@given(address())
@settings(max_examples=150, deadline=None)
def test_an_address_is_followed_only_when_it_leads_to_the_web(told: str) -> None:
    for source in (f'<a href="{told}">x</a>', f"<a href={told}>x</a>", told):
        safe(source, read_html(source))


SIMPLE = ("p", "b", "i", "em", "strong", "u", "del", "span", "small")
INLINE = st.recursive(
    st.text(alphabet="abcäöß漢字🙂 ", min_size=1, max_size=8).map(lambda text: (text, escaping.escape(text))),
    lambda inner: st.tuples(st.sampled_from(SIMPLE[1:]), st.lists(inner, min_size=1, max_size=3)).map(
        lambda one: ("".join(t for t, _ in one[1]), f"<{one[0]}>{''.join(h for _, h in one[1])}</{one[0]}>")
    ),
    max_leaves=6,
)


class Words(HTMLParser):
    """A tolerant reader that knows nothing of posts: the text between tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said = ""

    def handle_data(self, data: str) -> None:
        self.said += data


@given(st.lists(INLINE, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_simple_markup_reads_as_a_tolerant_reader_reads_it(parts: list[tuple[str, str]]) -> None:
    source = "".join(f"<p>{markup}</p>" for _, markup in parts)
    reader = Words()
    reader.feed(source)
    reader.close()
    assert "".join(plain(read_html(source)).split()) == "".join(reader.said.split())
    assert "".join(reader.said.split()) == "".join("".join(text for text, _ in parts).split())


MEGABYTE = 1_000_000
ENOUGH = 320_000
UNITS = (
    *(
        "<b><i>",
        "<b a='",
        '<a href="',
        "<p>x",
        "</p>",
        "<span class=invisible>",
        "<blockquote><p>",
        "<pre>x</pre>",
        "<!--x",
    ),
    *(
        "&#x10ffff;",
        "&notit;",
        "&" * 50,
        "<li>x",
        "<a href=https://x.example/>x",
        ":e:",
        "@a@b.example ",
        "#a ",
        "<svg><p>",
    ),
    *(
        "<script>",
        "</script ",
        "https://x.example/" + "(" * 40,
        "ﷺ",
        "👩‍👩‍👧",
        "e\u0301" * 10,
        "\u202e",
        "\r\n",
        "<br>",
        "<x y=z/>",
        "]]>",
    ),
)


def reading(source: str) -> float:
    begun = time.process_time()
    safe(source, read_html(source, {"e": "https://x.example/e.png"}))
    return time.process_time() - begun


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: ascii(unit)[:24])
def test_time_grows_with_the_length_alone(unit: str) -> None:
    """Eight times as much may take three times longer than that, since a shared machine is uneven, but not sixty-four times as long."""
    small, large = unit * (ENOUGH // 8 // len(unit)), unit * (ENOUGH // len(unit))
    first = reading(small)
    assert reading(large) < max(24 * first, 0.3)


def test_a_megabyte_of_everything_at_once_needs_little_memory() -> None:
    crossed = "".join(
        f"<{name} class='mention invisible' href='https://x.example/{n}'>" for n, name in enumerate(NAMES)
    )
    source = ("".join(UNITS) + crossed) * (MEGABYTE // (len("".join(UNITS)) + len(crossed)))
    assert len(source) > MEGABYTE // 2
    tracemalloc.start()
    try:
        safe(source, read_html(source))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MEGABYTE


@given(st.text(max_size=200), st.text(max_size=20))
@settings(max_examples=100, deadline=None)
def test_counting_and_finding_links_take_any_text(text: str, warning: str) -> None:
    for unit in ("graphemes", "code_points"):
        for weight in (None, 23):
            counted = count(text, warning, _limits(unit, weight))
            assert 0 <= counted <= 23 * (len(text) + len(warning))
    assert all(0 <= start < end <= len(text) for start, end in links(text))


def _limits(unit: Any, weight: int | None) -> Limits:
    return Limits(500, unit, weight, True, True, 4, (), 1, 1)


@given(st.text(alphabet="<>/!?-ab='\" \n&;#x0", max_size=80))
@settings(max_examples=150, deadline=None)
def test_cutting_loses_no_letter_outside_of_tags(source: str) -> None:
    """What is neither a tag, a comment nor a declaration comes out again."""
    said = "".join(one for one in tokens(source) if isinstance(one, str))
    if "<" not in source:
        assert said == escaping.unescape(source)
    assert len(said) <= len(source)
