"""Hash and check passwords with Argon2id, in threads of their own, since one hash takes a core for a while."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final, NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.agents.errors import PasswordTooShort

PasswordHash = NewType("PasswordHash", str)

SHORTEST: Final = 8
"""Characters; NIST SP 800-63B, section 5.1.1.2."""
LONGEST: Final = 200
"""Characters; a longer one only costs time."""

_hasher: Final = PasswordHasher()  # RFC 9106's second choice: 64 MiB, three passes, four lanes
_threads: Final = ThreadPoolExecutor(2, thread_name_prefix="password")
"""Few and apart, so that a rush of sign-ins takes neither all memory nor the threads that resolve names."""


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)  # the same letters typed on another keyboard


@cache
def _nobody() -> str:
    """A hash that no password is checked against in earnest: time passes as if the agent existed."""
    return _hasher.hash("nobody")


async def hash_password(password: str, *, field: str = "password") -> PasswordHash:
    """Hash a new password. Raises PasswordTooShort with this field below 8 characters."""
    if len(_normal(password)) < SHORTEST:
        raise PasswordTooShort(field=field)
    hashed = await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, _normal(password))
    return PasswordHash(hashed)


async def check_password(hashed: str | None, password: str) -> bool:
    """Whether the password fits the hash; without a hash it takes as long and says no."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _check, hashed, _normal(password))


def outdated(hashed: str) -> bool:
    """Whether the hash was made with weaker parameters than today's, and should be made again."""
    return _hasher.check_needs_rehash(hashed)


def _check(hashed: str | None, password: str) -> bool:
    try:
        return _hasher.verify(hashed or _nobody(), password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False
