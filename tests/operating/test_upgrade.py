"""An installation of the first release is brought up to date with everything in it, by two processes at once if need be."""

import asyncio
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic import command
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import create_engine, pool, text
from sqlalchemy.exc import OperationalError

from app.agents.permit import Actor
from app.brands.account import open_account
from app.brands.connect import connect_account
from app.brands.models import BrandAccount
from app.core import client, db
from app.core.db import async_url
from app.core.eventlog import head, read_after
from app.core.migrate import SchemaTooNew, config, migrate, newest, revisions
from app.core.settings import settings
from app.core.transaction import transaction
from app.replies.deliver import deliver_due
from app.replies.queries import reply_options
from app.replies.send import Wish, send_reply
from app.sla.queries import clocks
from app.tickets.inbox import Filter, inbox
from app.tickets.queries import open_ticket
from app.tickets.views import TicketCard
from app.wiring import wire
from tests import postgres
from tests.given import hear, listen
from tests.operating.first_release import DUMP, KEY
from tests.operating.programs import program
from tests.sandbox.live import start_sandbox

FIRST = "0002"
ALL = ("open", "waiting", "on_hold", "snoozed", "resolved", "closed")


def migrate_to(url: str, revision: str) -> None:
    engine = create_engine(async_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, revision)
        connection.commit()
    engine.dispose()


def tables(url: str) -> dict[str, list[str]]:
    """The columns of every table."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select table_name, array_agg(column_name::text order by column_name) from information_schema.columns"
            " where table_schema = 'public' and table_name <> 'alembic_version' group by 1"
        ).fetchall()
    return dict(rows)


def contents(url: str, columns: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of what these columns hold."""
    digest = (
        "select count(*), coalesce(md5(string_agg(r::text, E'\\n' order by r::text)), '') from (select {} from {}) r"
    )
    found = {}
    with psycopg.connect(url) as connection:
        for table, names in columns.items():
            listed = sql.SQL(", ").join(map(sql.Identifier, names))
            row = connection.execute(sql.SQL(digest).format(listed, sql.Identifier(table))).fetchone()
            assert row
            found[table] = (row[0], row[1])
    return found


@pytest.fixture
def first_release() -> Iterator[str]:
    """A database as the first release left it."""
    url = postgres.clone("first_release", "template0")
    migrate_to(url, FIRST)
    with psycopg.connect(url) as connection:
        connection.execute("delete from event_head; delete from promise_head")
    arguments = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={DUMP}", f"--dbname={url}"]
    subprocess.run([program("psql"), *arguments], check=True, capture_output=True)
    settings().secret_key = SecretStr(KEY)
    yield url
    settings().secret_key = None
    postgres.drop(url)


async def everything(lead: Actor) -> list[TicketCard]:
    async with transaction() as tx:
        return (await inbox(tx, lead, Filter(states=ALL, order="newest"), limit=100)).items


async def test_nothing_is_lost_and_work_goes_on(first_release: str) -> None:
    columns = tables(first_release)
    before = contents(first_release, columns)
    assert [table for table, (rows, _) in before.items() if not rows] == [], "the dump fills every table"

    with ThreadPoolExecutor(2) as both:
        came_from = list(both.map(migrate, [first_release] * 2))
    assert sorted(map(str, came_from)) == sorted([FIRST, str(newest())])
    assert contents(first_release, columns) == before

    wire()
    db.open_database(first_release)
    try:
        await _work_goes_on(before["events"][0], before["tickets"][0])
    finally:
        await client.close()
        await db.close_database()


async def _work_goes_on(events: int, tickets: int) -> None:
    async with transaction() as tx:
        lead_id, brand_id = (
            await tx.execute(
                text("select a.id, b.id from agents a, brands b where a.role = 'lead' and b.name = 'Acme'")
            )
        ).one()
        lead = Actor(lead_id, "lead", frozenset({brand_id}))
        assert await head(tx) == events
        assert [e.seq for e in await read_after(tx, 0)] == list(range(1, events + 1))
        with_timers = await tx.scalar(text("select count(distinct ticket_id) from timers"))
        account = (await tx.scalars(text("select id from brand_accounts"))).one()
        assert open_account(await tx.get_one(BrandAccount, account)).credentials["token"]
    cards = await everything(lead)
    assert len(cards) == tickets
    promised = 0
    for card in cards:
        async with transaction() as tx:
            assert (await open_ticket(tx, lead, card.id)).messages
            promised += bool((await clocks(tx, lead, card.id)).clocks)
    assert promised == with_timers
    assert promised > 10
    with start_sandbox() as sandbox:
        brand = sandbox.brand("acme")
        fields = {"server": sandbox.base_url, "token": brand.token}
        await connect_account(lead, brand_id, "mastodon", fields, import_days=0, return_url="http://localhost/return")
        await listen()
        sandbox.post_as("vera", "@acme after the upgrade")
        await hear()
        (fresh,) = [card for card in await everything(lead) if "after the upgrade" in card.preview]
        async with transaction() as tx:
            seen = (await reply_options(tx, lead, fresh.id)).newest_message_id
            settings().undo_seconds = 0
            await send_reply(
                tx, lead, fresh.id, Wish(text="Hello again", lane="public", seen=seen), "key-after-upgrade"
            )
        settings().undo_seconds = 5
        while not sandbox.posts(author="acme"):
            assert await deliver_due()
    # what the version before writes while it still runs is numbered and kept
    async with transaction() as tx:
        end = await head(tx)
        await tx.execute(
            text(
                "insert into events (at, type, audience, fact) select now(), type, audience, fact from events"
                " where type = 'note.added' limit 1"
            )
        )
    async with transaction() as tx:
        assert await head(tx) == end + 1


def test_a_table_that_is_held_leaves_the_old_schema_whole(first_release: str) -> None:
    columns = tables(first_release)
    with psycopg.connect(first_release) as busy:
        busy.execute("lock table replies in access exclusive mode")
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(first_release)
        assert tables(first_release) == columns
    assert migrate(first_release) == FIRST
    assert migrate(first_release) == newest()


async def test_a_schema_of_a_newer_version_is_refused_with_words(worker_database: str) -> None:
    with psycopg.connect(worker_database, autocommit=True) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
        try:
            with pytest.raises(SchemaTooNew, match="newer version"):
                await asyncio.to_thread(migrate, worker_database)
        finally:
            connection.execute("update alembic_version set version_num = %s", [newest()])


def test_the_first_release_is_one_of_ours() -> None:
    assert FIRST in revisions()
