"""Whatever is refused in a browser is said in both languages: each code and each reason has words in the console."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from app.core.addresses import HostRefused
from app.core.errors import DeskError
from app.core.reason_of_shape import SHAPES
from app.core.secrets import CredentialsUnreadable
from app.ingest.budget import SPENT
from app.main import create_app
from app.networks.errors import NetworkError
from app.networks.reasons import NAMES, reason_of, why_of
from app.networks.registry import networks

E = TypeVar("E", bound=Exception)

I18N = Path(__file__).parents[2] / "frontend/src/shared/i18n"
NOBODY_IN_A_BROWSER = {
    "bad_value": "it says why, and each reason has words: the next test",
    "database_unreachable": "the command line says it, before anything serves",
    "desk_error": "the base of the others is never raised itself",
    "embedded_database_failed": "the command line says it, before anything serves",
    "key_is_given": "the command line says it",
    "metrics_refused": "whoever reads metrics is a program",
    "old_secret_key_too_short": "the command line says it, before anything serves",
    "port_taken": "the command line says it, before anything serves",
    "schema_too_new": "the command line says it, before anything serves",
    "secret_key_too_short": "the command line says it, before anything serves",
    "simulation_error": "the command line simulates",
}
ELSEWHERE = ("app.sandbox", "app.demo")
"""A network to play with, and what fills a desk with it: no part of the desk that people use."""


def classes(of: type[E]) -> Iterator[type[E]]:
    for one in of.__subclasses__():
        yield one
        yield from classes(one)


def keys(language: str, *sections: str) -> set[str]:
    said = "".join((I18N / language / f"{section}.ts").read_text() for section in sections)
    return set(re.findall(r"^  (\w+):", said, re.MULTILINE))


def test_every_refusal_has_words_in_both_languages() -> None:
    create_app()
    met = {one for one in classes(DeskError) if one.__module__.startswith("app.")}
    raised = {one.__new__(one).code for one in met if not one.__module__.startswith(ELSEWHERE)}
    for language in ("en", "fr"):
        said = keys(language, "problem", "faults")
        assert sorted(raised - said - NOBODY_IN_A_BROWSER.keys()) == [], language
        assert sorted(said & NOBODY_IN_A_BROWSER.keys()) == [], language


def test_every_reason_has_words_in_both_languages() -> None:
    app = Path(__file__).parents[2] / "app"
    named = {name for file in app.rglob("*.py") for name in re.findall(r'\breason\("(\w+)"', file.read_text())}
    for language in ("en", "fr"):
        assert sorted((named | SHAPES | NAMES) ^ keys(language, "reason")) == [], language


def test_every_sentence_that_an_adapter_made_has_a_reason() -> None:
    """A network's own words are told as they are; ours about it are not."""
    create_app()
    told = {(one.__doc__ or "").strip() for one in classes(NetworkError) if one.__module__.startswith("app.")}
    assert sorted(one for one in told if reason_of(one) is None) == []


def literals(file: Path, made: set[str]) -> Iterator[str]:
    """The sentences that a file writes itself into errors of these names; a value in one stands as a number."""
    for call in ast.walk(ast.parse(file.read_text())):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in made):
            continue
        for given in call.args[:1]:
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                yield given.value
            elif isinstance(given, ast.JoinedStr):
                yield "".join(str(one.value) if isinstance(one, ast.Constant) else "500" for one in given.values)


def test_every_sentence_that_stands_in_an_adapter_has_a_reason() -> None:
    create_app()
    made = {one.__name__ for one in classes(NetworkError)}
    written = [
        said for file in (Path(__file__).parents[2] / "app/networks").rglob("*.py") for said in literals(file, made)
    ]
    assert len(written) > 25
    assert sorted(said for said in written if reason_of(said) is None) == []


def values_of(sentences: dict[str, str]) -> dict[str, list[str]]:
    """Which values each sentence has a place for."""
    return {key: sorted(re.findall(r"\{(\w+)\}", one)) for key, one in sentences.items()}


def test_each_network_says_its_troubles_in_both_languages() -> None:
    for name, network in networks().items():
        assert values_of(network.words["en"].trouble) == values_of(network.words["fr"].trouble), name
        inside = Path(str(import_module(f"app.networks.adapters.{name}").__file__)).parent
        source = "".join(file.read_text() for file in inside.glob("*.py"))
        assert [one for one in network.words["en"].trouble.values() if one not in source] == [], name


def test_a_sentence_gives_its_values_and_a_networks_own_words_have_no_reason() -> None:
    assert reason_of("The server answered 422.") == ("reason.answered", {"status": "422"})
    assert reason_of("There is no server named nowhere.example.") == (
        "reason.no_such_server",
        {"host": "nowhere.example"},
    )
    assert reason_of("X did not finish looking for deleted posts (expired).") == (
        "trouble.x.look_unfinished",
        {"status": "expired"},
    )
    assert why_of("Validation failed: Text can't be blank") == {"problem_code": None, "problem_values": {}}
    assert why_of(None) == {"problem_code": None, "problem_values": {}}
    for kept in (SPENT, CredentialsUnreadable.__doc__, HostRefused.__doc__):
        assert reason_of(kept), kept
