"""Foreign HTML becomes safe segments, whatever it is."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.networks.html import LONGEST_TEXT, plain, read_html, web_address
from app.networks.port import Segment

BRAND = "https://social.example/@brand"


def row(html: str, **options) -> list[tuple[str, str]]:
    return [(segment.kind, segment.text) for segment in read_html(html, **options)]


def test_a_mention_and_words_with_entities_and_a_line_break():
    html = (
        f'<p><span class="h-card" translate="no"><a href="{BRAND}" class="u-url mention">@<span>brand</span></a></span>'
        " my order #4711 has not arrived &amp; nobody answers.<br>Help?</p>"
    )
    assert read_html(html) == (
        Segment("mention", "@brand", BRAND),
        Segment("text", " my order #4711 has not arrived & nobody answers."),
        Segment("break", "\n"),
        Segment("text", "Help?"),
    )
    assert plain(read_html(html)) == "@brand my order #4711 has not arrived & nobody answers.\nHelp?"


def test_a_shortened_link_reads_short_and_is_searched_in_full():
    html = (
        '<p>see <a href="https://example.com/a/long/path" rel="nofollow"><span class="invisible">https://</span>'
        '<span class="ellipsis">example.com/a/lo</span><span class="invisible">ng/path</span></a>.</p>'
    )
    segments = read_html(html)
    assert segments[1] == Segment("link", "example.com/a/lo…", "https://example.com/a/long/path")
    assert plain(segments) == "see https://example.com/a/long/path."


def test_a_named_link_keeps_its_name():
    segments = read_html('<a href="https://example.com/x">our shop</a>')
    assert segments == (Segment("link", "our shop", "https://example.com/x"),)
    assert plain(segments) == "our shop"


def test_hashtags_by_class_or_relation_or_look():
    for html in (
        '<a href="https://x.example/tags/a" class="mention hashtag" rel="tag">#<span>تالف</span></a>',
        '<a href="https://x.example/tags/a" rel="tag ugc">#تالف</a>',
        '<a href="https://x.example/tags/a">#تالف</a>',
    ):
        assert row(html) == [("tag", "#تالف")]


def test_custom_emojis_are_those_the_post_names():
    assert read_html("<p>a :blobcat: b :other:</p>", {"blobcat": "https://x.example/e.png"}) == (
        Segment("text", "a "),
        Segment("emoji", ":blobcat:", "https://x.example/e.png"),
        Segment("text", " b :other:"),
    )
    assert row("<p>:e:</p>", emojis={"e": "javascript:alert(1)"}) == [("text", ":e:")]


def test_paragraphs_lists_quotes_and_code():
    html = (
        "<p>one</p>\n<p>two</p><ul><li>first</li><li>second</li></ul><blockquote><p>they said</p><p>so</p></blockquote>"
        "<pre><code>a &lt; b\n  c</code></pre><p>use <code>x</code> now</p>"
    )
    assert row(html) == [
        ("text", "one"),
        ("paragraph", "\n\n"),
        ("text", "two"),
        ("paragraph", "\n\n"),
        ("text", "• first"),
        ("break", "\n"),
        ("text", "• second"),
        ("paragraph", "\n\n"),
        ("quote", "they said\nso"),
        ("paragraph", "\n\n"),
        ("code", "a < b\n  c"),
        ("paragraph", "\n\n"),
        ("text", "use "),
        ("code", "x"),
        ("text", " now"),
    ]


def test_what_repeats_a_quoted_post_is_hidden_only_when_the_quote_is_there():
    for html in (
        f'<p class="quote-inline">RE: <a href="{BRAND}/1">{BRAND}/1</a></p><p>Not to my village</p>',
        f'<p>Not to my village<span class="quote-inline"><br>RE: <a href="{BRAND}/1">{BRAND}/1</a></span></p>',
    ):
        assert row(html, hide_quote=True) == [("text", "Not to my village")]
        assert "RE:" in plain(read_html(html))


def test_scripts_and_styles_are_dropped_and_unknown_elements_become_words():
    html = "<p>a<script>alert('<b>x</b>')</script><STYLE>p{}</style><marquee>b</marquee><x-y>c</x-y><!-- d --></p>"
    assert plain(read_html(html)) == "abc"


def test_plain_text_servers():
    assert row("@brand plain text, 1 < 2 &amp; done\nsee https://example.com/x.") == [
        ("text", "@brand plain text, 1 < 2 & done"),
        ("break", "\n"),
        ("text", "see "),
        ("link", "https://example.com/x"),
        ("text", "."),
    ]
    assert row("I <3 you") == [("text", "I <3 you")]
    assert row("") == []


def test_links_that_are_no_web_links_become_words():
    for href in ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//x.example", "/x", "http://", ""):
        assert row(f'<a href="{href}">word</a>') == [("text", "word")]
        assert web_address(href) is None
    assert row('<a href="java&#10;script:alert(1)">word</a>') == [("text", "word")]
    assert web_address("http://[") is None
    assert web_address("https://x.example/" + "a" * 5000) is None


def test_broken_markup_loses_no_words():
    assert plain(read_html("<p>one <b>two <i>three</p>four")) == "one two three\n\nfour"
    assert plain(read_html('<p>one <a href="https://x.example/>two</a> three</p>')).startswith("one")
    assert plain(read_html("<p>one <a two")) == "one <a two"
    assert plain(read_html("<p>a</span></span></a></p>b")) == "a\n\nb"


def test_a_broken_tag_of_one_post_is_not_taken_for_the_whole_tag_of_another():
    assert plain(read_html('a <b title="x> b')) == "a  b"
    assert plain(read_html('a <b title="x> b">c</b>')) == "a c"


def test_what_postgres_cannot_store_is_taken_out():
    assert plain(read_html("<p>a\x00b&#0;c\ud800d\x1be</p>")) == "ab\ufffdcde"


@given(st.text())
def test_any_text_at_all(source):
    check_promises(source)


PIECES = [
    "<p>", "</p>", "<br>", "<a href='javascript:alert(1)'>", '<a href="https://x.example/" class="mention">', "</a>",
    '<span class="invisible">', '<span class="ellipsis">', "</span>", "<blockquote>", "</blockquote>", "<pre>",
    "</pre>", "<code>", "</code>", "<li>", "<script>", "</script>", "<!--", "-->", "<img alt=':e:'>", "&lt;", "&#x0;",
    "<a href=java&Tab;script:x>", '"', "'", "<", ">", "word", " ", "\n", ":e:", "<div class=quote-inline>", "<x",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_order_of_known_pieces(pieces):
    check_promises("".join(pieces))


def check_promises(source: str) -> None:
    segments = read_html(source, {"e": "https://x.example/e.png"}, hide_quote=True)
    for segment in segments:
        assert segment.href is None or segment.href.startswith(("http://", "https://"))
        assert segment.text
        assert "\x00" not in segment.text
        segment.text.encode()
    kinds = [segment.kind for segment in segments]
    assert not kinds or kinds[0] not in {"break", "paragraph"}
    assert not any(a == b == "text" or {a, b} <= {"break", "paragraph"} for a, b in pairwise(kinds))


SIZE = 10_000_000
HOSTILE = {
    "open formatting": "<p>" + "".join(f"<b a={i}>" for i in range(400_000)) + "<p>x" * 400_000,
    "deep": "<div>" * (SIZE // 5),
    "deep spans": '<span class="invisible">x' * (SIZE // 25),
    "deep quotes": "<blockquote>x" * (SIZE // 13),
    "tags that never end": "<a " * (SIZE // 3),
    "marks that never close": '<a "' * (SIZE // 4) + "<b '" * 1000,
    "scripts that never end": "<script>" + "</script " * (SIZE // 9),
    "comments that never end": "<!--" * (SIZE // 4),
    "declarations": "<!" * (SIZE // 2),
    "one long word": "a" * SIZE,
    "one long attribute": '<a href="' + "=" * SIZE + '">x</a>',
    "many attributes": "<a " + "a='b' " * (SIZE // 6) + ">x</a>",
    "entities": "&amp" * (SIZE // 4),
    "lone brackets": "< " * (SIZE // 2),
    "emojis": ":e:" * (SIZE // 3),
    "breaks": "<br>x" * (SIZE // 5),
    "white space": " \n" * (SIZE // 2),
    "plain links": "https://x.example/a " * (SIZE // 20),
    "text in small pieces": "<b>x</b>" * (SIZE // 8),
    "mentions": f'<a href="{BRAND}" class="mention">@brand</a> ' * (SIZE // 60),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ten_megabytes_are_read_in_seconds_and_come_out_bounded(name):
    begun = time.process_time()
    segments = read_html(HOSTILE[name], {"e": "https://x.example/e.png"})
    assert time.process_time() - begun < 6
    assert sum(len(segment.text) for segment in segments) <= LONGEST_TEXT + 50_000
