"""Seal and open network credentials with the installation key; older keys still open what they sealed."""

import base64
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.core.errors import Conflict, Unavailable
from app.core.settings import settings

SEALED: Final = {"sealed": True}
"""What a column whose text comes from seal() carries as its `info`: `mentiondesk rotate-key` finds it by that."""

_KEY_FILE: Final = "secret.key"
_OLD: Final = f"{_KEY_FILE}.old."
_SHORTEST_KEY: Final = 32


class CredentialsUnreadable(Unavailable):
    """The stored credentials cannot be opened: the installation's secret key is not the one they were sealed with."""


class SecretKeyTooShort(Unavailable):
    """MENTIONDESK_SECRET_KEY needs at least 32 characters; `openssl rand -base64 32` makes such a key."""


class OldSecretKeyTooShort(Unavailable):
    """Every key of MENTIONDESK_OLD_SECRET_KEYS has at least 32 characters; commas stand between them."""


class KeyIsGiven(Conflict):
    """The key is not ours to change: put a new one into MENTIONDESK_SECRET_KEY and the old one into MENTIONDESK_OLD_SECRET_KEYS."""


def _keys() -> list[bytes]:
    """The key that seals, and after it those that only open."""
    given, folder = settings().secret_key, settings().data_dir
    first = _kept_in(folder) if given is None else [_key(given.get_secret_value())]
    old = settings().old_secret_keys
    listed = [one for one in old.get_secret_value().split(",") if one.strip()] if old is not None else []
    try:
        return [*first, *(_key(one) for one in listed)]
    except SecretKeyTooShort as problem:
        raise OldSecretKeyTooShort from problem


def _kept_in(folder: Path) -> list[bytes]:
    """The keys of a data folder, the first before the old ones; read again when a name or the first key changed.

    Each gets its name by a rename, from a file of its own (change_key_in), so the change counts at once.
    """
    path = folder / _KEY_FILE
    if not path.exists():
        key_in(folder)
    key, names = path.stat(), folder.stat()
    return _read(folder, (key.st_ino, key.st_mtime_ns, names.st_mtime_ns))


@lru_cache(maxsize=1)
def _read(folder: Path, _look: tuple[int, int, int]) -> list[bytes]:
    """What was read when the folder looked like this; a worker opens credentials at every poll."""
    return [key_in(folder), *_old_keys_in(folder)]


def _key(text: str) -> bytes:
    text = text.strip()
    if len(text) < _SHORTEST_KEY:
        raise SecretKeyTooShort
    try:
        Fernet(text)
    except ValueError:  # any other long secret is as good: a key is made of it
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return text.encode()


def check_key() -> None:
    """Find out at the start, and not at the first account, that a key cannot be used.

    Raises SecretKeyTooShort or OldSecretKeyTooShort.
    """
    _fernet()


def key_in(folder: Path) -> bytes:
    """The key kept in a data folder; made there, readable by us alone, at the first call."""
    path = folder / _KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = _written(folder, Fernet.generate_key())
        try:
            os.link(fresh, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        _settle(folder)
    return path.read_bytes().strip()


def change_key_in(folder: Path) -> Path:
    """Give a data folder a new key at once for every process, and answer where the old one is kept for opening.

    The old key has its new place before the new key has the old one's, so whoever reads meanwhile, and whatever is
    cut short, finds a key for everything. Raises KeyIsGiven when the key comes from the environment.
    """
    if settings().secret_key is not None:
        raise KeyIsGiven
    key_in(folder)  # there is one, even in a folder that is new
    with _alone(folder):
        before = key_in(folder)
        kept = next((path for path in _old_files(folder) if path.read_bytes().strip() == before), None)
        if kept is None:
            kept = folder / f"{_OLD}{1 + max((int(path.suffix[1:]) for path in _old_files(folder)), default=0)}"
            _written(folder, before).rename(kept)
            _settle(folder)
        _written(folder, Fernet.generate_key()).rename(folder / _KEY_FILE)
        _settle(folder)
    return kept


def _old_files(folder: Path) -> list[Path]:
    """The old keys' files, the newest first."""
    found = [path for path in folder.glob(f"{_OLD}*") if path.suffix[1:].isdecimal()]
    return sorted(found, key=lambda path: int(path.suffix[1:]), reverse=True)


def _old_keys_in(folder: Path) -> list[bytes]:
    return [path.read_bytes().strip() for path in _old_files(folder)]


def _written(folder: Path, key: bytes) -> Path:
    """A file beside the keys, readable by us alone, whose content is on the disk before it gets its name."""
    with NamedTemporaryFile(dir=folder, prefix=f"{_KEY_FILE}.", delete=False) as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return Path(file.name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time change a folder's key."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _settle(folder: Path) -> None:
    """Have the folder's names on the disk before going on."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def seal(values: dict[str, str]) -> str:
    """Encrypt and sign a small dictionary (Fernet: AES-128-CBC with HMAC-SHA-256), with the first of the keys."""
    return _fernet().encrypt(json.dumps(values).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Open what seal() made, with whichever key opens it. Raises CredentialsUnreadable when none does."""
    try:
        opened: dict[str, str] = json.loads(_fernet().decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as problem:
        raise CredentialsUnreadable from problem
    return opened


def tokens_for(purpose: str, name: str) -> list[str]:
    """Unguessable tokens for a name, one of each key, the present one first: they hold as long as their key opens."""
    return [
        base64.urlsafe_b64encode(hmac.digest(key, f"{purpose}:{name}".encode(), "sha256")).decode().rstrip("=")
        for key in _keys()
    ]


def reseal(sealed: str) -> str | None:
    """The same, sealed with the first key; null when it is already. Raises CredentialsUnreadable."""
    try:
        Fernet(_keys()[0]).decrypt(sealed.encode())
    except InvalidToken:
        try:
            return _fernet().rotate(sealed.encode()).decode()
        except InvalidToken as problem:
            raise CredentialsUnreadable from problem
    return None
