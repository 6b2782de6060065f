"""Texts cut into numbered parts; the same cases are cut by the console's own code."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.networks import text
from app.networks.port import Limits
from app.networks.split import MOST_PARTS, numbered, split

BOOK = json.loads((Path(__file__).parent / "split_cases.json").read_text())


def limits(**some) -> Limits:
    rest = {"max_media": 4, "media_types": (), "max_media_bytes": 1, "max_alt": 10}
    return Limits(**{**BOOK["limits"], **some, **rest})


def fits(counted: Limits, prefix: str = ""):
    def judge(part: str) -> bool:
        length, most = text.measure(f"{prefix} {part}".strip(), "", counted)
        return length <= most

    return judge


@pytest.mark.parametrize("case", BOOK["cases"], ids=lambda case: case["why"])
def test_the_shared_cases(case):
    counted = limits(**case["limits"])
    pieces = split(case["text"], counted, fits(counted, case["prefix"]))
    assert (pieces and numbered(pieces)) == case["parts"]


@given(
    st.text(alphabet="ab .\n。👩\u200d🇩https://example.com/@", max_size=150) | st.text(max_size=150),
    st.integers(8, 60),
    st.sampled_from(["graphemes", "code_points", "weighted"]),
)
def test_the_pieces_are_the_text_and_each_part_fits(words, most, unit):
    counted = limits(max_characters=most, unit=unit, link_weight=None)
    pieces = split(words, counted, fits(counted))
    if pieces is not None:
        assert "".join(pieces) == words
        assert len(pieces) <= MOST_PARTS
        assert all(fits(counted)(part) for part in numbered(pieces))
