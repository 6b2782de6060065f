"""Asking a network on behalf of somebody who waits: its failures become sentences they can read."""

from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from app.brands.errors import FieldMissing, FieldUnknown, NetworkRefused, NetworkSilent, SignInRefused, UnknownNetwork
from app.core.reason import said
from app.networks.errors import NetworkError, Rejected, Unauthorized
from app.networks.port import Network
from app.networks.reasons import reason_of
from app.networks.registry import network, networks

A = TypeVar("A")


def known_network(name: str) -> Network:
    """The network of this name. Raises UnknownNetwork."""
    if name not in networks():
        raise UnknownNetwork(field="network")
    return network(name)


async def asked(answer: Awaitable[A], typed: Mapping[str, str] | None = None) -> A:
    """What the network answers. Raises SignInRefused, NetworkRefused or NetworkSilent with the network's own words.

    With what was `typed`, the problem names the field that is at fault, if the adapter knows it and it was filled in.
    """
    try:
        return await answer
    except Unauthorized as problem:
        raise SignInRefused(problem.sentence, field=_at_fault(problem, typed), **_why(problem)) from problem
    except Rejected as problem:
        raise NetworkRefused(problem.sentence, field=_at_fault(problem, typed), **_why(problem)) from problem
    except NetworkError as problem:
        raise NetworkSilent(problem.sentence, field=_at_fault(problem, typed), **_why(problem)) from problem


def _why(problem: NetworkError) -> dict[str, Any]:
    return said(reason_of(problem.sentence))


def _at_fault(problem: NetworkError, typed: Mapping[str, str] | None) -> str | None:
    known = problem.field or ("token" if isinstance(problem, Unauthorized) else None)
    return f"fields.{known}" if known is not None and known in (typed or ()) else None


def checked_fields(adapter: Network, given: dict[str, str]) -> dict[str, str]:
    """What was typed, trimmed; raises FieldUnknown or FieldMissing with the field at fault."""
    wanted = {field.name: field for field in adapter.connect_fields}
    for name in given:
        if name not in wanted:
            raise FieldUnknown(field=f"fields.{name}")
    typed = {name: value.strip() for name, value in given.items() if value.strip()}
    for name, field in wanted.items():
        if field.required and name not in typed:
            raise FieldMissing(field=f"fields.{name}")
    return typed


def has_secret(adapter: Network, typed: dict[str, str]) -> bool:
    """Whether the account can be connected at once: a token was pasted, or there is no way through the browser.

    Other secrets may belong to the app that asks there.
    """
    return "token" in typed or "oauth" not in adapter.can
