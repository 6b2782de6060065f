"""Mints record keys in advance, so that the same post can be put there again and still be one post."""

import secrets
from datetime import datetime
from typing import Final

_LETTERS: Final = "234567abcdefghijklmnopqrstuvwxyz"
_MOST: Final = 2**53 - 1

_last = 0


def mint(at: datetime) -> str:
    """A new key for a record made at `at`: 53 bits of microseconds, never the same twice here, and 10 bits of chance."""
    global _last  # noqa: PLW0603 - two keys of one microsecond must differ
    _last = min(max(int(at.timestamp() * 1_000_000), _last + 1), _MOST)
    return encode(_last << 10 | secrets.randbelow(1024))


def encode(number: int) -> str:
    """A number below 2^63 as 13 letters that sort as it does."""
    return "".join(_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))
