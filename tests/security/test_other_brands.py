"""Nobody learns of another brand's tickets: by no route, no filter, no cursor, no event number, no line, no merged customer."""

import json
from typing import Any

import httpx2
import pytest

from app.agents.permit import BrandHidden, require
from app.core.eventlog import head
from app.core.paging import encode
from app.core.transaction import transaction
from app.customers.merge import merge_customers
from app.tickets.note import add_note
from app.tickets.prioritise import prioritise_ticket
from tests.described import routes
from tests.security.conftest import Open
from tests.security.stage import MARK, PNG, Brands, Things, cookie
from tests.stream.conftest import events, signed_in

OWNED = {"ticket_id", "customer_id", "account_id", "reply_id", "picture_id", "brand_id", "number"}
REVISION = {"revision": 1}
BODIES: dict[str, Any] = {
    "POST /api/v1/accounts/{account_id}/backfill": {"days": 3},
    "PUT /api/v1/accounts/{account_id}/budget": {"limit_micros": 5_000_000, "warn_percent": 80},
    "PATCH /api/v1/brands/{brand_id}": {**REVISION, "name": "Taken over"},
    "PATCH /api/v1/customers/{customer_id}": {**REVISION, "note": "seen"},
    "POST /api/v1/customers/{customer_id}/merge": "OTHER",
    "POST /api/v1/tickets/{ticket_id}/assign": {"agent_id": None},
    "POST /api/v1/tickets/{ticket_id}/move": {"to": "resolved"},
    "POST /api/v1/tickets/{ticket_id}/dismiss": {"reason": "spam"},
    "POST /api/v1/tickets/{ticket_id}/labels": {"add": ["seen"]},
    "POST /api/v1/tickets/{ticket_id}/priority": {"priority": "high"},
    "POST /api/v1/tickets/{ticket_id}/notes": {"text": "seen"},
    "POST /api/v1/tickets/{ticket_id}/messages": {"text": "seen", "external_reference": "seen"},
    "POST /api/v1/tickets/{ticket_id}/messages/edit": {"text": "other", "external_reference": "seen"},
    "POST /api/v1/tickets/{ticket_id}/messages/withdraw": {"external_reference": "seen"},
    "POST /api/v1/tickets/{ticket_id}/references": {"add": [{"reference": "seen"}]},
    "POST /api/v1/tickets/{ticket_id}/replies": {"text": "seen", "lane": "private", "seen": None, "confirmed": True},
    "POST /api/v1/replies/{reply_id}/settle": {"published": True},
    "PUT /api/v1/tickets/{ticket_id}/draft": {"text": "seen", "lane": "public", "key": "12345678"},
    "PATCH /api/v1/pictures/{picture_id}": {"alt": "seen"},
    "POST /api/v1/tickets/{ticket_id}/clocks/rebuild": {"anew": True},
}
"""A request that would do something, so that a refusal is about whose it is and not about its shape."""

HARMLESS = {"DELETE /api/v1/tickets/{ticket_id}/draft"}
"""Forgets a text of one's own; that there is none is no refusal."""

EMPTY = {"GET /api/v1/customers/{customer_id}/tickets"}
"""A list of what one may see: of somebody else's customer that is nothing."""


def about() -> list[tuple[str, str]]:
    """Every operation that takes an id which belongs to a brand."""
    found = []
    for method, path in routes():
        names = {piece.partition("}")[0] for piece in path.split("{")[1:]}
        if names & OWNED:
            found.append((method, path))
    return found


def url(path: str, things: Things) -> str:
    return path.format(**{name: getattr(things, name) for name in OWNED}, metric="first_reply", cycle=1)


async def ask(
    client: httpx2.AsyncClient, method: str, path: str, where: str, who: dict[str, str], brands: Brands
) -> httpx2.Response:
    body = BODIES.get(f"{method} {path}")
    sent: dict[str, Any] = {"json": {"other_id": brands.acme.customer_id} if body == "OTHER" else body} if body else {}
    if path.endswith("/pictures") and method == "POST":
        sent = {"files": {"file": ("a.png", PNG, "image/png")}}
    return await client.request(method, where, headers={**who, "idempotency-key": f"{method} {where}"}, **sent)


