"""A network is one folder among the adapters and one among their tests: nothing else names one, but for a reason."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from app.networks.registry import networks

ROOT = Path(__file__).parent.parent
NETWORKS = [name for name, adapter in networks().items() if "brought" not in adapter.can]
"""Those outside; what other systems bring is named by the house, which takes it in."""
HOMES = ("app/networks/adapters/", "tests/networks/adapters/")

WHY = {
    "app/sandbox/": "the sandbox is a network of its own that speaks the language of one of ours",
    "app/demo/people.py": "connects a brand to the sandbox",
    "app/brands/asks.py": "an example shows a network that is there",
    "app/brands/examples.py": "an example shows a network that is there",
    "app/customers/examples.py": "an example shows a network that is there",
    "app/tickets/examples.py": "an example shows a network that is there",
    "frontend/src/shared/api/schema.ts": "written from the interface's description, with its examples",
    "bench/": "a measurement says what it measures",
    "tools/live_bluesky.py": "installs the network's own servers, for the tests in its folder",
}
WHY_TESTS = {
    "tests/brands/test_at_fault.py": "tries each field of a form that has several addresses",
    "tests/security/test_inside_is_refused.py": "tries a live line",
    "tests/security/test_networks_inside.py": "tries each address that a network could be led to",
    "tests/test_layers.py": "breaks a rule in a file that is there",
}


def sources(folders: str, endings: str) -> Iterator[tuple[str, str]]:
    """Every file of these kinds outside the networks' own folders, by its name, with what is in it."""
    for folder in folders.split():
        for ending in endings.split():
            for path in sorted((ROOT / folder).rglob(f"*.{ending}")):
                name = path.relative_to(ROOT).as_posix()
                if not name.startswith(HOMES) and ".test." not in name:
                    yield name, path.read_text()


def excused(found: set[str], why: dict[str, str]) -> tuple[list[str], list[str]]:
    """Files without a reason, and reasons without a file."""
    free = sorted(name for name in found if not name.startswith(tuple(why)))
    return free, sorted(place for place in why if not any(name.startswith(place) for name in found))


def as_a_word(name: str) -> dict[str, str] | None:
    """Where a name that is also an ordinary word means that, as its stage says; None for a name that means only this.

    Of an ordinary word only a text that is nothing else is taken for the network.
    """
    found: dict[str, str] | None = getattr(
        import_module(f"tests.networks.adapters.{name}.stage"), "NAME_IS_A_WORD", None
    )
    return found


@cache
def names() -> re.Pattern[str]:
    words = "|".join(name for name in NETWORKS if as_a_word(name) is None)
    return re.compile(
        rf"(?i:\b(?:{words})\b)|[\"'`](?:{'|'.join(NETWORKS)})[\"'`]|\badapters[./](?:{'|'.join(NETWORKS)})\b"
    )


def test_the_product_names_no_network() -> None:
    product = sources("app frontend/src bench tools migrations", "py ts tsx css")
    found = {name for name, text in product if names().search(text)}
    words = dict(one for name in NETWORKS for one in (as_a_word(name) or {}).items())
    assert excused(found, WHY | words) == ([], [])


def test_tests_reach_into_a_network_only_from_its_folder() -> None:
    inside = re.compile(rf"adapters[./](?:{'|'.join(NETWORKS)})\b")
    found = {name for name, text in sources("tests", "py") if inside.search(text)}
    assert excused(found - {"tests/test_networks_apart.py"}, WHY_TESTS) == ([], [])


def test_settings_of_tools_name_no_network() -> None:
    """Among them the list of what is pure: a pure file of a network is known by its name, whichever network it is."""
    settings = (ROOT / "pyproject.toml").read_text()
    assert re.findall(rf"adapters\.(?:{'|'.join(NETWORKS)})\b", settings) == []


def test_a_name_is_seen_however_it_is_said() -> None:
    seen = [f'"{name}"' for name in NETWORKS] + [f"from app.networks.adapters.{name} import y" for name in NETWORKS]
    unseen = ['"xy"', "a feed feeds the hub", "networks.adapters", "x = 1"]
    assert [one for one in seen if not names().search(one)] == []
    assert [one for one in unseen if names().search(one)] == []
