"""The embedded PostgreSQL: starts where it can, is shared, and is gone when the last process is, however that ended."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.core import embedded
from app.core.place import EmbeddedDatabaseFailed

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder that every account can reach, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def made(ground: Path) -> Path:
    """A data folder whose cluster exists already; copied by the tests, since making one takes longest."""
    embedded.start(ground / "made", durable=False).stop()
    return ground / "made"


@pytest.fixture
def data(made: Path, ground: Path) -> Path:
    target = Path(tempfile.mkdtemp(dir=ground)) / "data"
    target.parent.chmod(0o755)
    shutil.copytree(made, target)
    for path in (target / "postgres").rglob("*"):
        like = (made / "postgres" / path.relative_to(target / "postgres")).stat()
        os.chown(path, like.st_uid, like.st_gid)
    return target


def ask(server: embedded.EmbeddedServer, question: str = "select 1") -> object:
    with psycopg.connect(server.url) as conn:
        row = conn.execute(question).fetchone()
    assert row
    return row[0]


def running(data: Path) -> list[str]:
    """The command lines of every process that serves or keeps this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if os.fsencode(data / "postgres" / "cluster") in line:
            found.append(line.decode(errors="replace"))
    return found


def gone(data: Path, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while running(data) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not running(data)


@pytest.fixture
def holder(data: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that is attached to the server of `data` until it is told to go."""
    code = """
        import sys; from pathlib import Path; from app.core import embedded
        server = embedded.start(Path(sys.argv[1]), durable=False)
        print(server.url, flush=True); sys.stdin.read(); server.stop()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with process:
        yield process
        process.kill()


def test_starts_answers_and_stops(data: Path) -> None:
    with embedded.start(data, durable=False) as server:
        assert ask(server, "select lower('ÀÉΩ')") == "àéω"
        assert ask(server, "show listen_addresses") == ""
        assert running(data)
    assert not running(data)
    server.stop()


def test_keeps_what_was_committed_across_starts(data: Path) -> None:
    with embedded.start(data) as server, psycopg.connect(server.url) as conn:
        conn.execute("create table kept as select 42 as answer")
    with embedded.start(data) as server:
        assert ask(server, "select answer from kept") == 42
        assert ask(server, "show fsync") == "on"


def test_stays_until_the_last_process_lets_go(data: Path, holder: "subprocess.Popen[str]") -> None:
    assert holder.stdout
    url = holder.stdout.readline().strip()
    mine = embedded.start(data, durable=False)
    assert mine.url == url
    holder.communicate("")
    assert ask(mine) == 1
    mine.stop()
    assert not running(data)


def test_a_process_that_attached_may_leave_first(data: Path, holder: "subprocess.Popen[str]") -> None:
    assert holder.stdout
    url = holder.stdout.readline().strip()
    embedded.start(data, durable=False).stop()
    with psycopg.connect(url) as conn:
        assert conn.execute("select 1").fetchone() == (1,)
    holder.communicate("")
    assert gone(data)


def test_nothing_stays_behind_a_killed_process(data: Path, holder: "subprocess.Popen[str]") -> None:
    assert holder.stdout
    holder.stdout.readline()
    holder.kill()
    holder.wait()
    assert gone(data)


def kill(data: Path) -> int:
    """Kill the server and nobody else; its process id."""
    pid = int((data / "postgres/cluster/postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def back(server: embedded.EmbeddedServer, seconds: float = 60) -> object:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask(server, "select answer from kept")
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_server_that_was_killed_is_started_again_for_those_attached(data: Path) -> None:
    with embedded.start(data) as server:
        with psycopg.connect(server.url) as conn:
            conn.execute("create table kept as select 42 as answer")
        for _ in range(2):
            before = kill(data)
            assert back(server) == 42
            assert str(before) not in (data / "postgres/cluster/postmaster.pid").read_text()
        with embedded.start(data) as another:
            assert another.url == server.url
    assert gone(data)


def test_no_second_server_beside_a_session_of_a_killed_one(data: Path) -> None:
    """A session that stands still when its server is killed could write into files that a new server is mending."""
    with embedded.start(data) as server:
        with psycopg.connect(server.url) as conn:
            conn.execute("create table kept as select 42 as answer")
            conn.commit()
            session = conn.info.backend_pid
            os.kill(session, signal.SIGSTOP)
            try:
                kill(data)
                time.sleep(1.5)
                with pytest.raises(psycopg.OperationalError):
                    ask(server)
            finally:
                os.kill(session, signal.SIGKILL)
        assert back(server) == 42
    assert gone(data)


def test_a_process_number_used_again_is_not_taken_for_the_server(data: Path) -> None:
    cluster = data / "postgres/cluster"
    stale = f"{os.getpid()}\n{cluster}\n1\n5432\n{cluster}\n\n  1  1\nready   \n"
    (cluster / "postmaster.pid").write_text(stale)
    with embedded.start(data, durable=False) as server:
        assert ask(server) == 1


def test_a_long_or_odd_path_gets_its_socket_elsewhere(ground: Path) -> None:
    data = ground / ("long" * 25) / "with, comma & space"
    with embedded.start(data, durable=False) as server:
        assert ask(server) == 1
        socket = Path(str(psycopg.conninfo.conninfo_to_dict(server.url)["host"]))
        assert len(str(socket)) < 60
        assert socket.stat().st_mode & 0o077 == 0
    assert not socket.exists()


def test_a_private_parent_is_no_obstacle_for_root(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    data = private / "data"
    said: list[str] = []
    with embedded.start(data, said.append, durable=False) as server:
        assert ask(server) == 1
    place = (data / "postgres").resolve()
    assert (data / "postgres").is_symlink() == (os.geteuid() == 0) == any(str(place) in line for line in said)
    shutil.rmtree(data)
    said.clear()
    with embedded.start(data, said.append, durable=False) as server:  # a new data folder is a new database
        assert ask(server, "select count(*) from pg_tables where schemaname = 'public'") == 0
    aside = list(place.parent.glob(f"{place.name}.old-*"))
    assert bool(aside) == (os.geteuid() == 0)
    assert private.stat().st_mode & 0o077 == 0
    for path in [*aside, place]:
        shutil.rmtree(path, ignore_errors=True)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedDatabaseFailed, match="MENTIONDESK_DATA_DIR") as failure:
        embedded.start(tmp_path / "file" / "data")
    assert failure.value.sentence.count(".") <= 2


def test_a_server_that_does_not_start_says_why(data: Path) -> None:
    with (data / "postgres/cluster/postgresql.conf").open("a") as conf:
        conf.write("shared_preload_libraries = 'no_such_thing'\n")
    with pytest.raises(EmbeddedDatabaseFailed, match="no_such_thing"):
        embedded.start(data, durable=False)
    assert gone(data)


def test_a_cluster_is_on_the_disk_before_it_is_used_unless_a_power_cut_may_take_it() -> None:
    """Whole file systems at a time where initdb can; where it cannot, file by file, which is what it does by itself."""
    at_once = ["--sync-method=syncfs"] if sys.platform == "linux" else []
    assert [embedded.initdb_sync(major, durable=True) for major in (16, 17, 18)] == [[], at_once, at_once]
    assert embedded.initdb_sync(18, durable=False) == ["--no-sync"]