def leaks(brands: Brands, text: str) -> list[str]:
    return [word for word in (MARK, "ninazeta", *brands.zeta.ids()) if word in text]


async def test_every_route_that_takes_an_id_refuses_that_of_another_brand(brands: Brands, served: Open) -> None:
    _, client = served
    ana, zoe = await cookie(brands.ana), await cookie(brands.zeta.agent)
    before = (await client.get(f"/api/v1/tickets/{brands.zeta.ticket_id}", headers=zoe)).json()
    seen = 0
    for method, path in about():
        answer = await ask(client, method, path, url(path, brands.zeta), ana, brands)
        if f"{method} {path}" in HARMLESS | EMPTY:
            assert answer.text in {"", "[]"}
            continue
        assert answer.status_code in {403, 404}, (method, path, answer.text)
        assert not leaks(brands, answer.text), (method, path, answer.text)
        seen += 1
    assert seen > 25
    after = (await client.get(f"/api/v1/tickets/{brands.zeta.ticket_id}", headers=zoe)).json()
    assert after == before


async def test_the_same_requests_reach_ones_own(brands: Brands, served: Open) -> None:
    """Else the refusals above would prove nothing: what is no lead's business is done when it is about one's own brand."""
    _, client = served
    ana = await cookie(brands.ana)
    for method, path in about():
        if method == "DELETE":
            continue  # what follows needs it
        answer = await ask(client, method, path, url(path, brands.acme), ana, brands)
        assert answer.status_code != 404, (method, path, answer.text)
        assert answer.status_code != 422 or "merge" in path, (method, path, answer.text)


async def test_no_list_count_search_or_filter_tells_of_it(brands: Brands, served: Open) -> None:
    _, client = served
    ana, zeta = await cookie(brands.ana), brands.zeta
    asked = [
        *(
            f"tickets?view={view}"
            for view in ("all_open", "mine", "unassigned", "late", "waiting", "snoozed", "resolved")
        ),
        f"tickets?brand={zeta.brand_id}",
        f"tickets?account={zeta.account_id}",
        f"tickets?assignee={zeta.agent.agent_id}",
        f"tickets?brand={brands.acme.brand_id}&brand={zeta.brand_id}&state=open&state=waiting&state=closed",
        "tickets?label=vip&order=newest",
        f"tickets?q={MARK}",
        f"tickets?external_reference={MARK}",
        "tickets?q=ninazeta",
        f"tickets?q={MARK[:3]}&state=open",
        f"tickets?order=newest&cursor={encode('9999-01-01T00:00:00+00:00', 'tk_zzz')}",
        f"tickets?order=urgency&cursor={encode('1990-01-01T00:00:00+00:00', '1990-01-01T00:00:00+00:00', '')}",
        f"tickets/{brands.acme.ticket_id}?before={zeta.message_id}",
        *("customers", "customers?fields=id&fields=name", "tickets?view=all_open&fields=customer,preview"),
        *("brands", "accounts", "accounts/health", "sessions", "labels", "session", "policies", "networks"),
    ]
    for path in asked:
        answer = await client.get(f"/api/v1/{path}", headers=ana)
        assert answer.status_code == 200, (path, answer.text)
        told = leaks(brands, answer.text)
        if path.startswith("tickets?brand="):  # what was asked for is not an answer
            told = leaks(brands, json.dumps(answer.json()["items"]))
        assert not told, (path, told)
    everything = (await client.get("/api/v1/tickets/counts", headers=ana)).json()
    assert everything["all_open"] == 1
    for brand in (f"?brand={zeta.brand_id}", f"?brand={zeta.brand_id}&brand=br_none"):
        assert set((await client.get(f"/api/v1/tickets/counts{brand}", headers=ana)).json().values()) == {0}


