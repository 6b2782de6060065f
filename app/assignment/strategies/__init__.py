"""Finds every module here; one file is one way to choose, with its NAME and its choose()."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Final

from app.assignment.strategy import Choose

OFF: Final = "off"
"""Nobody is chosen: tickets wait until somebody takes them."""


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))


@cache
def strategies() -> MappingProxyType[str, Choose]:
    """Every way to choose, by the name a brand is set to."""
    return MappingProxyType({module.NAME: module.choose for module in _modules()})


@cache
def counting() -> frozenset[str]:
    """The names of those that look at how many tickets somebody has: all that do not say COUNTS = False."""
    return frozenset(module.NAME for module in _modules() if getattr(module, "COUNTS", True))
