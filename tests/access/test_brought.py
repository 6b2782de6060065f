"""What other systems bring with a key: tickets by a name of theirs, once; messages; names for tickets that are here."""

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import text

from app.core.clock import now
from app.core.transaction import transaction
from tests.access.given import a_key, ask, bears
from tests.given import take_in
from tests.lean import a_post
from tests.security.conftest import Open
from tests.security.stage import Brands, cookie, whole_app

Who = dict[str, str]


def a_form(brand_id: str, reference: str = "WEB-2026/117", **more: Any) -> dict[str, Any]:
    """What a form on a website would send."""
    return {
        "brand_id": brand_id,
        "external_reference": reference,
        "customer": {"reference": "shop-88", "name": "Nora Weiß", "handle": "nora@shop.example"},
        "message": {"text": "Where is my parcel?\n\nOrder https://shop.example/o/88", "place": "contact form"},
        **more,
    }


async def opened(client: httpx2.AsyncClient, who: Who, form: dict[str, Any]) -> dict[str, Any]:
    answer = await ask(client, "POST", "tickets", who, json=form)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/v1/tickets/{answer.json()['id']}"
    told: dict[str, Any] = answer.json()
    return told


async def opening(client: httpx2.AsyncClient, who: Who, form: dict[str, Any]) -> httpx2.Response:
    """As a client does: ask again as long as somebody else is just opening it."""
    while (answer := await ask(client, "POST", "tickets", who, json=form)).status_code == 409:
        assert (answer.json()["code"], answer.headers["retry-after"]) == ("still_running", "1")
        await asyncio.sleep(0.3)
    return answer


async def seen(client: httpx2.AsyncClient, who: Who, ticket_id: str) -> dict[str, Any]:
    told: dict[str, Any] = (await ask(client, "GET", f"tickets/{ticket_id}", who)).json()
    return told


async def add(client: httpx2.AsyncClient, who: Who, ticket_id: str, reference: str, **said: Any) -> httpx2.Response:
    body = {"external_reference": reference, "text": "And where is it now?", **said}
    return await ask(client, "POST", f"tickets/{ticket_id}/messages", who, json=body)


async def found(client: httpx2.AsyncClient, who: Who, asked: str) -> list[str]:
    return [one["id"] for one in (await ask(client, "GET", f"tickets?{asked}", who)).json()["items"]]


async def clocks(client: httpx2.AsyncClient, who: Who, ticket_id: str) -> dict[str, Any]:
    told = (await ask(client, "GET", f"tickets/{ticket_id}/clocks", who)).json()
    return {one["metric"]: one for one in told["clocks"]}


async def facts(ticket_id: str) -> list[tuple[str, str | None]]:
    async with transaction() as tx:
        query = text("select type, agent_id from events where ticket_id = :id and type not like 'timer.%' order by seq")
        return [(row.type, row.agent_id) for row in await tx.execute(query, {"id": ticket_id})]


