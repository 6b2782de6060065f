"""Lengths as networks count them; the same cases are counted by the console's own code."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.networks import text, weighted
from app.networks.port import Limits

BOOK = json.loads((Path(__file__).parent / "text_cases.json").read_text())


def limits(name: str = "weighed", **changes) -> Limits:
    rest = {"max_media": 4, "media_types": ("image/png",), "max_media_bytes": 1, "max_alt": 10}
    return Limits(**{**BOOK["limits"][name], **rest, **changes})


@pytest.mark.parametrize("case", BOOK["cases"], ids=lambda case: case["why"])
def test_the_shared_cases(case):
    counts = {name: text.count(case["text"], case["warning"], limits(name)) for name in BOOK["limits"]}
    assert counts == case["counts"]


@pytest.mark.parametrize("case", BOOK["measures"], ids=lambda case: case["why"])
def test_bytes_are_told_where_they_alone_are_too_many(case):
    assert list(text.measure(case["text"], "", limits("plain", **case["limits"]))) == case["measured"]


@given(st.text(), st.text())
def test_counting_never_fails_and_is_never_negative(words, warning):
    for name in BOOK["limits"]:
        assert text.count(words, warning, limits(name)) >= 0


@given(st.text(alphabet="ab@./:() hts1あ。", max_size=60))
def test_links_are_found_in_order_and_do_not_touch_white_space(words):
    end = 0
    for start, stop in weighted.links(words):
        assert end <= start < stop <= len(words)
        end = stop
    end = 0
    for start, stop in text.links(words):
        assert end <= start < stop <= len(words)
        assert words[start:].lower().startswith("http")
        assert not any(letter.isspace() for letter in words[start:stop])
        end = stop


@pytest.mark.parametrize(
    "hostile",
    [
        "https://a." * 50_000,
        "https://example.com/" + ")" * 500_000,
        "https://example.com/" + "(" * 250_000 + ")" * 250_000,
        "@a.a" * 100_000,
        " @a@b.c" * 60_000,
        "@" + "a." * 200_000,
        "https://" + "a" * 500_000,
        "e" + "\u0301" * 500_000,
        "🇫" * 300_000,
        "a.com_" * 80_000,
        "a.comあ" * 80_000,
        "http://a.com/(" * 35_000,
        "👩\u200d" * 250_000,
    ],
    ids=lambda hostile: hostile[:3],
)
def test_half_a_million_hostile_characters_are_counted_in_two_seconds(hostile):
    begun = time.process_time()
    assert text.count(hostile, "", limits()) > 0
    assert time.process_time() - begun < 2
    begun = time.process_time()
    assert text.count(hostile[:100_000], "", limits("letters_weighed")) > 0
    assert time.process_time() - begun < 1


def test_what_may_go_out_and_what_may_not():
    assert text.check("x" * 500, "", limits()).problem is None
    assert text.check("x" * 501, "", limits()).problem == "too_long"
    assert text.check("x" * 500, "y", limits()).problem == "too_long"
    assert text.check("x" * 300, "y", limits("plain")).problem is None
    private = limits(private=limits(max_characters=9))
    assert text.check("x" * 10, "", text.in_lane(private, "private")).problem == "too_long"
    assert text.check("x" * 10, "", text.in_lane(private, "public")).problem is None
    assert text.check(" \n ", "", limits()).problem == "empty"
    assert text.check("", "", limits(), ["a picture"]).problem is None
    assert text.check("x", "", limits(), ["a"] * 5).problem == "too_many_media"
    assert text.check("x", "", limits(), ["a" * 11]).problem == "alt_too_long"
    verdict = text.check("x" * 501, "", limits())
    assert (verdict.count, verdict.maximum) == (501, 500)
