"""Behind a pooler that gives every transaction another connection: both corridors, presence and migrations still work."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from app.core import db
from app.core.transaction import transaction
from app.core.wake import Listener
from tests import postgres
from tests.processes.day import a_day
from tests.processes.house import House
from tests.processes.people import a_ticket, log_end, secret_of
from tests.processes.pooler import PROGRAM, SERVERS, pooled
from tests.running import running
from tests.sandbox.live import start_sandbox
from tests.stream.conftest import Opening

pytestmark = pytest.mark.skipif(
    PROGRAM is None,
    reason="pgbouncer IS NOT INSTALLED: nothing here was tried behind a pooler (apt-get install pgbouncer)",
)


@pytest.fixture
def behind(template: str, installation: None, tmp_path: Path) -> Iterator[House]:
    """A house whose processes know the pooler, and PostgreSQL itself for listening alone."""
    url = postgres.clone("pooled", "template0")
    try:
        with pooled(url) as through, start_sandbox() as sandbox:
            known = {"database_url": through, "listen_url": url}
            with running(tmp_path / "data", "migrate", wait_for="up to date", settings=known) as product:
                assert product.process.wait(30) == 0
            house = House(url, tmp_path, sandbox)
            house.through = through
            try:
                house.furnish(accounts=2, agents=3)
                for part in house.add(webs=2, workers=1, **known):
                    (house.webs if part.kind == "web" else house.workers).append(part)
                yield house
            finally:
                house.close()
    finally:
        postgres.drop(url)


async def test_both_corridors_hold_behind_a_transaction_pooler(behind: House) -> None:
    db.open_database(behind.through, pool_size=4, pooled_outside=True)
    try:
        day = await a_day(behind, "pooled", behind.webs, mentions=12, agents=3, deeds=3)
        assert len(day.answered) == 9
        await presence_is_seen(behind)
        async with transaction() as tx:
            zone = await (await tx.connection()).exec_driver_sql("show timezone")
            assert zone.scalar() == "UTC"
        with psycopg.connect(behind.url) as direct:
            names = direct.execute(
                "select application_name, count(*) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid() group by 1"
            ).fetchall()
        counts = dict(names)
        assert counts.pop("mentiondesk-listen") == len(behind.made)
        assert 0 < sum(counts.values()) <= SERVERS
        said = behind.last_words(1000)
        assert "[error" not in said
        assert "[warning" not in said
    finally:
        await db.close_database()


async def presence_is_seen(house: House) -> None:
    ticket_id = await a_ticket(house)
    begun = await log_end()
    ana, ben = house.desk.agents[:2]
    async with (
        Opening(house.webs[0].port, await secret_of(ana), begun, {}) as typing,
        Opening(house.webs[1].port, await secret_of(ben), begun, {}) as watching,
    ):
        await watching.frame()  # the first says that it is attached: what was typed before that is not told
        await typing.say(kind="presence", ticket_id=ticket_id, doing="typing")
        seen = (await watching.until(lambda frame: frame["kind"] == "presence"))[-1]
        assert seen["agents"] == [{"agent_id": ana.agent_id, "doing": "typing"}]


async def test_listening_through_a_pooler_is_noticed_and_said(worker_database: str) -> None:
    with pooled(worker_database) as through, capture_logs() as said:
        for url in (worker_database, through):
            listener = Listener(url)
            listening = asyncio.create_task(listener.run())
            async with asyncio.timeout(20):
                await listener.connected.wait()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            assert [one["event"] for one in said] == ([] if url == worker_database else ["listening_through_a_pooler"])
