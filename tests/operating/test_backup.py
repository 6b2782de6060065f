"""The backup that README tells of is made and restored with README's own commands, and nothing is missing afterwards."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
from sqlalchemy import select, text

from app.agents.permit import Actor
from app.brands.account import open_account
from app.brands.models import BrandAccount
from app.core import client, db, embedded
from app.core.place import find_place
from app.core.settings import settings
from app.core.transaction import transaction
from app.doctor.examine import examine
from app.replies.deliver import deliver_due
from app.replies.models import Reply
from app.replies.queries import reply_options
from app.replies.send import Wish, send_reply
from app.wiring import wire
from tests.operating import programs
from tests.operating.conftest import Installation, until
from tests.operating.test_upgrade import contents, tables
from tests.running import ROOT

ALIVE = {"polls", "sign_ins", "sign_in_attempts", "event_head", "events", "conversations", "identities"}
"""What a desk changes by itself while it is being dumped: who is asked when, who was seen when. The log is compared by
its beginning, the others by how much there is."""


def commands() -> list[str]:
    """The blocks of shell in README's section on backups: dump and restore apart, then the embedded one's two."""
    section = (ROOT / "README.md").read_text().partition("### Backup and restore")[2].partition("\n## ")[0]
    found = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)
    assert len(found) == 3
    return found


def shell(script: str, folder: Path, **env: str) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": f"{programs.folder()}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def log_until(url: str, seq: int) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select count(*)::text || md5(string_agg(e::text, '' order by seq)) from events e where seq <= %s", [seq]
        ).fetchone()
    assert row
    return str(row[0])


def compare(one: str, other: str) -> None:
    columns = tables(one)
    assert tables(other) == columns
    lasting = {table: names for table, names in columns.items() if table not in ALIVE}
    assert contents(other, lasting) == contents(one, lasting)
    for table in ("conversations", "identities"):
        names = {table: columns[table][:1]}
        assert contents(other, names) == contents(one, names)
    with psycopg.connect(other) as connection:
        row = connection.execute("select seq from event_head").fetchone()
    assert row
    assert row[0] > 10
    assert log_until(other, row[0]) == log_until(one, row[0])


def test_a_database_of_your_own(installed: Installation, tmp_path: Path) -> None:
    there = installed.url.replace("/mentiondesk?", "/desk2?")
    shell(commands()[0], tmp_path, MENTIONDESK_DATABASE_URL=installed.url, NEW_DATABASE_URL=there)
    try:
        compare(installed.url, there)
    finally:
        with psycopg.connect(installed.url, autocommit=True) as connection:
            connection.execute("drop database desk2 with (force)")


async def test_the_embedded_database_and_work_goes_on(installed: Installation, tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / ".data").symlink_to(installed.product.data)
    new = tmp_path / "new"
    _, dump, restore = commands()
    shell(dump, tmp_path)
    shell(restore.replace("/srv/desk", str(new)), tmp_path)
    assert (new / "secret.key").read_bytes() == (installed.product.data / "secret.key").read_bytes()
    before = settings().data_dir
    settings().data_dir = new
    place = find_place(new, print)
    try:
        with embedded.start(new, durable=False) as server:
            compare(installed.url, server.url)
            await _work_goes_on(server.url, installed)
            findings = [finding async for finding in examine(settings(), [], server.url)]
            assert [f for f in findings if f.level == "wrong" and f.check not in {"account", "port"}] == []
    finally:
        settings().data_dir = before
        if place.folder != (new / "postgres"):  # for root, behind pytest's private folder
            shutil.rmtree(place.folder)


async def _work_goes_on(url: str, installed: Installation) -> None:
    """The credentials open, and an answer goes out through the restored installation."""
    wire()
    db.open_database(url)
    settings().undo_seconds = 0
    try:
        async with transaction() as tx:
            account = (await tx.scalars(select(BrandAccount))).one()
            assert open_account(account).credentials["token"] == installed.secrets[0]
            lead = Actor(await tx.scalar(text("select id from agents where role = 'lead'")), "lead", frozenset())
            seen = (await reply_options(tx, lead, installed.ticket_id)).newest_message_id
            wish = Wish(text="Sent after the restore", lane="public", seen=seen)
            sent = await send_reply(tx, lead, installed.ticket_id, wish, "key-after-restore")
        assert await deliver_due()
        async with transaction() as tx:
            assert (await tx.get_one(Reply, sent.id)).state == "sent"
    finally:
        settings().undo_seconds = 5
        await client.close()
        await db.close_database()
    assert until(lambda: installed.sandbox.posts(author="acme", text="Sent after the restore"))
