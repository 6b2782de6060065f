"""Finds the stage of every network in its folder; a new network needs no edit here."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from app.networks.registry import networks


def stages(name: str) -> dict[str, Callable[[], Any]]:
    """The kinds of server of a network, by flavour, as `stage.py` in its folder under tests/networks/adapters says."""
    place = f"tests.networks.adapters.{name}"
    if find_spec(place) is None or find_spec(f"{place}.stage") is None:
        return {}
    found: dict[str, Callable[[], Any]] = import_module(f"{place}.stage").STAGES
    return found


STAGES = {name: stages(name) for name in networks()}
