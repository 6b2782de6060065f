"""PgBouncer in transaction mode before the tests' PostgreSQL, under the account that PostgreSQL itself runs under."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SERVERS = 6
"""Connections that PgBouncer itself opens to a database at most."""
_PORT = 6432  # only a part of the socket's name
_SETTINGS = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr =
listen_port = {here}
unix_socket_dir = {folder}
unix_socket_mode = 0777
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
max_client_conn = 500
logfile = {folder}/said.log
pidfile = {folder}/pid
"""


@contextlib.contextmanager
def pooled(url: str) -> Iterator[str]:
    """The address of the same database through the pooler; nothing is allowed for us that it does not allow by itself."""
    assert PROGRAM
    direct = conninfo_to_dict(url)
    owner = Path(str(direct["host"])).stat()
    account = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings = folder / "pgbouncer.ini"
        settings.write_text(
            _SETTINGS.format(**direct, here=_PORT, folder=folder, servers=SERVERS),
        )
        settings.chmod(0o644)
        os.chown(folder, owner.st_uid, owner.st_gid)
        process = subprocess.Popen([PROGRAM, "-q", str(settings)], **account)  # type: ignore[call-overload]
        through = f"postgresql://{direct['user']}@/{direct['dbname']}?host={folder}&port={_PORT}"
        try:
            _await(through, process, folder / "said.log")
            yield through
        finally:
            process.terminate()
            process.wait(20)


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return
