"""Public ids: time-ordered strings with a prefix that says what they name, made here and nowhere else."""

from base64 import b32hexdecode, b32hexencode
from typing import Final

from uuid_utils import uuid7

_PADDING: Final = "="
_LENGTH: Final = 32  # of 16 bytes in base32 with padding


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
    return f"{prefix}_{b32hexencode(made.bytes).decode().rstrip(_PADDING).lower()}"


def go_on_after(newest: str) -> None:
    """Let every id made from now on sort after this one, which another process made."""
    code = newest.partition("_")[2].upper()
    milliseconds = int.from_bytes(b32hexdecode(code.ljust(_LENGTH, _PADDING))[:6])
    _Latest.milliseconds = max(_Latest.milliseconds, milliseconds + 1)
