"""The web process killed again and again while another system brings tickets and messages: each is there once, whatever was asked again."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.core import db
from app.core.settings import settings
from app.core.transaction import transaction
from app.wiring import wire
from tests.access.given import a_key, bears
from tests.faults.processes import Ground, Processes
from tests.given import a_desk

TICKETS, AT_ONCE, KILLS = 200, 8, 10
KEY = "a key of forty characters, more or less ok"


class System:
    """Another system's program, which asks again under the same key until it has an answer."""

    def __init__(self, client: httpx2.AsyncClient, brand_id: str) -> None:
        self.client, self.brand_id = client, brand_id
        self.left: Iterator[int] = iter(range(TICKETS))
        self.unanswered = self.again = 0

    async def work(self) -> None:
        for number in self.left:
            await self._bring(number)

    async def _bring(self, number: int) -> None:
        customer = {"reference": f"shop-{number % 20}", "name": f"Customer {number % 20}"}
        form = {"brand_id": self.brand_id, "external_reference": f"WEB-{number}", "customer": customer}
        ticket = await self._ask("tickets", f"open-{number}", form | {"message": {"text": f"Where is {number}?"}})
        where = f"tickets/{ticket['id']}"
        answer = {"external_reference": "mail", "by": "brand", "text": "Tomorow."}
        await self._ask(f"{where}/messages", f"add-{number}", answer)
        await self._ask(f"{where}/messages/edit", f"edit-{number}", {"external_reference": "mail", "text": "Tomorrow."})
        await self._ask(f"{where}/notes", f"note-{number}", {"text": "Told"})

    async def _ask(self, path: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        for _ in range(3_000):
            try:
                answer = await self.client.post(f"/api/v1/{path}", json=body, headers={"idempotency-key": key})
            except httpx2.TransportError:
                self.unanswered += 1
            else:
                self.again += "idempotency-replayed" in answer.headers
                if answer.is_success:
                    told: dict[str, Any] = answer.json()
                    return told
                # each death takes along a twentieth of the key's minute, so that it may have to wait for the next one
                come_again = answer.json()["code"] in {"still_running", "too_many_requests"}
                assert come_again or answer.status_code == 503, answer.text
                if answer.status_code == 429:
                    await asyncio.sleep(int(answer.headers["retry-after"]))
            await asyncio.sleep(0.1)
        raise AssertionError(path)


@pytest.mark.faults
async def test_killed_while_a_key_brings_tickets(
    own_database: str, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "secret_key", SecretStr(KEY))
    wire()
    db.open_database(own_database)
    parts = Processes(ground.zygote, ground.folder, {"database_url": own_database, "secret_key": KEY})
    try:
        desk = await a_desk()
        who = bears(await a_key(desk.lead, "work", brands=[desk.brand_id], per_minute=60_000))
        async with httpx2.AsyncClient(base_url=parts.address, headers=who, trust_env=False, timeout=20) as client:
            system = System(client, desk.brand_id)
            await parts.start("web")
            working = [asyncio.create_task(system.work()) for _ in range(AT_ONCE)]
            for _ in range(KILLS):
                await asyncio.sleep(random.uniform(0.2, 0.7))
                await parts.kill("web")
                await parts.start("web")
            over = [one.result() for one in working if one.done()]
            assert len(over) < AT_ONCE, "it was over before the last kill; more tickets are needed"
            await asyncio.gather(*working)
        assert system.unanswered, "no request was on its way when the process died"
        async with transaction() as tx:
            counts = await tx.execute(
                text("""select (select count(*) from tickets), (select count(*) from ticket_references),
                (select count(*) from messages), (select count(*) from messages where jsonb_array_length(versions) = 1),
                (select count(*) from notes), (select count(*) from customers)""")
            )
            assert tuple(counts.one()) == (TICKETS, TICKETS, 2 * TICKETS, TICKETS, TICKETS, 20)
            log = await tx.execute(text("select count(*), max(seq) from events"))
            assert len(set(log.one())) == 1
            told = await tx.execute(text("select type, count(*) from events where ticket_id is not null group by type"))
            kinds = {"ticket.opened", "ticket.referred", "message.received", "message.edited", "note.added"}
            assert {kind: many for kind, many in told.all() if kind in kinds} == dict.fromkeys(kinds, TICKETS)
    finally:
        parts.close()
        await db.close_database()
