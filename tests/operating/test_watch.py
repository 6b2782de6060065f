"""An operator's machines are told whether the process lives, whether it can work and how it goes - and strangers little."""

import asyncio
import re
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.core import db, trace
from app.core.loop import run_loop
from app.core.metrics import REGISTRY
from app.core.transaction import transaction
from app.core.wake import Listener
from app.main import create_watch
from app.stream.hub import Hub
from app.transfer.plan import plan_export
from app.watch.admit import may_read
from app.watch.gauges import Gauges
from app.watch.readings import read
from app.watch.ready import NotReady, Readiness
from app.watch.vitals import Vitals
from tests.access.given import a_key
from tests.conftest import Statements
from tests.given import a_desk, a_lean_account
from tests.lean import Lean
from tests.operating.conftest import TOKEN, Installation, families
from tests.running import running


def get(address: str, **headers: str) -> httpx2.Response:
    return httpx2.get(address, headers=headers, trust_env=False, timeout=20)


def test_a_running_desk_is_alive_and_ready(installed: Installation) -> None:
    console = installed.product.console
    assert get(f"{console}/healthz").text == "alive\n"
    assert get(f"{console}/readyz").text == "ready\n"
    assert get(f"{console}/api/v1/alive").json()["alive"] is True


def test_the_numbers_are_those_of_the_desk(installed: Installation) -> None:
    page = installed.metrics()
    account = installed.desk.ask("GET", "/accounts")[0]["id"]
    head = installed.desk.ask("GET", "/events?after=0&limit=1")["head"]
    assert re.search(
        rf'^mentiondesk_account_heard_seconds{{account="{account}",network="mastodon"}} \d', page, re.MULTILINE
    )
    assert f'mentiondesk_account_working{{account="{account}",network="mastodon"}} 1.0' in page
    position = re.search(r"^mentiondesk_log_position (\S+)", page, re.MULTILINE)
    assert position
    assert float(position.group(1)) >= head - 5
    assert 'mentiondesk_deliveries_total{network="mastodon",outcome="sent"} 1.0' in page
    assert re.search(r'mentiondesk_polls_total{network="mastodon",outcome="read"} [1-9]', page)
    assert re.search(r'mentiondesk_posts_taken_total{network="mastodon"} [1-9]', page)
    assert 'mentiondesk_listener_connected{side="web"} 1.0' in page
    assert 'mentiondesk_listener_connected{side="worker"} 1.0' in page
    assert 'mentiondesk_replies{state="unsure"} 0.0' in page
    assert "process_resident_memory_bytes" in page
    assert 'route="/api/v1/tickets/{ticket_id}/replies",status="2xx"' in page


def test_labels_stay_few_and_name_nobody(installed: Installation) -> None:
    for n in range(5):
        get(f"{installed.product.console}/api/v1/tickets/tk_{n}")
        get(f"{installed.product.console}/wp-admin/{n}.php")
        get(f"{installed.product.console}/assets/{n}.js")
    page = installed.metrics()
    routes = set(re.findall(r'route="([^"]*)"', page))
    assert not [route for route in routes if "tk_" in route or "php" in route or route.endswith(".js")]
    assert set(re.findall(r'(\w+)="', page)) <= {
        *("account", "network", "outcome", "loop", "state", "kind", "side", "route", "method", "status", "le"),
        *("version", "schema", "generation", "implementation", "major", "minor", "patchlevel"),
    }
    assert installed.ticket_id not in page
    assert "nora" not in page
    assert TOKEN not in page


def test_strangers_are_refused(installed: Installation) -> None:
    address = f"{installed.product.console}/metrics"
    assert get(address).status_code == 403
    assert get(address, Authorization="Bearer another").json()["code"] == "metrics_refused"
    assert get(address, Cookie="mentiondesk=whatever").status_code == 403


@pytest.mark.parametrize(
    ("token", "headers", "peer", "may"),
    [
        (None, {"host": "127.0.0.1:8400"}, "127.0.0.1", True),
        (None, {"host": "[::1]:8400"}, "::1", True),
        (None, {"host": "localhost"}, "127.0.0.1", True),
        (None, {"host": "127.0.0.1"}, "192.0.2.1", False),
        (None, {"host": "127.0.0.1", "x-forwarded-for": "127.0.0.1"}, "127.0.0.1", False),
        (None, {"host": "127.0.0.1", "forwarded": "for=192.0.2.1"}, "127.0.0.1", False),
        (None, {"host": "desk.example"}, "127.0.0.1", False),
        (None, {}, "127.0.0.1", False),
        (None, {"host": "127.0.0.1"}, None, False),
        ("abc", {"authorization": "Bearer abc"}, "192.0.2.1", True),
        ("abc", {"authorization": "bearer abc ", "x-forwarded-for": "192.0.2.1"}, "127.0.0.1", True),
        ("abc", {"host": "127.0.0.1"}, "127.0.0.1", False),
        ("abc", {"authorization": "Basic abc"}, "127.0.0.1", False),
        ("abc", {"authorization": "Bearer äbc"}, "127.0.0.1", False),
    ],
)
def test_who_may_read(token: str | None, headers: dict[str, str], peer: str | None, may: bool) -> None:
    assert may_read(token, headers, peer) is may


