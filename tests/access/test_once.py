"""A request with an Idempotency-Key is carried out once: by forty at once, after a lost answer, across a crash, for a day."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from app.access.operations import ANYBODY, NOT_KEPT, OPERATIONS
from app.core.http_once import Kept
from app.core.transaction import transaction
from app.main import create_app
from app.stream.prune import prune
from tests.access.given import a_key, ask, bears
from tests.access.test_answers import routes_of
from tests.conftest import Turned
from tests.described import description
from tests.given import a_desk
from tests.sandbox.pictures import PNG
from tests.security.conftest import Open
from tests.security.stage import Brands, cookie, whole_app

BRAND = {"name": "Nova", "colour": "#123456", "team_ids": []}


def once(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


async def until_done(client: httpx2.AsyncClient, path: str, who: dict[str, str], body: Any) -> httpx2.Response:
    """As a client does: ask again as long as the first request is still running."""
    while True:
        answer = await ask(client, "POST", path, who, json=body)
        if answer.status_code != 409:
            return answer
        assert answer.json()["code"] == "still_running"
        assert answer.headers["retry-after"] == "1"
        await asyncio.sleep(0.05)


async def count(table: str, where: str = "true") -> int:
    async with transaction() as tx:
        return await tx.scalar(text(f"select count(*) from {table} where {where}")) or 0


async def test_forty_at_once_in_two_processes_make_one(database: str, served: Open) -> None:
    _, client = served
    desk = await a_desk()
    key = bears(await a_key(desk.lead, "administer"))
    who, form = key | once("forty"), {"name": "Team N", "agent_ids": [], "brand_ids": []}
    async with whole_app(database) as (_, elsewhere):
        answers = await asyncio.gather(
            *(until_done(asked, path, who | once(path), body) for asked in (client, elsewhere) * 10
              for path, body in (("brands", BRAND), ("teams", form)))
        )  # fmt: skip
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 2
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 38
    assert await count("brands", "name = 'Nova'") == 1
    assert await count("teams", "name = 'Team N'") == 1


async def test_another_request_under_the_same_key_is_refused_and_another_keys_key_is_its_own(
    database: str, served: Open
) -> None:
    _, client = served
    desk = await a_desk()
    one, two = bears(await a_key(desk.lead, "administer")), bears(await a_key(desk.lead, "administer", name="Two"))
    first = await ask(client, "POST", "brands", one | once("k"), json=BRAND)
    assert first.status_code == 201
    for path, body in (("brands", BRAND | {"name": "Other"}), ("teams", {"name": "T", "agent_ids": []})):
        refused = await ask(client, "POST", path, one | once("k"), json=body)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/another_request")
    again = await ask(client, "POST", "brands", one | once("k"), json=BRAND)
    assert (again.status_code, again.json(), again.headers["content-type"]) == (
        201, first.json(), first.headers["content-type"],
    )  # fmt: skip
    assert (await ask(client, "POST", "brands", two | once("k"), json=BRAND | {"name": "Two"})).status_code == 201
    for bad in ("x" * 201, "a\tb", ""):
        assert (await ask(client, "POST", "brands", one | once(bad), json=BRAND)).status_code == 422
    assert await count("brands") == 3


async def test_what_was_refused_made_nothing_and_may_be_tried_again(database: str, served: Open) -> None:
    _, client = served
    desk = await a_desk()
    who = bears(await a_key(desk.lead, "administer")) | once("k")
    refused = await ask(client, "POST", "brands", who, json=BRAND | {"team_ids": ["te_none"]})
    assert refused.status_code == 422
    assert await count("kept_answers") == 0
    assert (await ask(client, "POST", "brands", who, json=BRAND)).status_code == 201
    invited = {"name": "Bo", "email": "bo@acme.example", "role": "agent", "password": "a long one", "team_ids": []}
    bad = await ask(client, "POST", "agents", who | once("i"), json=invited | {"team_ids": ["te_none"]})
    assert bad.status_code == 422
    made = await ask(client, "POST", "agents", who | once("i"), json=invited)
    again = await ask(client, "POST", "agents", who | once("i"), json=invited)
    assert (made.status_code, again.status_code, again.json()) == (201, 201, made.json())


async def test_a_crash_leaves_the_thing_and_its_answer_or_neither(
    brands: Brands, served: Open, failing_commit: None
) -> None:
    """The commit of whoever writes a label fails: then there is neither the label nor a kept answer."""
    _, client = served
    who = bears(await a_key(brands.desk.lead)) | once("k")
    ticket, body = brands.acme.ticket_id, {"add": ["fresh"]}
    with capture_logs() as said:  # a fault is told with all its frames, which takes long to write
        crashed = await ask(client, "POST", f"tickets/{ticket}/labels", who, json=body)
    assert [one["event"] for one in said if one["log_level"] == "error"] == ["request_crashed"]
    assert crashed.status_code == 500
    assert await count("kept_answers") == 0
    assert (await ask(client, "POST", f"tickets/{ticket}/priority", who, json={"priority": "high"})).status_code == 200
    assert await count("kept_answers", "status = 200") == 1


async def test_a_form_is_known_by_its_fields_whatever_lies_between_them(brands: Brands, served: Open) -> None:
    _, client = served
    who = bears(await a_key(brands.desk.lead)) | once("p")
    path = f"tickets/{brands.acme.ticket_id}/pictures"
    answers = [
        await ask(client, "POST", path, who, files={"file": ("a.png", PNG, "image/png")}, data={"alt": "A cup"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    other = await ask(client, "POST", path, who, files={"file": ("a.png", PNG, "image/png")}, data={"alt": "A mug"})
    assert other.status_code == 422


async def test_a_key_is_made_once_and_its_secret_kept_nowhere(database: str, served: Open) -> None:
    _, client = served
    desk = await a_desk()
    who = await cookie(desk.lead) | once("k")
    wish = {"name": "Shop", "scopes": ["read"]}
    first, again = [(await ask(client, "POST", "keys", who, json=wish)).json() for _ in range(2)]
    assert again == first | {"secret": None}
    async with transaction() as tx:
        kept = str((await tx.execute(text("select body from kept_answers"))).all())
    assert first["secret"][12:] not in kept


async def test_who_may_not_ask_any_more_is_not_answered_from_memory(database: str, served: Open) -> None:
    _, client = served
    desk = await a_desk()
    key = await a_key(desk.lead, "administer")
    who = bears(key) | once("k")
    assert (await ask(client, "POST", "brands", who, json=BRAND)).status_code == 201
    await ask(client, "POST", f"keys/{key.key.id}/revoke", await cookie(desk.lead))
    assert (await ask(client, "POST", "brands", who, json=BRAND)).status_code == 401


async def test_answers_are_forgotten_after_a_day(database: str, turned: Turned) -> None:
    from tests.access.test_keys import in_this_clock

    client = in_this_clock()
    desk = await a_desk()
    who = bears(await a_key(desk.lead, "administer")) | once("k")
    assert (await ask(client, "POST", "brands", who, json=BRAND)).status_code == 201
    turned.set(turned.at + timedelta(hours=23, minutes=59))
    await prune()
    assert await count("kept_answers") == 1
    turned.set(turned.at + timedelta(minutes=2))
    assert (await ask(client, "POST", "brands", who, json=BRAND | {"name": "Next"})).status_code == 201
    turned.set(turned.at + timedelta(days=1, minutes=1))
    await prune()
    assert await count("kept_answers") == 0


@pytest.mark.parametrize("path", ["holidays/ical", "sla/simulate"])
async def test_what_makes_nothing_keeps_nothing(database: str, served: Open, path: str) -> None:
    _, client = served
    desk = await a_desk()
    who = bears(await a_key(desk.lead)) | once("k")
    answer = await ask(client, "POST", path, who, json={"text": "x", "year": 2026})
    assert answer.status_code in {200, 422}
    assert await count("kept_answers") == 0


@pytest.mark.parametrize("key", ["x" * 201, "Schlüssel", "a\tb"])
async def test_a_key_is_of_signs_that_every_program_can_write(brands: Brands, served: Open, key: str) -> None:
    _, client = served
    who = bears(await a_key(brands.desk.lead)) | {"idempotency-key": key.encode()}  # type: ignore[dict-item]
    for path, body in ((f"tickets/{brands.acme.ticket_id}/notes", {"text": "x"}), ("brands", BRAND)):
        refused = await ask(client, "POST", path, who, json=body)
        assert refused.status_code == 422, path
        assert refused.json()["field"].lower() == "idempotency-key"
    assert await count("kept_answers") == 0


def test_whatever_creates_takes_a_key_and_its_route_keeps_the_answer() -> None:
    created = 0
    for route in routes_of(create_app()):
        name = route.operation_id or route.name
        if "POST" in route.methods and OPERATIONS.get(name, ANYBODY) != ANYBODY and name not in NOT_KEPT:
            assert isinstance(route, Kept), name
            taken = {one["name"].lower() for one in description()["paths"][route.path]["post"]["parameters"]}
            assert "idempotency-key" in taken, name
            created += 1
    assert created > 30
