"""A key is made by a lead, told once, kept as a hash, acts under its own name, and is no person."""

from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import text

from app.access.key_text import fingerprint, is_key_text, new_key_text, recognisable
from app.core.eventlog import head
from app.core.strike import strike_text
from app.core.transaction import transaction
from app.main import create_app
from app.stream import socket as line
from tests.access.given import a_key, ask, bears
from tests.conftest import Statements, Turned
from tests.given import a_desk
from tests.kept import keep_routes
from tests.security.conftest import Open
from tests.security.stage import Brands, cookie, whole_app


def test_the_text_of_a_key_is_recognised_and_checked() -> None:
    key = new_key_text()
    assert key.startswith("mdk_")
    assert len(key) == 61
    assert is_key_text(key)
    assert recognisable(key) == key[:12]
    other = "A" if key[20] != "A" else "B"
    assert not is_key_text(key[:20] + other + key[21:])
    assert not is_key_text(key[:-1])
    assert len({new_key_text() for _ in range(50)}) == 50
    for said in (f"using {key} now", f"Authorization: Bearer {key}", f"key={key}"):
        assert key[12:] not in strike_text(said)


async def test_a_lead_makes_it_and_sees_it_once(database: str, served: Open) -> None:
    _, client = served
    desk = await a_desk(agents=1)
    lead, ana = await cookie(desk.lead), await cookie(desk.agents[0])
    wish = {"name": " Shop ", "scopes": ["read", "work", "read"], "brand_ids": [desk.brand_id]}
    assert (await ask(client, "POST", "keys", ana, json=wish)).status_code == 403
    assert (await ask(client, "GET", "keys", ana)).status_code == 403
    answer = await ask(client, "POST", "keys", lead, json=wish)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert is_key_text(made["secret"])
    key = made["key"]
    assert (key["name"], key["scopes"], key["brand_ids"]) == ("Shop", ["read", "work"], [desk.brand_id])
    listed = await ask(client, "GET", "keys", lead)
    assert listed.json() == [key]
    async with transaction() as tx:
        for table in ("access_keys", "agents", "events", "kept_answers"):
            rows = str((await tx.execute(text(f"select * from {table}"))).all())
            assert made["secret"][12:] not in rows, table
        assert await tx.scalar(text("select secret_hash from access_keys")) == fingerprint(made["secret"])
    for wrong, field in (
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"brand_ids": ["br_none"]}, "brand_ids"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
    ):
        refused = await ask(client, "POST", "keys", lead, json=wish | wrong)
        assert (refused.status_code, refused.json()["field"]) == (422, field)


async def test_it_acts_as_itself_and_is_nobody_to_assign(brands: Brands, served: Open) -> None:
    _, client = served
    key = await a_key(brands.desk.lead, name="Web shop")
    who, ticket, key_id = bears(key), brands.acme.ticket_id, key.key.id
    once = {"idempotency-key": "note-1"}
    note = await ask(client, "POST", f"tickets/{ticket}/notes", who, json={"text": "from the shop"}, headers=once)
    assert (note.status_code, note.json()["agent_id"]) == (201, key_id)
    wish = {"text": "Sent by the shop", "lane": "private", "seen": None, "confirmed": True}
    reply = await ask(client, "POST", f"tickets/{ticket}/replies", who, json=wish, headers=once)
    assert (reply.status_code, reply.json()["agent_id"]) == (201, key_id)
    opened = (await ask(client, "GET", f"tickets/{ticket}", who)).json()
    assert opened["card"]["assignee_id"] != key_id
    log = (await ask(client, "GET", "events", who)).json()["events"]
    by_key = [event["type"] for event in log if event["agent_id"] == key_id]
    assert by_key == ["note.added", "reply.queued"]
    agents = {one["id"]: one for one in (await ask(client, "GET", "agents", who)).json()}
    assert (agents[key_id]["kind"], agents[key_id]["name"]) == ("key", "Web shop")
    assert {one["kind"] for name, one in agents.items() if name != key_id} == {"person"}
    lead = await cookie(brands.desk.lead)
    assigned = await ask(client, "POST", f"tickets/{ticket}/assign", lead, json={"agent_id": key_id})
    assert (assigned.status_code, assigned.json()["code"]) == (422, "agent_not_available")
    team = {"name": "Machines", "agent_ids": [key_id], "brand_ids": []}
    assert (await ask(client, "POST", "teams", lead, json=team)).json()["code"] == "unknown_member"
    edited = await ask(client, "PATCH", f"agents/{key_id}", lead, json={"revision": 1, "role": "lead"})
    assert edited.status_code == 404
    me = (await ask(client, "GET", "session", who)).json()["me"]
    assert (me["id"], me["kind"]) == (key_id, "key")
    assert set(me["brand_ids"]) == {brands.acme.brand_id, brands.zeta.brand_id}
    for password in ("", "x"):
        signed = await client.post("/api/v1/session", json={"email": "a@b", "password": password or "y"})
        assert signed.status_code == 401


