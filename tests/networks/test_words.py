"""Every word that an adapter names is there in both languages, and no other: the console says it as it stands."""

import json
import re
from collections.abc import Iterator
from inspect import getfile
from pathlib import Path
from typing import get_args

import pytest

from app.networks.port import Network
from app.networks.registry import networks
from app.networks.words import Language, Words, words_beside

HOUSE = Path(__file__).parents[2] / "frontend" / "src" / "shared" / "i18n" / "en" / "answer.ts"
NAMED = re.compile(r'"((?:connect|answer|cost)\.[\w.]+)"')
ACTS = re.compile(r"[{}<>]|'[{}<|#]")  # what the console's formatter would take for more than text


def folder(adapter: Network) -> Path:
    return Path(getfile(type(adapter))).parent


def named(adapter: Network) -> set[str]:
    """The names of words in an adapter's code; they are literals, so that they can be found."""
    return {name for path in folder(adapter).rglob("*.py") for name in NAMED.findall(path.read_text())}


def told(name: str, words: Words) -> Iterator[tuple[str, str]]:
    for part in ("connect", "answer", "cost"):
        for key, text in getattr(words, part).items():
            yield f"{part}.{name}.{key}", text


@pytest.mark.parametrize("name", networks())
def test_a_network_has_every_word_it_names_in_both_languages_and_no_other(name: str) -> None:
    adapter = networks()[name]
    house = {f"answer.{key}" for key in re.findall(r"^  (\w+):", HOUSE.read_text(), re.MULTILINE)}
    assert set(adapter.words) == set(get_args(Language))
    for language, words in adapter.words.items():
        said = dict(told(name, words))
        assert named(adapter) - house == set(said), language
        for text in (words.label, *said.values()):
            assert text == text.strip() != "", language
            assert not ACTS.search(text), text
    labels = {one.label for one in (*adapter.connect_fields, *adapter.prices)}
    assert labels <= named(adapter)
    assert {label.split(".")[1] for label in labels} <= {name}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, "label"),
        ({"label": "Lean", "connect": ["token"]}, "connect"),
        ({"label": "Lean", "answer": {"no": 1}}, "answer.no"),
        ({"label": "Lean", "answers": {}}, "answers"),
    ],
)
def test_a_file_that_holds_anything_else_is_refused(tmp_path: Path, said: object, fault: str) -> None:
    for language in get_args(Language):
        (tmp_path / f"words.{language}.json").write_text(json.dumps(said))
    with pytest.raises(ValueError, match=fault):
        words_beside(str(tmp_path / "adapter.py"))


def test_a_language_that_is_missing_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "words.en.json").write_text('{"label": "Lean"}')
    with pytest.raises(FileNotFoundError, match=r"words\.fr\.json"):
        words_beside(str(tmp_path / "adapter.py"))
    (tmp_path / "words.fr.json").write_text('{"label": "Maigre", "answer": {"no": "Non."}}')
    found = words_beside(str(tmp_path / "adapter.py"))
    assert (found["fr"].label, found["fr"].answer, found["en"].connect) == ("Maigre", {"no": "Non."}, {})
