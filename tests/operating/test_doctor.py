"""Whatever is broken on purpose, the doctor names it, says what to do, and ends with the code that fits."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.core import clock, db
from app.core.settings import Settings, settings, unknown_variables
from app.core.transaction import transaction
from app.doctor.examine import database_of, examine
from app.doctor.finding import Finding
from app.doctor.look_at_machine import judge_space, look_at_machine
from app.doctor.look_at_settings import look_at_settings
from app.doctor.report import as_json, closing, exit_code, line_of
from app.replies.send import Wish, send_reply
from tests import postgres
from tests.given import Desk, a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post
from tests.operating.conftest import Installation


async def examined(url: str, given: Settings | None = None) -> list[Finding]:
    """What the doctor says, whose connections take the place of the test's meanwhile."""
    await db.close_database()
    try:
        return [finding async for finding in examine(given or Settings(port=0), [], url)]
    finally:
        db.open_database(url)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def not_well(findings: list[Finding]) -> dict[str, str]:
    """What is not well, without what this test's ground lacks anyway: a built console, connected processes."""
    assert all(finding.todo for finding in findings if finding.level != "ok")
    return {f.check: f.level for f in findings if f.level != "ok" and f.check not in {"console", "processes", "disk"}}


async def change(statement: str, **values: Any) -> None:
    async with transaction() as tx:
        await tx.execute(text(statement), values)


@pytest.fixture
async def desk(database: str, lean: Lean) -> AsyncIterator[Desk]:
    """A desk that is well: an account just heard, one ticket, nothing late."""
    made = await a_desk()
    account = await a_lean_account(made)
    await take_in(account.id, a_post("one", "nora", clock.now()))
    return made


async def test_a_desk_that_is_well_has_nothing_but_well(desk: Desk, database: str) -> None:
    findings = await examined(database)
    assert not_well(findings) == {}
    checks = {finding.check for finding in findings}
    assert checks >= {
        "settings",
        "secret key",
        "public url",
        "disk",
        "database",
        "version",
        "clock",
        "encoding",
        "schema",
    }
    assert checks >= {"listen", "triggers", "log", "processes", "credentials", "account", "replies", "promises"}


@pytest.mark.parametrize(
    ("given", "check", "level"),
    [
        ({"secret_key": "short"}, "secret key", "wrong"),
        ({"secret_key": "long enough to be a key, thirty-two"}, "secret key", "ok"),
        ({"public_url": "http://desk.example"}, "public url", "look"),
        ({"public_url": "http://desk.example", "secure_cookies": True}, "public url", "wrong"),
        ({"public_url": "https://desk.example", "secure_cookies": False}, "public url", "look"),
        ({"public_url": "desk"}, "public url", "wrong"),
        ({"public_url": "https://desk.example"}, "public url", "ok"),
        ({"host": "0.0.0.0"}, "public url", "look"),
        ({"listen_url": "postgresql://a@b/c"}, "listen url", "wrong"),
    ],
)
def test_settings_that_do_not_fit(given: dict[str, Any], check: str, level: str) -> None:
    assert (check, level) in {(f.check, f.level) for f in look_at_settings(Settings(**given), [])}