async def test_ids_of_another_brand_inside_a_body_are_refused(brands: Brands, served: Open) -> None:
    _, client = served
    ana = await cookie(brands.ana) | {"idempotency-key": "k-87654321"}
    reply = {"text": "x", "lane": "private", "seen": None, "confirmed": True}
    for more in ({"parent_id": brands.zeta.message_id}, {"picture_ids": [brands.zeta.picture_id]}):
        answer = await client.post(f"/api/v1/tickets/{brands.acme.ticket_id}/replies", json=reply | more, headers=ana)
        assert answer.status_code in {404, 409, 422}, answer.text
        assert not [word for word in leaks(brands, answer.text) if word == MARK]
    merged = await client.post(
        f"/api/v1/customers/{brands.acme.customer_id}/merge", json={"other_id": brands.zeta.customer_id}, headers=ana
    )
    assert merged.status_code == 404
    connect = {"brand_id": brands.zeta.brand_id, "network": "lean", "fields": {"token": "x"}}
    assert (await client.post("/api/v1/accounts/connect", json=connect, headers=ana)).status_code in {403, 404}


async def test_no_event_number_tells_of_it(brands: Brands, served: Open) -> None:
    app, client = served
    ana, zeta = await cookie(brands.ana), brands.zeta
    async with transaction() as tx:
        last = await head(tx)
    for after in range(last + 1):
        answer = (await client.get(f"/api/v1/events?after={after}&limit=3", headers=ana)).json()
        assert not {event["brand_id"] for event in answer["events"]} & {zeta.brand_id}
        private = [event for event in answer["events"] if event["type"] not in {"agent.changed", "team.changed"}]
        assert not leaks(brands, json.dumps(private))  # who works in which team, every colleague may know
    async with app.console(ana["cookie"].partition("=")[2], after=0) as console:
        frames = await console.up_to(last)
        async with transaction() as tx:
            await prioritise_ticket(tx, zeta.agent, zeta.ticket_id, "high", None)
            await add_note(tx, zeta.agent, zeta.ticket_id, f"{MARK} more", "another")
        frames += await console.up_to(last + 2)
    told = events(frames)
    assert told
    private = [event for event in told if event["type"] not in {"agent.changed", "team.changed"}]
    assert not leaks(brands, json.dumps(private))


async def test_who_looks_at_it_is_told_to_nobody_else(brands: Brands, served: Open) -> None:
    app, _ = served
    async with transaction() as tx:
        last = await head(tx)
    async with (
        app.console(await signed_in(brands.ana), after=last) as ana,
        app.console(await signed_in(brands.zeta.agent), after=last) as zoe,
        app.console(await signed_in(brands.desk.lead), after=last) as lead,
    ):
        for console in (ana, zoe, lead):
            await console.frame()
        await ana.say(kind="presence", ticket_id=brands.zeta.ticket_id, doing="typing")  # it is not hers to type in
        await zoe.say(kind="presence", ticket_id=brands.zeta.ticket_id, doing="viewing")
        told = await lead.until(lambda frame: frame["kind"] == "presence")
        assert [one["agent_id"] for one in told[-1]["agents"]] == [brands.zeta.agent.agent_id]
        async with transaction() as tx:
            await prioritise_ticket(tx, brands.ana, brands.acme.ticket_id, "high", None)
        frames = await ana.until(lambda frame: frame["kind"] == "events")
    assert "presence" not in {frame["kind"] for frame in frames}
    assert not leaks(brands, json.dumps(frames))


async def test_a_merged_customer_shows_each_brand_its_own_tickets(brands: Brands, served: Open) -> None:
    _, client = served
    async with transaction() as tx:
        await merge_customers(tx, brands.desk.lead, brands.acme.customer_id, brands.zeta.customer_id)
    ana, zoe = await cookie(brands.ana), await cookie(brands.zeta.agent)
    for who, own, other in ((ana, brands.acme, brands.zeta), (zoe, brands.zeta, brands.acme)):
        for customer in (brands.acme.customer_id, brands.zeta.customer_id):
            answer = await client.get(f"/api/v1/customers/{customer}/tickets", headers=who)
            assert {card["id"] for card in answer.json()} <= {own.ticket_id}
            assert other.ticket_id not in answer.text
        opened = await client.get(f"/api/v1/tickets/{own.ticket_id}", headers=who)
        assert other.ticket_id not in opened.text
    answer = await client.get(f"/api/v1/tickets/{brands.acme.ticket_id}", headers=ana)
    assert MARK not in answer.text


def test_who_may_not_see_a_brand_is_not_told_that_it_exists(brands: Brands) -> None:
    with pytest.raises(BrandHidden) as refused:
        require(brands.ana, "edit_brand", brands.zeta.brand_id)
    assert refused.value.status == 404