async def test_a_form_opens_a_ticket_that_is_found_shown_promised_and_answered_elsewhere(
    brands: Brands, served: Open
) -> None:
    _, client = served
    acme, lead = brands.acme.brand_id, await cookie(brands.desk.lead)
    key = await a_key(brands.desk.lead, "work", brands=[acme])
    who, ana = bears(key), await cookie(brands.ana)
    said_at = now() - timedelta(minutes=3)
    form = a_form(acme, url="https://crm.example/117", labels=["Web Form"], priority="high")
    form["message"] |= {"said_at": said_at.isoformat(), "url": "https://shop.example/forms/117", "language": "en"}
    card = await opened(client, who, form)
    assert (card["network"], card["references"], card["labels"], card["priority"], card["state"]) == (
        "interface", ["WEB-2026/117"], ["web form"], "high", "open",
    )  # fmt: skip
    assert (card["customer"]["name"], card["customer"]["handle"]) == ("Nora Weiß", "nora@shop.example")
    first = (await clocks(client, ana, card["id"]))["first_reply"]
    assert (first["state"], first["started_at"]) == ("running", said_at.isoformat().replace("+00:00", "Z"))

    ticket = await seen(client, ana, card["id"])
    (message,) = ticket["messages"]
    assert (message["sent_by"], message["lane"], message["url"]) == (
        "contact form", "private", "https://shop.example/forms/117",
    )  # fmt: skip
    assert [part["kind"] for part in message["segments"]] == ["text", "paragraph", "text", "link"]
    (named,) = ticket["references"]
    assert (named["reference"], named["url"], named["agent_id"]) == (
        "WEB-2026/117", "https://crm.example/117", key.key.id,
    )  # fmt: skip
    assert [f for f in await facts(card["id"]) if f[1] != key.key.id] == []
    assert [kind for kind, _ in await facts(card["id"])] == [
        "ticket.opened", "message.received", "ticket.referred", "ticket.labelled", "ticket.prioritised",
    ]  # fmt: skip

    for asked in ("external_reference=WEB-2026/117", "q=web-2026", "q=parcel shop.example", "q=nora"):
        assert await found(client, ana, asked) == [card["id"]], asked
    assert await found(client, ana, "external_reference=WEB-2026/11") == []
    zoe = await cookie(brands.zeta.agent)
    assert await found(client, zoe, "external_reference=WEB-2026/117") == await found(client, zoe, "q=web-2026") == []

    assert (ticket["answerable"]["how"], ticket["answerable"]["url"]) == ("by_hand", message["url"])
    options = (await ask(client, "GET", f"tickets/{card['id']}/reply-options", ana)).json()
    assert (options["listens_only"], [lane["allowed"] for lane in options["lanes"]]) == (True, [False, False])
    wish = {"text": "Tomorrow", "lane": "private", "seen": message["id"]}
    refused = await ask(client, "POST", f"tickets/{card['id']}/replies", ana | {"idempotency-key": "r"}, json=wish)
    assert (refused.status_code, refused.json()["code"], refused.json()["url"]) == (
        409, "answer_by_hand", message["url"],
    )  # fmt: skip

    accounts = (await ask(client, "GET", f"accounts?brand={acme}", lead)).json()
    assert [(a["state"], a["name"]) for a in accounts if a["network"] == "interface"] == [("working", "Acme")]
    nowhere = {"brand_id": acme, "network": "interface", "fields": {}}
    assert (await ask(client, "POST", "accounts/connect", lead, json=nowhere)).json()["code"] == "network_refused"


async def test_what_cannot_be_opened_is_refused_and_leaves_nothing(brands: Brands, served: Open) -> None:
    _, client = served
    acme, zeta = brands.acme, brands.zeta
    who = bears(await a_key(brands.desk.lead, "work", brands=[acme.brand_id]))
    reader = bears(await a_key(brands.desk.lead, "read", "reply", "administer"))
    form = a_form(acme.brand_id)
    soon = (now() + timedelta(hours=1)).isoformat()
    for body, by, wanted in (
        (form, reader, (403, "scope_missing")),
        (a_form(zeta.brand_id), who, (404, "brand_hidden")),
        (a_form("br_none"), await cookie(brands.desk.lead), (404, "brand_not_found")),
        (form | {"customer": {"name": "Nobody"}}, who, (422, "customer_unnamed")),
        (form | {"customer": {"id": zeta.customer_id}}, who, (404, "customer_not_found")),
        (form | {"customer": {"reference": " x"}}, who, (422, "reference_invalid")),
        (form | {"external_reference": "a\nb"}, who, (422, "reference_invalid")),
        (form | {"external_reference": "x" * 201}, who, (422, "not_acceptable")),
        (form | {"message": {"text": " \n "}}, who, (422, "nothing_said")),
        (form | {"message": {"text": "x", "said_at": soon}}, who, (422, "said_in_the_future")),
        (form | {"message": {"text": "x", "said_at": "1989-12-31T00:00:00Z"}}, who, (422, "said_too_long_ago")),
        (form | {"message": {"text": "x", "url": "javascript:1"}}, who, (422, "not_acceptable")),
        (form | {"labels": ["x" * 41]}, who, (422, "label_invalid")),
    ):
        answer = await ask(client, "POST", "tickets", by, json=body)
        assert (answer.status_code, answer.json()["code"]) == wanted, body
    async with transaction() as tx:
        made = "select (select count(*) from ticket_references), (select count(*) from brand_accounts where network = 'interface')"
        assert (await tx.execute(text(made))).one() == (0, 0)


async def test_forty_at_once_open_one_ticket_and_another_form_of_that_name_is_told_of_it(
    brands: Brands, database: str, served: Open
) -> None:
    _, client = served
    acme, zeta = brands.acme.brand_id, brands.zeta.brand_id
    who = bears(await a_key(brands.desk.lead, "work"))
    form = a_form(acme)
    async with whole_app(database) as (_, elsewhere):
        asked = [opening(one, who, form) for one in (client, elsewhere) * 20]
        answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {201}
    (ticket_id,) = {answer.json()["id"] for answer in answers}
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 39
    assert [kind for kind, _ in await facts(ticket_id)] == ["ticket.opened", "message.received", "ticket.referred"]

    for other in (form | {"priority": "urgent"}, form | {"message": {"text": "Another"}}):
        refused = await ask(client, "POST", "tickets", who, json=other)
        assert (refused.status_code, refused.json()["type"], refused.json()["ticket_id"]) == (
            409, "/problems/reference_taken", ticket_id,
        )  # fmt: skip
    # what a brand calls something is that brand's, its customers too
    there = await opened(client, who, a_form(zeta))
    assert there["id"] != ticket_id
    assert there["customer"]["id"] != answers[0].json()["customer"]["id"]
    # the same customer asks twice, for two things
    second = await opened(client, who, a_form(acme, "WEB-2"))
    assert second["id"] != ticket_id
    assert second["customer"]["id"] == answers[0].json()["customer"]["id"]