def test_a_key_that_others_can_read(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("x")
    (tmp_path / "secret.key").chmod(0o644)
    said = {f.check: f for f in look_at_settings(Settings(data_dir=tmp_path), [])}
    assert "chmod 600" in said["secret key"].todo


def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTIONDESK_POOLSIZE", "3")
    assert unknown_variables() == ["MENTIONDESK_POOLSIZE"]
    (first, *_) = look_at_settings(Settings(), unknown_variables())
    assert "MENTIONDESK_POOLSIZE" in first.sentence


def test_little_room(tmp_path: Path) -> None:
    assert [judge_space(tmp_path, free).level for free in (5_000_000_000, 1_000_000_000, 1_000)] == [
        "ok",
        "look",
        "wrong",
    ]


async def test_a_port_that_a_stranger_has_and_a_console_that_is_not_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        given = Settings(port=other.getsockname()[1], data_dir=tmp_path)
        other.close()
        with socket.create_server(("127.0.0.1", given.port)):
            said = {f.check: f.level async for f in look_at_machine(given, tmp_path)}
    assert said == {"disk": said["disk"], "console": "look", "port": "look"}


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/nothing", "nonsense", "mysql://a:hunter2@b/c"])
async def test_a_database_that_cannot_be_reached(url: str) -> None:
    findings = [finding async for finding in examine(Settings(port=0), [], url)]
    assert not_well(findings)["database"] == "wrong"
    assert "hunter2" not in as_json(findings)


def test_a_folder_without_a_database(tmp_path: Path) -> None:
    with database_of(Settings(data_dir=tmp_path)) as found:
        assert isinstance(found, Finding)
        assert found.level == "wrong"
    assert list(tmp_path.iterdir()) == []


@asynccontextmanager
async def schema(version: str) -> AsyncIterator[None]:
    async with transaction() as tx:
        ours = await tx.scalar(text("select version_num from alembic_version"))
    await change("update alembic_version set version_num = :to", to=version)
    try:
        yield
    finally:
        await change("update alembic_version set version_num = :to", to=ours)


@pytest.mark.parametrize(("version", "says"), [("0001", "older"), ("9999", "newer one was here")])
async def test_another_schema(desk: Desk, database: str, version: str, says: str) -> None:
    async with schema(version):
        findings = await examined(database)
    assert not_well(findings) == {"schema": "wrong"}
    assert any(says in finding.sentence for finding in findings)


async def test_an_empty_database_and_a_listen_url_that_leads_elsewhere(desk: Desk, database: str) -> None:
    elsewhere = postgres.server_url()
    assert not_well(await examined(elsewhere))["schema"] == "wrong"
    db.open_database(database)
    given = Settings(port=0, database_url=database, listen_url=elsewhere)
    assert not_well(await examined(database, given)) == {"listen": "wrong"}


@pytest.mark.parametrize(("by", "level"), [(10, "look"), (3600, "wrong"), (-3600, "wrong")])
async def test_a_clock_that_is_off(database: str, by: int, level: str) -> None:
    clock.turn(timedelta(seconds=by))
    try:
        assert not_well(await examined(database))["clock"] == level
    finally:
        clock.turn(None)


async def test_no_key_at_all_and_none_is_made(desk: Desk, database: str, tmp_path: Path) -> None:
    assert not_well(await examined(database, Settings(port=0, data_dir=tmp_path)))["credentials"] == "wrong"
    assert files(tmp_path) == []


async def test_the_wrong_key(desk: Desk, database: str) -> None:
    settings().secret_key = SecretStr("another key than that of the accounts, long")
    try:
        assert not_well(await examined(database)) == {"credentials": "wrong"}
    finally:
        settings().secret_key = None


@pytest.mark.parametrize(
    ("put", "level", "says"),
    [
        (
            "update brand_accounts set state = 'broken', problem = 'The token is refused.'",
            "wrong",
            "The token is refused.",
        ),
        (
            "update polls set failures = 5, problem = 'No answer.', heard_at = now() - interval '3 hours'",
            "wrong",
            "3 hours",
        ),
        ("update polls set due_at = now() - interval '10 minutes'", "wrong", "10 minutes"),
        ("update polls set heard_at = null", "look", "not read yet"),
        ("update polls set lag_seconds = 4000", "look", "67 minutes"),
    ],
)
async def test_an_account_that_hears_badly(desk: Desk, database: str, put: str, level: str, says: str) -> None:
    await change(put)
    findings = await examined(database)
    assert not_well(findings) == {"account": level}
    assert [f for f in findings if f.check == "account" and says in f.sentence]


@pytest.mark.parametrize(
    ("put", "level", "says"),
    [
        ("state = 'queued', due_at = now() - interval '5 minutes'", "wrong", "due, the oldest for 5 minutes"),
        ("state = 'sending', last_try_at = now() - interval '9 minutes'", "wrong", "sending, the oldest for 9 minutes"),
        ("state = 'unsure', last_try_at = now() - interval '4 minutes'", "look", "had no answer"),
        ("state = 'unsure', due_at = null, last_try_at = now() - interval '1 day'", "look", "24 hours"),
    ],
)
async def test_a_reply_that_is_stuck(desk: Desk, database: str, put: str, level: str, says: str) -> None:
    async with transaction() as tx:
        ticket, seen = (await tx.execute(text("select ticket_id, id from messages"))).one()
        await send_reply(tx, desk.lead, ticket, Wish(text="We are looking", lane="public", seen=seen), "key-one")
    await change(f"update replies set {put}")
    findings = await examined(database)
    assert not_well(findings) == {"replies": level}
    assert [f for f in findings if f.check == "replies" and says in f.sentence]


async def test_promises_that_nobody_noticed(desk: Desk, database: str) -> None:
    await change("update ticket_clocks set next_at = now() - interval '1 hour'")
    assert not_well(await examined(database)) == {"promises": "wrong"}


async def test_a_trigger_that_is_off_and_a_log_with_a_gap(desk: Desk, database: str) -> None:
    await change("alter table events disable trigger user")
    try:
        assert not_well(await examined(database)) == {"triggers": "wrong"}
        await change("delete from events where seq = (select max(seq) - 1 from events)")
        assert not_well(await examined(database)) == {"triggers": "wrong", "log": "wrong"}
    finally:
        await change("alter table events enable trigger user")


def test_the_lines_the_last_one_and_the_codes() -> None:
    well, odd, bad = (
        Finding("a", "ok", "Well."),
        Finding("b", "look", "Odd.", "Do."),
        Finding("c", "wrong", "No.", "Mend."),
    )
    assert [exit_code(found) for found in ([], [well], [well, odd], [odd, bad])] == [0, 0, 1, 2]
    assert line_of(bad).split() == ["wrong", "c", "No.", "->", "Mend."]
    assert closing([well, odd, bad]) == "1 wrong, 1 to look at, 1 well."
    assert closing([well]) == "All is well: 1 checks."
    assert json.loads(as_json([odd]))["findings"][0]["todo"] == "Do."


@contextmanager
def doctor(*arguments: str, **variables: str) -> Iterator["subprocess.CompletedProcess[str]"]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("MENTIONDESK_")}
    env |= {f"MENTIONDESK_{name.upper()}": value for name, value in variables.items()}
    command = [sys.executable, "-m", "app.cli", "doctor", *arguments]
    yield subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=90)


def test_the_command_beside_a_running_desk(installed: Installation) -> None:
    port = installed.product.console.rpartition(":")[2]
    with doctor("--json", data_dir=str(installed.product.data), port=port) as done:
        said = json.loads(done.stdout)
    wrong = [f for f in said["findings"] if f["level"] == "wrong"]
    assert (wrong, done.returncode) == ([], said["exit_code"]), done.stderr
    assert f"Mentiondesk answers at {installed.product.console} and is ready." in str(said)
    assert "2 sides (web or worker) are connected" in str(said)


def test_the_command_on_nothing(tmp_path: Path) -> None:
    with doctor(data_dir=str(tmp_path / "none"), databse_url="x") as done:
        assert done.returncode == 2
    assert "MENTIONDESK_DATABSE_URL" in done.stdout
    assert "There is no database" in done.stdout
    assert done.stderr == ""
