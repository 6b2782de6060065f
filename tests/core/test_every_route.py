"""Every route of the product, asked by strangers, by another brand's people, and with ids and bodies nobody should send."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx2
import pytest

from app.agents.sign_in import open_sign_in
from app.core.clock import now
from app.core.http import PROBLEM
from app.core.transaction import transaction
from app.main import create_app
from tests.described import routes
from tests.given import a_desk, a_lean_account, a_second_brand, take_in
from tests.kept import keep_routes
from tests.lean import Lean, a_post

OPEN = {"/api/v1/setup", "/api/v1/session", "/api/v1/accounts/return"}
STRANGE = ("%00", "a" * 3000, "tk_none")
BODIES = (b"null", b"[]", b'{"\\ud800": "\\u0000"}', b"[" * 2000)
READ = {"/api/v1/teams", "/api/v1/events", "/api/v1/agents"}
"""What every colleague may read, brands' ids included."""


@dataclass
class Doors:
    """The app, a ticket and account of one brand, and the cookies of its lead and of somebody of another brand."""

    client: httpx2.AsyncClient
    routes: list[tuple[str, str]]
    known: tuple[str, ...]
    lead: dict[str, str]
    foreign: dict[str, str]

    async def ask(self, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> httpx2.Response:
        more = {"content-type": "application/json", "idempotency-key": "0123456789"}
        answer = await self.client.request(method, url, content=body, headers=headers | more)
        assert answer.status_code < 500, (method, url, body, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == PROBLEM, (method, url)
            assert answer.json()["status"] == answer.status_code
        return answer


@pytest.fixture
async def doors(database: str, lean: Lean) -> AsyncIterator[Doors]:
    desk = await a_desk()
    other = await a_second_brand(desk)
    account = await a_lean_account(desk)
    ticket = next(iter((await take_in(account.id, a_post("q", "nina", now()))).ticket_ids))
    async with transaction() as tx:
        secrets = [(await open_sign_in(tx, a.agent_id)).secret for a in (desk.lead, other.agents[0])]
    app = keep_routes(create_app())
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk") as client:
        lead, foreign = ({"cookie": f"mentiondesk={secret}"} for secret in secrets)
        yield Doors(client, routes(), (ticket, account.id, desk.brand_id), lead, foreign)


def filled(path: str, ids: tuple[str, ...]) -> Iterator[str]:
    """The address with each id in every place that wants one."""
    for one in ids if "{" in path else ("",):
        pieces = [piece.split("}", 1) for piece in path.split("{")]
        yield pieces[0][0] + "".join(one + rest for _, rest in pieces[1:])


async def test_strangers_see_and_do_nothing(doors: Doors) -> None:
    for method, path in doors.routes:
        if path not in OPEN:
            for url in filled(path, doors.known[:1]):
                answer = await doors.ask(method, url, {}, b"{}")
                assert answer.status_code in {401, 422}, (method, url, answer.text)


async def test_people_of_another_brand_see_and_do_nothing(doors: Doors) -> None:
    for method, path in doors.routes:
        if path in READ | OPEN:
            continue
        for url in filled(path, doors.known):
            answer = await doors.ask(method, url, doors.foreign, b"{}")
            if answer.status_code < 400:
                assert not any(known in answer.text for known in (*doors.known, "nina")), (method, url, answer.text)


async def test_strange_ids_and_questions_get_a_sentence(doors: Doors) -> None:
    asked = "&".join(f"{name}=%00" for name in ("cursor", "before", "q", "brand", "label", "country"))
    for method, path in doors.routes:
        if method == "GET":
            for url in filled(path, STRANGE):
                for question in (f"?{asked}", f"?limit={'9' * 30}&after=-1"):
                    await doors.ask(method, url + question, doors.lead)


async def test_strange_bodies_get_a_sentence(doors: Doors) -> None:
    for method, path in doors.routes:
        if method in {"POST", "PUT", "PATCH"} and path not in OPEN:
            for url in filled(path, doors.known[:1]):
                for body in BODIES:
                    await doors.ask(method, url, doors.lead, body)