async def test_messages_move_promises_as_those_of_a_network_do(brands: Brands, served: Open) -> None:
    _, client = served
    acme, ana = brands.acme.brand_id, await cookie(brands.ana)
    key = await a_key(brands.desk.lead, "work", brands=[acme])
    who = bears(key)
    first, second, third = ((now() - timedelta(minutes=m)).isoformat() for m in (30, 20, 10))
    form = a_form(acme)
    form["message"] |= {"said_at": first, "url": "https://shop.example/forms/117"}
    ticket_id = (await opened(client, who, form))["id"]
    answer = {"by": "brand", "text": "It is on its way", "place": "e-mail", "said_at": second}
    answered = await add(client, who, ticket_id, "out-1", **answer)
    assert answered.status_code == 201, answered.text
    told = answered.json()
    assert (told["kind"], told["agent_id"], told["sent_by"], told["external_reference"], told["ticket_id"]) == (
        "brand", None, "e-mail", "out-1", ticket_id,
    )  # fmt: skip
    ticket = await seen(client, ana, ticket_id)
    assert (ticket["card"]["state"], ticket["card"]["waiting"]) == ("waiting", 0)
    assert (await clocks(client, ana, ticket_id))["first_reply"]["state"] == "met"
    assert (await facts(ticket_id))[-2:] == [("ticket.answered_outside", key.key.id), ("ticket.moved", key.key.id)]

    assert (await add(client, who, ticket_id, "in-2", said_at=third)).status_code == 201
    ticket = await seen(client, ana, ticket_id)
    assert (ticket["card"]["state"], ticket["card"]["waiting"]) == ("open", 1)
    assert (ticket["answerable"]["how"], ticket["answerable"]["url"]) == ("by_hand", form["message"]["url"])
    assert [m["author"]["name"] for m in ticket["messages"]] == ["Nora Weiß", "Acme", "Nora Weiß"]
    before = await facts(ticket_id)
    again = await add(client, who, ticket_id, "in-2")
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (
        201, ticket["messages"][-1] | {"answerable": None}, "true",
    )  # fmt: skip
    taken = await add(client, who, ticket_id, "in-2", text="Something else")
    assert (taken.status_code, taken.json()["code"], taken.json()["message_id"]) == (
        409, "message_taken", again.json()["id"],
    )  # fmt: skip
    assert await facts(ticket_id) == before
    assert (await add(client, who, brands.zeta.ticket_id, "in-3")).status_code == 404

    # when it is over for good, what the customer says opens what follows it, and goes on there
    await ask(client, "POST", f"tickets/{ticket_id}/move", ana, json={"to": "resolved"})
    async with transaction() as tx:
        await tx.execute(text("update tickets set resolved_at = resolved_at - interval '8 days'"))
    later = [(await add(client, who, ticket_id, name)).json()["ticket_id"] for name in ("in-4", "in-5", "in-4")]
    assert len(set(later)) == 1
    followed = await seen(client, ana, later[0])
    assert (followed["card"]["follows_id"], len(followed["messages"])) == (ticket_id, 2)


