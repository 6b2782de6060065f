"""The text of a key: a prefix that scanners know, a part to recognise it by, 256 random bits, and a checksum; pure."""

import hashlib
import re
import secrets
import zlib
from typing import Final

PREFIX: Final = "mdk_"
SHAPE: Final = re.compile(r"mdk_([0-9A-Za-z]{8})([0-9A-Za-z]{43})([0-9A-Za-z]{6})")
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET: Final = 43
"""Characters of 62 kinds that hold 256 bits."""


def new_key_text() -> str:
    """Make a key: `mdk_`, eight characters that may be shown later, the secret, and the checksum of all before it."""
    recognised = "".join(secrets.choice(_DIGITS) for _ in range(8))
    body = PREFIX + recognised + _in_digits(secrets.randbits(256), _SECRET)
    return body + _checksum(body)


def is_key_text(text: str) -> bool:
    """Whether a text is a key by its shape and its checksum; one that was mistyped or cut off is not."""
    return SHAPE.fullmatch(text) is not None and _checksum(text[:-6]) == text[-6:]


def recognisable(text: str) -> str:
    """The part of a key that may be shown: enough to find it in a list, and nothing of its secret."""
    return text[: len(PREFIX) + 8]


def fingerprint(text: str) -> str:
    """What is kept of a key: its SHA-256.

    A slow hash such as argon2 makes guessing of passwords slow, which people choose; nobody guesses 256 random bits,
    and a slow hash would cost every request what a sign-in costs.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(body: str) -> str:
    """CRC-32 in six digits: a scanner knows without asking us that it found a key."""
    return _in_digits(zlib.crc32(body.encode()), 6)


def _in_digits(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
