"""The worker killed again and again during a large import: every line is taken once or named, and the same file again changes nothing."""

import asyncio
import random
import time
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import text, update

from app.brands.brought_account import brought_account
from app.brands.models import Brand
from app.core import db
from app.core.settings import settings
from app.core.transaction import transaction
from app.transfer.models import Job
from app.wiring import wire
from tests.access.given import a_key, bears
from tests.faults.processes import Ground, Processes
from tests.faults.world import say
from tests.given import a_desk
from tests.transfer.given import everything
from tests.transfer.many import File, a_large_file

LINES, KILLS = 100_000, 20
KEY = "a key of forty characters, more or less ok"
PIECE = 1_000_000
MEGABYTES = 150
"""By so much a worker may grow while it takes in a file of any size."""
_MADE = {"customer": "customers", "ticket": "tickets", "message": "messages", "note": "notes"}


class Importer:
    """Another system with a key, and the product's processes."""

    def __init__(self, parts: Processes, client: httpx2.AsyncClient, file: File) -> None:
        self.parts, self.client, self.file = parts, client, file
        self.largest = 0

    async def ask(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.client.request(method, f"/api/v1/{path}", **more)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def upload(self, brand_id: str) -> str:
        job: str = (await self.ask("POST", "jobs/imports", json={"name": "a.jsonl", "brand_id": brand_id}))["id"]
        octets = {"content-type": "application/octet-stream"}
        for number, at in enumerate(range(0, len(self.file.data), PIECE)):
            piece = self.file.data[at : at + PIECE]
            await self.ask("PUT", f"jobs/{job}/pieces/{number}", content=piece, headers=octets)
        await self.ask("POST", f"jobs/{job}/start")
        return job

    async def killed(self, job: str) -> None:
        """Kill the worker in the midst of it, wherever it is just then."""
        for _ in range(KILLS):
            await self.parts.start("worker")
            await asyncio.sleep(random.uniform(0.1, 2.0))
            self.largest = max(self.largest, self.parts.resident("worker"))
            await self.parts.kill("worker")
            async with transaction() as tx:  # nobody wants to wait for a lease twenty times
                await tx.execute(update(Job).values(lease_until=None))
        told = await self.ask("GET", f"jobs/{job}")
        assert told["state"] == "running", "it was over before the last kill; more lines are needed"

    async def finished(self, job: str) -> dict[str, Any]:
        await self.parts.start("worker")
        first = self.parts.resident("worker")
        while (told := await self.ask("GET", f"jobs/{job}"))["state"] in {"queued", "running"}:
            self.largest = max(self.largest, self.parts.resident("worker"))
            await asyncio.sleep(0.2)
        await self.parts.kill("worker")
        assert self.largest - first < MEGABYTES * 2**20, (first, self.largest)
        done: dict[str, Any] = told
        return done

    async def refused(self, job: str) -> dict[int, str]:
        """The refused lines and the places in them, page after page."""
        found, path = [], f"jobs/{job}/refusals"
        while True:
            page = await self.ask("GET", path)
            found += page["items"]
            if page["next"] is None:
                break
            path = f"jobs/{job}/refusals?after={page['next']}"
        assert all(one["reason"] for one in found)
        assert len({one["line"] for one in found}) == len(found)
        return {one["line"]: one["place"] for one in found}


@pytest.mark.faults
async def test_killed_during_an_import_of_a_hundred_thousand_lines(
    own_database: str, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "secret_key", SecretStr(KEY))
    wire()
    db.open_database(own_database)
    parts = Processes(ground.zygote, ground.folder, {"database_url": own_database, "secret_key": KEY})
    file = a_large_file(LINES)
    assert file.lines == LINES
    try:
        desk = await a_desk()
        async with transaction() as tx:
            await brought_account(tx, await tx.get_one(Brand, desk.brand_id), agent_id=desk.lead.agent_id)
        who = bears(await a_key(desk.lead, "administer", per_minute=60_000))
        before = await everything()
        await parts.start("web")
        async with httpx2.AsyncClient(base_url=parts.address, headers=who, trust_env=False, timeout=30) as client:
            importer = Importer(parts, client, file)
            job = await importer.upload(desk.brand_id)
            began = time.monotonic()
            await importer.killed(job)
            rest = LINES - (await importer.ask("GET", f"jobs/{job}"))["lines"]
            alone = time.monotonic()
            done = await importer.finished(job)
            rate = rest / (time.monotonic() - alone)
            say(f"{LINES} lines in {time.monotonic() - began:.0f} s with {KILLS} kills; {rate:.0f} lines/s without")
            good, bad = file.good.total(), len(file.bad)
            counts = {name: done[name] for name in ("state", "lines", "fresh", "already", "refused", "passed")}
            assert counts == {
                "state": "done", "lines": LINES, "fresh": good, "already": 0, "refused": bad, "passed": 0,
            }  # fmt: skip
            assert await importer.refused(job) == file.bad
            after = await everything()
            assert {kind: after[table] - before[table] for kind, table in _MADE.items()} == file.good
            await _the_log_says_so(file)

            again = await importer.upload(desk.brand_id)
            done = await importer.finished(again)
            assert (done["fresh"], done["already"], done["refused"]) == (0, good, bad)
            assert await importer.refused(again) == file.bad
            assert await everything() == after
    finally:
        parts.close()
        await db.close_database()


async def _the_log_says_so(file: File) -> None:
    """Its numbers have no gap, and what it tells of tickets is what was made."""
    async with transaction() as tx:
        log = await tx.execute(text("select count(*), min(seq), max(seq), (select seq from event_head) from events"))
        count, first, last, head = log.one()
        assert (first, last, head) == (1, count, count)
        query = """select count(*) filter (where (fact->>'made')::bool), sum((fact->>'messages')::int),
                          sum((fact->>'notes')::int) from events where type = 'ticket.imported'"""
        told = (await tx.execute(text(query))).one()
        assert tuple(told) == (file.good["ticket"], file.good["message"], file.good["note"])
        strays = """select count(*) from messages m left join search_entries s on s.source_id = m.id
                     where s.source_id is null or m.ticket_id is null"""
        assert await tx.scalar(text(strays)) == 0
        gone = "select count(*) from (select uri from messages group by account_id, uri having count(*) > 1) twice"
        assert await tx.scalar(text(gone)) == 0
