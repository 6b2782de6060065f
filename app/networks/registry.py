"""Finds every package in adapters/ and returns it by name; a new network needs no edit here."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from app.networks import adapters
from app.networks.port import Network


@cache
def networks() -> MappingProxyType[str, Network]:
    """Every network we speak with, by name, in the order of the names."""
    found: dict[str, Network] = {}
    for module in sorted(iter_modules(adapters.__path__), key=lambda module: module.name):
        if module.ispkg:
            network: Network = import_module(f"{adapters.__name__}.{module.name}").NETWORK
            found[network.name] = network
    return MappingProxyType(found)


def network(name: str) -> Network:
    """Answer the network of this name. Raises KeyError when there is none."""
    return networks()[name]
