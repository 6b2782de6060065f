"""Public ids: time-ordered strings with a prefix that says what they name, made here and nowhere else."""

from base64 import b32hexencode
from typing import Final

from uuid_utils import uuid7

_PADDING: Final = "="


def new_id(prefix: str) -> str:
    """Make an id such as `tk_06a3...`: the prefix, then a uuid7 in 26 lower-case base32hex characters.

    base32hex keeps the order of the bytes, so ids made later sort later (RFC 9562, RFC 4648 section 7).
    """
    return f"{prefix}_{b32hexencode(uuid7().bytes).decode().rstrip(_PADDING).lower()}"
