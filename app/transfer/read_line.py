"""read_line(): the bytes of one line to its shape, or where in it and why not."""

from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import ValidationError

from app.core.rows import clean_json
from app.transfer.line_shapes import KNOWN, LEFT_OUT

LONGEST: Final = 1_000_000
"""Bytes of one line at most."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line is not taken, and the place in it as a JSON pointer."""

    place: str
    reason: str


def read_line(data: bytes | None) -> Any | Refusal | None:
    """The line's shape; a Refusal; or None for a kind that is left out. `data` is null for a line that was too long."""
    if data is None:
        return Refusal("", f"A line has at most {LONGEST} bytes.")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as problem:
        return Refusal("", f"This is not JSON: {problem.msg}.")
    if not isinstance(value, dict):
        return Refusal("", "A line is a JSON object.")
    if value.get("kind") in LEFT_OUT:
        return None
    try:
        return KNOWN.validate_python(clean_json(value))
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
        return Refusal(_pointer(first["loc"]), first["msg"])


def _pointer(location: tuple[int | str, ...]) -> str:
    """RFC 6901. The first part names the shape, by its kind, and is none of the line's."""
    parts = location[1:] if location else ("kind",)
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