async def test_a_networks_ticket_gets_a_case_of_a_crm_and_what_was_said_on_the_phone(
    brands: Brands, served: Open
) -> None:
    _, client = served
    acme, ana = brands.acme, await cookie(brands.ana)
    who = bears(await a_key(brands.desk.lead, "work", "read", brands=[acme.brand_id]))
    other = await opened(client, who, a_form(acme.brand_id))
    case = {"reference": "CASE 9", "url": "https://crm.example/9"}
    where = f"tickets/{acme.ticket_id}/references"
    revision = (await seen(client, who, acme.ticket_id))["card"]["revision"]
    stale = await ask(client, "POST", where, who | {"if-match": f'"{revision - 1}"'}, json={"add": [case]})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_ticket")
    given = await ask(client, "POST", where, who | {"if-match": f'"{revision}"'}, json={"add": [case]})
    assert (given.status_code, given.json()["references"]) == (200, ["CASE 9"])
    again = await ask(client, "POST", where, who, json={"add": [case], "remove": ["never"]})
    assert again.json() == given.json()
    taken = await ask(client, "POST", where, who, json={"add": [{"reference": "WEB-2026/117"}], "remove": ["CASE 9"]})
    assert (taken.status_code, taken.json()["ticket_id"]) == (409, other["id"])
    assert await found(client, who, "external_reference=CASE 9") == [acme.ticket_id]

    # who asked on the network and who filled in a form is one customer, and yet these are two tickets
    join = {"id": acme.customer_id, "reference": "shop-9"}
    form = await opened(client, who, a_form(acme.brand_id, "WEB-3", customer=join))
    assert (form["id"] != acme.ticket_id, form["customer"]["id"]) == (True, acme.customer_id)
    wrong = a_form(acme.brand_id, "WEB-4", customer={"id": acme.customer_id, "reference": "shop-88"})
    refused = await ask(client, "POST", "tickets", who, json=wrong)
    assert (refused.status_code, refused.json()["customer_id"]) == (409, other["customer"]["id"])

    written = a_post("acme-2", "ninaacme", now(), "@acme hello?", visibility="direct")
    assert (await take_in(acme.account_id, written)).ticket_ids == {acme.ticket_id}

    newest = await add(client, who, acme.ticket_id, "call-1", text="Called, and still waits")
    assert newest.status_code == 201
    ticket = await seen(client, ana, acme.ticket_id)
    assert ticket["answerable"] is None or ticket["answerable"]["how"] == "yes"
    assert ticket["messages"][-1]["answerable"]["how"] == "no"
    options = (await ask(client, "GET", f"tickets/{acme.ticket_id}/reply-options", ana)).json()
    (private,) = (lane for lane in options["lanes"] if lane["lane"] == "private")
    assert (private["allowed"], private["parent_id"]) == (True, ticket["messages"][-2]["id"])
    assert options["newest_message_id"] == newest.json()["id"]
    assert (await add(client, who, acme.ticket_id, "call-2", by="brand", text="Called back")).status_code == 201
    assert (await seen(client, ana, acme.ticket_id))["card"]["state"] == "waiting"

    gone = await ask(client, "POST", where, who, json={"remove": ["CASE 9"]})
    assert gone.json()["references"] == []
    assert await found(client, who, "external_reference=CASE 9") == await found(client, who, "q=case") == []
    assert (await opened(client, who, a_form(acme.brand_id, "CASE 9")))["references"] == ["CASE 9"]


async def test_a_reply_of_a_key_leaves_at_once_if_it_wants_and_is_known_as_its_own(
    brands: Brands, served: Open
) -> None:
    _, client = served
    key = await a_key(brands.desk.lead, "reply", "read", brands=[brands.acme.brand_id])
    who, where = bears(key), f"tickets/{brands.acme.ticket_id}"
    wish = {"text": "At once", "lane": "private", "seen": None, "confirmed": True, "undo_seconds": 0}
    sent = await ask(client, "POST", f"{where}/replies", who | {"idempotency-key": "at-once"}, json=wish)
    assert sent.status_code == 201, sent.text
    reply = sent.json()
    assert (reply["agent_id"], reply["due_at"]) == (key.key.id, reply["created_at"])
    assert (await facts(brands.acme.ticket_id))[-1] == ("reply.queued", key.key.id)
    names = {one["id"]: (one["name"], one["kind"]) for one in (await ask(client, "GET", "agents", who)).json()}
    assert names[key.key.id] == ("Shop", "key")


async def test_the_worked_example_of_the_documentation_works(brands: Brands, served: Open, here: Path) -> None:
    _, client = served
    who = bears(await a_key(brands.desk.lead, "work", brands=[brands.acme.brand_id]))
    told = (here / "docs" / "interface.md").read_text().partition("## Tickets from other systems")[2]
    asked = re.findall(
        r"curl https://desk.example/api/v1/(\S+) .*?-d '(.*?)'\n```", told.partition("\n## ")[0], re.DOTALL
    )
    assert [path for path, _ in asked] == [
        "tickets",
        "tickets/tk_…/messages",
        "tickets/tk_…/messages/edit",
        "tickets/tk_…/messages/withdraw",
        "tickets/tk_…/references",
    ]
    ticket_id = ""
    for path, body in asked:
        where = path.replace("tk_…", ticket_id)
        answer = await ask(client, "POST", where, who, json=json.loads(body.replace("br_…", brands.acme.brand_id)))
        assert answer.status_code in {200, 201}, answer.text
        ticket_id = ticket_id or answer.json()["id"]
    assert answer.json()["references"] == ["WEB-2026/117", "CASE 9"]