@pytest.mark.parametrize("scope", ["Bearer", "bearer", "BEARER"])
async def test_the_token_counts_and_never_the_cookie_beside_it(database: str, served: Open, scope: str) -> None:
    _, client = served
    desk = await a_desk(agents=1)
    key = await a_key(desk.lead, "read")
    browser, foreign = await cookie(desk.lead), {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    who = {"authorization": f"{scope} {key.secret}"}
    me = await ask(client, "GET", "session", {**browser, **who})
    assert me.json()["me"]["id"] == key.key.id
    refused = await ask(client, "POST", "keys", {**browser, **who}, json={"name": "x", "scopes": ["read"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "for_people_only")
    assert (await ask(client, "POST", "tickets/take-next", {**browser, **foreign})).json()["code"] == "foreign_origin"
    for wrong in ("mdk_" + "A" * 57, "", "x", new_key_text(), str(key.secret)[:-1]):
        answer = await ask(client, "GET", "session", {**browser, "authorization": f"{scope} {wrong}".strip()})
        assert (answer.status_code, answer.json()["code"]) == (401, "key_refused")
        assert answer.headers["www-authenticate"].startswith("Bearer")
        across = await ask(
            client, "POST", "tickets/take-next", {**browser, **foreign, "authorization": f"{scope} {wrong}".strip()}
        )
        assert across.status_code == 401


async def test_revoked_it_ends_at_once_in_every_process_and_on_open_lines(database: str, served: Open) -> None:
    app, client = served
    desk = await a_desk()
    key, other = await a_key(desk.lead, "read"), await a_key(desk.lead, "read", name="Other")
    async with transaction() as tx:
        at = await head(tx)
    async with whole_app(database) as (second, elsewhere):
        async with (
            app.console(None, after=at, headers=bears(key)) as here,
            second.console(None, after=at, headers=bears(key)) as there,
            second.console(None, after=at, headers=bears(other)) as stays,
        ):
            for console in (here, there, stays):
                await console.frame()
            for asked in (client, elsewhere):
                assert (await ask(asked, "GET", "session", bears(key))).status_code == 200
            lead = await cookie(desk.lead)
            revoked = await ask(client, "POST", f"keys/{key.key.id}/revoke", lead)
            assert revoked.json()["revoked_at"]
            for asked in (client, elsewhere):
                assert (await ask(asked, "GET", "session", bears(key))).status_code == 401
            assert await here.closed() == line.SIGNED_OUT
            assert await there.closed() == line.SIGNED_OUT
            await stays.up_to(at + 1)
        async with second.console(None, after=at, headers=bears(key)) as again:
            assert await again.closed() == line.SIGNED_OUT
    again = await ask(client, "POST", f"keys/{key.key.id}/revoke", lead)
    assert again.json() == revoked.json()
    assert (await ask(client, "POST", "keys/ky_none/revoke", lead)).status_code == 404
    agents = (await ask(client, "GET", "agents", lead)).json()
    assert [one["disabled"] for one in agents if one["id"] == key.key.id] == [True]


async def test_a_line_tells_a_key_what_it_may_see_and_hears_nothing_from_it(brands: Brands, served: Open) -> None:
    app, _ = served
    narrow = await a_key(brands.desk.lead, "read", brands=[brands.acme.brand_id])
    async with app.console(None, after=0, headers=bears(narrow)) as console:
        async with transaction() as tx:
            frames = await console.up_to(await head(tx))
        told = {e["brand_id"] for f in frames if f["kind"] == "events" for e in f["events"]}
        assert told == {None, brands.acme.brand_id}
        assert not [e for f in frames if f["kind"] == "events" for e in f["events"] if e["type"] == "key.made"]
        await console.say(kind="presence", ticket_id=brands.acme.ticket_id, doing="viewing")
        assert await console.closed() == line.BAD_FRAME
    deaf = await a_key(brands.desk.lead, "work")
    async with app.console(None, after=0, headers=bears(deaf)) as console:
        assert await console.closed() == line.SIGNED_OUT


def in_this_clock() -> httpx2.AsyncClient:
    """A process of its own whose clock is the test's."""
    transport = httpx2.ASGITransport(app=keep_routes(create_app()), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://desk.example")


async def test_it_expires(database: str, turned: Turned) -> None:
    client = in_this_clock()
    desk = await a_desk()
    key = await a_key(desk.lead, "read", expires_at=turned.at + timedelta(days=1))
    assert (await ask(client, "GET", "session", bears(key))).status_code == 200
    turned.set(turned.at + timedelta(days=1))
    assert (await ask(client, "GET", "session", bears(key))).json()["code"] == "key_refused"


async def test_its_rate_is_exact_over_processes_and_writes_seldom(
    database: str, turned: Turned, statements: Statements
) -> None:
    client, elsewhere = in_this_clock(), in_this_clock()
    turned.set(turned.at + timedelta(seconds=10))
    desk = await a_desk()
    key = await a_key(desk.lead, "read", per_minute=60)
    statements.clear()
    answers = [await ask(asked, "GET", "networks", bears(key)) for _ in range(35) for asked in (client, elsewhere)]
    written = [one for one in statements if "insert into key_minutes" in one or "update access_keys" in one]
    assert len(written) <= 24
    assert sum(answer.status_code == 200 for answer in answers) == 60
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "too_many_requests")
    assert last.headers["retry-after"] == "50"
    assert last.headers["ratelimit"] == '"key";r=0;t=50'
    assert last.headers["ratelimit-policy"] == '"key";q=60;w=60'
    assert answers[0].headers["ratelimit"] == '"key";r=59;t=50'
    statements.clear()
    assert (await ask(client, "GET", "networks", bears(key))).status_code == 429
    assert statements == []  # who asks too often costs nothing
    turned.set(turned.at + timedelta(seconds=50))
    assert (await ask(client, "GET", "networks", bears(key))).status_code == 200
    assert (await ask(elsewhere, "GET", "networks", bears(key))).status_code == 200
    lead = await cookie(desk.lead)
    (listed,) = (await ask(client, "GET", "keys", lead)).json()
    assert listed["last_used_at"] == "2026-03-04T10:01:00Z"
