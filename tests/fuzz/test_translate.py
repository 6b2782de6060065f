"""Whatever JSON a network sends, every adapter's translate answers: a value of ours, bounded and safe to show, and never an exception."""

import copy
import dataclasses
import inspect
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.networks.html import LONGEST_TEXT
from app.networks.port import Author, Inbound, Media, Published, Reject, Segment
from app.networks.registry import networks

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parent.parent / "networks" / "adapters"
_MEMBERS = 4
"""So many an object has that is a post, a person or a message, whatever a network calls what is in it."""
_KINDS = (Inbound, Reject, Published, Author, Media, type(None), str, int, bool, tuple, list, datetime)


def translators() -> Iterator[ModuleType]:
    """The pure translate module of each network there is; a network without one is another kind of adapter."""
    for network in networks().values():
        package = inspect.getmodule(type(network))
        assert package is not None
        name = f"{package.__name__.rpartition('.')[0]}.translate"
        if find_spec(name):
            yield import_module(name)


def functions() -> Iterator[Callable[[Any], Any]]:
    """Every public function of every translate that makes something of foreign JSON, ready to be given it."""
    for module in translators():
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and name.startswith("to_"):
                yield _ready(function, module)


def _ready(function: Callable[..., Any], module: ModuleType) -> Callable[[Any], Any]:
    """The function with everything but its first argument filled in."""
    first, *others = inspect.signature(function).parameters.values()
    filled = {one.name: _a(one, module) for one in others if one.default is inspect.Parameter.empty}

    def ask(value: Any) -> Any:
        return function(value, **filled)

    ask.__name__ = f"{_network(module)}.{function.__name__}({first.name})"
    return ask


def _network(module: ModuleType) -> str:
    return module.__name__.split(".")[-2]


def _a(parameter: inspect.Parameter, module: ModuleType) -> Any:
    """A reader of that network: text for texts, an instant for instants."""
    wanted = getattr(module, str(parameter.annotation).rpartition(".")[2].strip("'>"), parameter.annotation)
    if dataclasses.is_dataclass(wanted):
        values = {"datetime": NOW, "str": "1", "tuple": (), "dict": {}, "bool": False, "int": 1}
        return wanted(**{f.name: values[getattr(f.type, "__name__", str(f.type))] for f in dataclasses.fields(wanted)})  # type: ignore[operator]
    raise AssertionError(f"{parameter}: say here what a {wanted} is")


EVERY = list(functions())


def pieces(network: str) -> list[Any]:
    """Everything that a network's recordings hold, at any depth: true to life before it is bent."""
    found: list[Any] = []

    def walk(value: Any) -> None:
        found.append(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    for sample in sorted((SAMPLES / network).glob("samples/**/*.json")):
        walk(json.loads(sample.read_text()))
    return found


RECORDED = {_network(module): pieces(_network(module)) for module in translators()}
PIECES = [one for found in RECORDED.values() for one in found]
ENTITIES = {
    network: [one for one in found or PIECES if isinstance(one, dict) and len(one) >= _MEMBERS]
    for network, found in RECORDED.items()
}
"""What is bent, by network: its own, or anybody's where nothing was recorded."""
NAMES = sorted({name for one in PIECES if isinstance(one, dict) for name in one})
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(10**30), 2**63, float("nan"), float("inf"), -0.0, "", " ", "\0", "\ud800", "\u202e"]),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30", "24:00", "javascript:x"]),
    st.sampled_from(["<p>" * 5000, "a" * 100_000, "https://[", "//x", "https://" + "a" * 5000, "@" * 2000]),
    st.floats(),
    st.text(max_size=40),
)
JSON = st.recursive(
    STRANGE,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner, max_size=6)
        | st.just([]).map(lambda _: [{}] * 500)
    ),
    max_leaves=12,
)
ELSEWHERE = JSON | st.sampled_from(PIECES)  # made once: hypothesis hashes every piece of what is sampled anew


@st.composite
def bent(draw: st.DrawFn, network: str) -> Any:
    """A recorded entity of a network in which some values are others: strange ones, or ones from elsewhere."""
    value = json.loads(json.dumps(draw(st.sampled_from(ENTITIES[network]))))
    for _ in range(draw(st.integers(1, 6))):
        place = value
        while isinstance(place, dict) and place and draw(st.booleans()):
            inner = place[draw(st.sampled_from(sorted(place)))]
            if not isinstance(inner, dict) or not inner:
                break
            place = inner
        if isinstance(place, dict) and place:
            place[draw(st.sampled_from(sorted(place)))] = copy.deepcopy(draw(ELSEWHERE))
    return value


