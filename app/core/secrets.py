"""Seal and open network credentials with the installation key."""

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from app.core.errors import Unavailable
from app.core.settings import settings

_KEY_FILE: Final = "secret.key"
_SHORTEST_KEY: Final = 32


class CredentialsUnreadable(Unavailable):
    """The stored credentials cannot be opened: the installation's secret key is not the one they were sealed with."""


class SecretKeyTooShort(Unavailable):
    """MENTIONDESK_SECRET_KEY needs at least 32 characters; `openssl rand -base64 32` makes such a key."""


def _key() -> bytes:
    given = settings().secret_key
    if given is None:
        return key_in(settings().data_dir)
    text = given.get_secret_value().strip()
    if len(text) < _SHORTEST_KEY:
        raise SecretKeyTooShort
    try:
        Fernet(text)
    except ValueError:  # any other long secret is as good: a key is made of it
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return text.encode()


def check_key() -> None:
    """Find out at the start, and not at the first account, that the key cannot be used. Raises SecretKeyTooShort."""
    Fernet(_key())


def key_in(folder: Path) -> bytes:
    """The key kept in a data folder; made there, readable by us alone, at the first call."""
    path = folder / _KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{_KEY_FILE}.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_bytes(Fernet.generate_key())
        try:
            os.link(fresh, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes().strip()


def seal(values: dict[str, str]) -> str:
    """Encrypt and sign a small dictionary (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return Fernet(_key()).encrypt(json.dumps(values).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Open what seal() made. Raises CredentialsUnreadable under another key."""
    try:
        opened: dict[str, str] = json.loads(Fernet(_key()).decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as problem:
        raise CredentialsUnreadable from problem
    return opened
