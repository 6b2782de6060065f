"""The commands people type: progress, a summary, bad lines by number, and one sentence when something is wrong."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.core.settings import settings
from app.sandbox.address import known_address
from app.sandbox.command import app
from app.sandbox.run import PortTaken, bind, make_server
from tests.sandbox.live import LiveBrand, Sandbox
from tests.sandbox.test_replay import LINES, write

runner = CliRunner()


def test_a_replay_shows_how_far_it_is(sandbox: Sandbox, brand: LiveBrand, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    done = runner.invoke(app, ["replay", str(path), "--rate", "0", "--to", sandbox.base_url])
    assert done.exit_code == 0, done.output
    assert "100 %" in done.output
    assert "5 posted, 0 already there, 0 left out" in done.output
    again = runner.invoke(app, ["replay", str(path), "--rate", "0", "--to", sandbox.base_url])
    assert "0 posted, 5 already there" in again.output


def test_bad_lines_are_named(sandbox: Sandbox, brand: LiveBrand, tmp_path: Path) -> None:
    path = write(tmp_path, [LINES[0], "{", LINES[2]])
    done = runner.invoke(app, ["replay", str(path), "--rate", "0", "--to", sandbox.base_url])
    assert done.exit_code == 1
    assert "line 2 was left out: it is not a JSON object" in done.output
    assert len(sandbox.posts()) == 2


def test_a_sandbox_that_is_not_there(tmp_path: Path) -> None:
    done = runner.invoke(app, ["replay", str(write(tmp_path, LINES)), "--to", "http://127.0.0.1:9"])
    assert done.exit_code == 1
    assert "does not answer" in done.output


def test_the_running_sandbox_is_found_by_its_note(sandbox: Sandbox, brand: LiveBrand, tmp_path: Path) -> None:
    folder = settings().data_dir / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "address").write_text(sandbox.base_url)
    try:
        done = runner.invoke(app, ["replay", str(write(tmp_path, LINES)), "--rate", "0"])
        assert done.exit_code == 0, done.output
    finally:
        (folder / "address").unlink()
    assert known_address(folder) == "http://127.0.0.1:8420"


def test_a_taken_port_is_one_sentence(sandbox: Sandbox) -> None:
    port = sandbox.base_url.rpartition(":")[2]
    with pytest.raises(PortTaken, match="choose another one with --port"):
        bind("127.0.0.1", int(port))
    done = runner.invoke(app, ["serve", "--port", port])
    assert (done.exit_code, "choose another one" in done.output) == (1, True)
    assert runner.invoke(app, ["serve", "--port", "0", "--flavour", "pleroma"]).exit_code == 1


def test_whoever_comes_before_it_answers_waits_for_it() -> None:
    with bind("127.0.0.1", 0) as bound:
        make_server(bound, "127.0.0.1")  # the app tells that it answers before uvicorn begins
        with socket.create_connection(bound.getsockname(), timeout=10):
            pass
