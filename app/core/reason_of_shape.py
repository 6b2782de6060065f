"""reason_of_shape(): what a shape says of a value, by a name that stays and with its limit, for any language; pure."""

from collections.abc import Mapping
from typing import Any, Final

from app.core.reason import Reason, reason

_LIMITS: Final = {
    "string_too_short": ("text_too_short", "min_length"),
    "string_too_long": ("text_too_long", "max_length"),
    "too_short": ("list_too_short", "min_length"),
    "too_long": ("list_too_long", "max_length"),
    "greater_than": ("number_not_above", "gt"),
    "greater_than_equal": ("number_too_small", "ge"),
    "less_than": ("number_not_below", "lt"),
    "less_than_equal": ("number_too_large", "le"),
}
_NAMES: Final = {
    "missing": "field_missing",
    "extra_forbidden": "field_unknown",
    "string_pattern_mismatch": "text_of_another_form",
    "literal_error": "not_one_of",
    "timezone_aware": "zone_missing",
}
_OF_ANOTHER_KIND: Final = ("_type", "_parsing")
SHAPES: Final = frozenset({name for name, _ in _LIMITS.values()} | {*_NAMES.values(), "value_of_another_kind"})


def reason_of_shape(kind: str, limits: Mapping[str, Any] | None) -> Reason | None:
    """The reason for Pydantic's kind of error; null for what is rare and told in its own words."""
    if kind in _LIMITS:
        name, limit = _LIMITS[kind]
        return reason(name, limit=(limits or {})[limit])
    if kind in _NAMES:
        return reason(_NAMES[kind])
    return reason("value_of_another_kind") if kind.endswith(_OF_ANOTHER_KIND) else None
