"""Ids as the servers make them: strings that sort by age, opaque to clients."""

import secrets
from typing import Final

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID_LETTERS: Final = 26
_RANDOM_BITS: Final = 80


class Snowflakes:
    """Mastodon's status ids: milliseconds in the high bits, so a decimal string that grows with time."""

    def __init__(self, last: int = 0) -> None:
        """Go on after `last`, so that ids keep growing over a restart."""
        self.last = last

    def next(self, at_ms: int) -> str:
        """Make an id greater than every one before it."""
        self.last = max(self.last + 1, at_ms << 16)
        return str(self.last)


class Ulids:
    """GoToSocial's ids: 48 bits of time and 80 of chance in 26 letters."""

    def __init__(self, last: int = 0) -> None:
        """Go on after `last`."""
        self.last = last

    def next(self, at_ms: int) -> str:
        """Make an id greater than every one before it."""
        self.last = max(self.last + 1, at_ms << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 1))
        return ulid(self.last)


def ulid(value: int) -> str:
    """Spell 128 bits in Crockford's letters, whose order is the numbers' order."""
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(_ULID_LETTERS)))


def by_age(numeric: bool) -> "type[_Numeric | _Lexical]":
    """Say how ids of a server are ordered: longer is newer and then by letters (Mastodon), or by letters alone."""
    return _Numeric if numeric else _Lexical


class _Numeric:
    @staticmethod
    def key(an_id: str) -> tuple[int, str]:
        return (len(an_id), an_id)


class _Lexical:
    @staticmethod
    def key(an_id: str) -> tuple[int, str]:
        return (0, an_id)
