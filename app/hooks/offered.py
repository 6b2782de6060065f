"""TYPES: the types of events that a webhook can choose, which are those of the catalogue."""

from typing import Any, Final, get_args

from app.core.event import Event
from app.stream.catalogue import AnyFact


def _facts() -> tuple[type[Event], ...]:
    union: Any = get_args(AnyFact)[0]
    return get_args(union)


TYPES: Final = tuple(sorted(str(fact.model_fields["type"].default) for fact in _facts()))
