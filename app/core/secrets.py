"""Seal and open network credentials with the installation key."""

import json
import os
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from app.core.errors import Unavailable
from app.core.settings import settings

_KEY_FILE: Final = "secret.key"


class CredentialsUnreadable(Unavailable):
    """The stored credentials cannot be opened: the installation's secret key is not the one they were sealed with."""


def _key() -> bytes:
    given = settings().secret_key
    if given is not None:
        return given.get_secret_value().encode()
    return key_in(settings().data_dir)


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