async def missing(readiness: Readiness) -> list[str]:
    try:
        await readiness.check()
    except NotReady as lacking:
        return list(lacking.details["missing"])
    return []


async def test_each_thing_that_is_missing_is_named(database: str) -> None:
    vitals = Vitals()
    ready = Readiness(vitals, behind_seconds=0.3, kept_seconds=0)
    assert await missing(ready) == []
    vitals.listeners["web"] = Listener(database)
    assert await missing(ready) == ["listener"]
    vitals.listeners.clear()
    vitals.hub = Hub()
    vitals.hub.position = -1  # it stands still before the log's end
    assert await missing(ready) == []
    await asyncio.sleep(0.4)
    assert await missing(ready) == ["tail"]
    vitals.hub.position = 0
    assert await missing(ready) == []
    vitals.following = lambda: False
    assert await missing(ready) == ["tail"]
    vitals.following = lambda: True
    vitals.stopping = True
    assert await missing(ready) == ["stopping"]


async def test_an_older_schema_is_not_ready_and_a_newer_one_is(database: str) -> None:
    ready = Readiness(Vitals(), kept_seconds=0)
    put = text("update alembic_version set version_num = :to returning (select version_num from alembic_version)")
    async with transaction() as tx:
        ours = await tx.scalar(put, {"to": "0001"})
    try:
        assert await missing(ready) == ["schema"]
        async with transaction() as tx:
            await tx.execute(put, {"to": "9999"})
        assert await missing(ready) == []
    finally:
        async with transaction() as tx:
            await tx.execute(put, {"to": ours})


async def test_a_database_that_is_away_is_a_503_with_words_and_metrics_go_on(database: str) -> None:
    await db.close_database()
    db.open_database("postgresql://nobody@127.0.0.1:1/nothing")
    app = create_watch(Vitals())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as http:
        assert (await http.get("/healthz")).status_code == 200
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["missing"] == ["database"]
        assert "does not answer" in answer.json()["detail"]
        page = (await http.get("/metrics")).text
    assert "mentiondesk_database_up 0.0" in page
    assert "mentiondesk_timers_late" not in families(page)


async def test_a_loop_that_fails_is_counted_and_works_on(database: str) -> None:
    stop, tried = asyncio.Event(), []

    async def step() -> bool:
        tried.append(trace.current())
        if len(tried) == 1:
            raise ValueError("once")
        stop.set()
        return True

    async def never() -> None:
        return None

    await run_loop("odd", step, never, asyncio.Event(), stop)
    assert REGISTRY.get_sample_value("mentiondesk_loop_failures_total", {"loop": "odd"}) == 1
    assert REGISTRY.get_sample_value("mentiondesk_loop_step_seconds_count", {"loop": "odd"}) == 1
    assert (REGISTRY.get_sample_value("mentiondesk_loop_looked_timestamp_seconds", {"loop": "odd"}) or 0) > 1e9
    assert len(set(tried)) == 2, "each step has a trace of its own"


async def test_a_reading_costs_the_same_whatever_is_open(database: str, lean: Lean, statements: Statements) -> None:
    desk = await a_desk()
    await a_lean_account(desk)
    await a_key(desk.lead, "read")
    async with transaction() as tx:
        await plan_export(tx, desk.lead, brand_ids=None)
    statements.clear()
    async with transaction() as tx:
        readings = await read(tx)
    assert len(statements) == 8
    assert (readings.jobs, readings.keys_working, readings.keys_lately) == ({("export", "queued"): 1}, 1, 0)
    assert [a.network for a in readings.accounts] == ["lean"]
    gauges = Gauges(Vitals())
    page = (await gauges.page()).decode()
    assert 'mentiondesk_jobs{kind="export",state="queued"} 1.0' in page
    assert "mentiondesk_keys_working 1.0" in page
    assert "mentiondesk_webhook_deliveries_due 0.0" in page
    statements.clear()
    await gauges.page()
    assert statements == []


async def test_unfinished_replies_and_late_promises_are_found_by_an_index(database: str) -> None:
    async with transaction() as tx:
        await tx.execute(text("set local enable_seqscan = off"))
        for statement, index in (
            ("select count(*) from replies where state in ('queued', 'sending', 'unsure')", "ix_replies_"),
            (
                "select next_at from ticket_clocks where next_at <= now() order by next_at limit 9",
                "ix_ticket_clocks_next_at",
            ),
        ):
            plan = [row[0] for row in await tx.execute(text(f"explain {statement}"))]
            assert index in "".join(plan)


def test_a_worker_answers_on_a_port_of_its_own(installed: Installation, tmp_path: Any) -> None:
    settings = {"database_url": installed.url}
    arguments = ("worker", "--metrics-port", "0")
    with running(tmp_path / "data", *arguments, wait_for="Working.", settings=settings) as worker:
        found = re.search(r"Metrics: (http://\S+)", "".join(worker.said))
        assert found
        address = found.group(1)
        assert get(f"{address}/healthz").status_code == 200
        assert get(f"{address}/readyz").status_code == 200
        page = get(f"{address}/metrics").text
        assert 'mentiondesk_listener_connected{side="worker"} 1.0' in page
        assert 'mentiondesk_loop_looked_timestamp_seconds{loop="replies"}' in page
        assert "mentiondesk_consoles" not in families(page)
        assert get(f"{address}/api/v1/session").status_code == 404
