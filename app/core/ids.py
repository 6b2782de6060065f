"""Public ids: time-ordered strings with a prefix that says what they name, made here and nowhere else."""

from base64 import b32hexdecode
from itertools import product
from typing import Final

from uuid_utils import uuid7

_PADDING: Final = "="
_LENGTH: Final = 32  # of 16 bytes in base32 with padding
_PAIRS: Final = tuple(map("".join, product("0123456789abcdefghijklmnopqrstuv", repeat=2)))
"""Two characters for each ten bits: base64.b32hexencode works in Python, and an id was a third of its time."""
_SHIFTS: Final = tuple(range(120, -1, -10))


class _Latest:
    """The instant of the newest id, in milliseconds since 1970: a clock that is set back does not take ids with it."""

    milliseconds = 0


def new_id(prefix: str) -> str:
    """Make an id such as `tk_06a3...`: the prefix, then a uuid7 in 26 lower-case base32hex characters.

    base32hex keeps the order of the bytes, so ids made later sort later (RFC 9562, RFC 4648 section 7), also when the
    machine's clock was set back meanwhile: then each is a millisecond after the one before.
    """
    made = uuid7()
    if made.timestamp < _Latest.milliseconds:
        _Latest.milliseconds += 1
        made = uuid7(nanoseconds=_Latest.milliseconds * 1_000_000)
    else:
        _Latest.milliseconds = made.timestamp
    bits = made.int << 2  # 130, as 26 characters of five bits hold
    return f"{prefix}_{''.join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])}"


def go_on_after(newest: str) -> None:
    """Let every id made from now on sort after this one, which another process made."""
    code = newest.partition("_")[2].upper()
    milliseconds = int.from_bytes(b32hexdecode(code.ljust(_LENGTH, _PADDING))[:6])
    _Latest.milliseconds = max(_Latest.milliseconds, milliseconds + 1)
