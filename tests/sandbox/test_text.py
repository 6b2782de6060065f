"""Laws of reading text: cutting it up loses nothing, and no text becomes markup of its own."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.sandbox import html
from app.sandbox.text import length, mentioned, pieces
from app.sandbox.world import World

TEXTS = st.text(alphabet=st.one_of(st.sampled_from("@#:/.<>&\"' \nab1_é"), st.characters(codec="utf-8")), max_size=60)


@given(TEXTS)
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece for _, piece in pieces(text)) == text


@given(TEXTS)
def test_what_is_rendered_is_only_ours(text: str) -> None:
    world = World()
    rendered = html.render(world, text)
    assert set(re.findall(r"<(\w+)", rendered)) <= {"p", "br", "a", "span"}
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", rendered)


@given(TEXTS)
def test_it_never_counts_more_than_it_is_except_short_links(text: str) -> None:
    assert length(World().flavour, text, "") <= len(text) + 23 * text.count("://")


def test_mentions_are_not_found_inside_words_and_addresses() -> None:
    assert mentioned("a@b.example @c. (@d) @e@f.example:80, x/@g @@h @i_j-k") == ["c", "d", "e@f.example:80", "i_j-k"]