def check(value: Any, answer: Any) -> None:
    """The answer is one of ours, holds no markup that acts and nothing a database cannot hold, and is bounded."""
    assert isinstance(answer, _KINDS)
    size = 0
    for text, name in texts(answer):
        size += len(text)
        if isinstance(answer, Reject) and name == "raw":
            assert text.isascii()
        else:
            assert "\0" not in text, name
            text.encode()
        if name in {"href", "url", "avatar_url", "preview_url"}:
            assert text.startswith(("http://", "https://")), (name, text)
    given_size = len(json.dumps(value, default=str, skipkeys=True)) if not isinstance(value, bytes) else 0
    assert size <= 3 * LONGEST_TEXT + 6 * given_size
    if isinstance(answer, Inbound):
        assert answer.posted_at.tzinfo is not None
        assert answer.posted_at.year >= 1990
        assert sum(len(one.text) for one in answer.segments) <= LONGEST_TEXT + 50_000


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in an answer with the name of its field."""
    if isinstance(value, str):
        yield value, name
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name), field.name)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one, name)


def test_every_network_with_recordings_is_tried() -> None:
    assert len(EVERY) >= len(list(translators())) >= 3
    assert all(ENTITIES.values())
    assert sum(len(found) for found in ENTITIES.values()) > 30


@pytest.mark.parametrize("ask", EVERY, ids=lambda ask: ask.__name__)
def test_any_json_has_an_answer(ask: Callable[[Any], Any]) -> None:
    law(ask, JSON, 20)
    law(ask, bent(ask.__name__.partition(".")[0]), 40)


@pytest.mark.faults
@pytest.mark.parametrize("ask", EVERY, ids=lambda ask: ask.__name__)
def test_any_json_has_an_answer_tried_for_long(ask: Callable[[Any], Any]) -> None:
    law(ask, JSON, 3000)
    law(ask, bent(ask.__name__.partition(".")[0]), 12_000)


def law(ask: Callable[[Any], Any], values: st.SearchStrategy[Any], examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(values)
    def holds(value: Any) -> None:
        begun = time.process_time()
        check(value, ask(value))
        assert time.process_time() - begun < 5

    holds()


LARGE = {
    "nested": "nested",
    "4,000 mentions": {"mentions": [{"id": str(n), "acct": f"a{n}@x.example"} for n in range(4000)]},
    "4,000 pictures": {"media_attachments": [{"type": "image", "url": "https://x.example/a.png"}] * 4000},
    "4,000 emojis": {"emojis": [{"shortcode": f"e{n}", "url": "https://x.example/e"} for n in range(4000)]},
    "a long name": {"account": {"id": "1", "acct": "nora@x.example", "display_name": "ﷺ" * 1_000_000}},
    "a long warning": {"spoiler_text": "⚠" * 1_000_000},
    "a long text": {"content": "<p>" + "x<br>" * 400_000},
}


@pytest.mark.parametrize("ask", EVERY, ids=lambda ask: ask.__name__)
@pytest.mark.parametrize("name", LARGE)
def test_a_large_post_is_answered_soon(ask: Callable[[Any], Any], name: str) -> None:
    post: Any = {"id": "1", "uri": "https://x.example/1", "account": {"id": "2", "acct": "nora@x.example"}}
    more = LARGE[name]
    if more == "nested":
        for _ in range(5000):
            post = {"status": post, "account": [post], "type": "mention", "id": "1"}
    else:
        post |= more
    begun = time.process_time()
    for value in (post, {"id": "9", "type": "mention", "created_at": "x", "status": post}):
        answer = ask(value)
        assert isinstance(answer, _KINDS)
        assert sum(len(text) for text, _ in texts(answer)) < 1_000_000
    assert time.process_time() - begun < 10


def test_segments_are_the_only_thing_that_is_ever_shown_as_more_than_text() -> None:
    kinds = Segment.__dataclass_fields__["kind"].type
    assert set(kinds.__args__) == {  # type: ignore[union-attr]
        *("text", "link", "mention", "tag", "emoji", "break", "paragraph", "code", "quote")
    }
