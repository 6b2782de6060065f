"""Keyset cursors: where a page ended, encoded so that nobody builds on their shape."""

import base64
import binascii
from datetime import datetime
from typing import Any

import orjson

from app.core.errors import Invalid


class BadCursor(Invalid):
    """This page mark is not one of ours; start again from the first page."""


def encode(*values: Any) -> str:
    """Make a cursor of the last row's sort values (text, numbers, instants, null)."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Any]:
    """The values of a cursor made by encode() from so many values. Raises BadCursor."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as problem:
        raise BadCursor(field="cursor") from problem
    if not isinstance(values, list) or len(values) != length:
        raise BadCursor(field="cursor")
    return values


def instant(value: Any) -> datetime:
    """An instant out of a cursor. Raises BadCursor."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError) as problem:
        raise BadCursor(field="cursor") from problem
    if found.tzinfo is None:
        raise BadCursor(field="cursor")
    return found


def word(value: Any) -> str:
    """A text, such as an id, out of a cursor. Raises BadCursor."""
    if not isinstance(value, str) or "\0" in value:
        raise BadCursor(field="cursor")
    return value


def number(value: Any) -> int:
    """A whole number that a row can have, out of a cursor. Raises BadCursor."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise BadCursor(field="cursor")
    return value
