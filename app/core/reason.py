"""Reason: why something came to nothing, as a word of the console and what is filled into it; pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Reason(NamedTuple):
    """A key of the console's words, "reason.<name>" or one of a network's own, and the values that its words take."""

    key: str
    values: Mapping[str, str]


def reason(name: str, /, **values: object) -> Reason:
    """One of the house's own reasons."""
    return Reason(f"reason.{name}", {key: str(value) for key, value in values.items()})


def said(why: Reason | None) -> dict[str, Any]:
    """How a problem carries its reason: `why` and `values`; nothing where there is none."""
    return {} if why is None else {"why": why.key, "values": dict(why.values)}
