"""What another system brought it may correct and take back, as authors on a network do: history, search and promises follow."""

from datetime import timedelta

from sqlalchemy import text

from app.core.clock import now
from app.core.transaction import transaction
from tests.access.given import a_key, ask, bears
from tests.access.test_brought import a_form, add, clocks, facts, found, opened, seen
from tests.security.conftest import Open
from tests.security.stage import Brands, cookie


async def test_a_message_is_corrected_once_and_what_it_said_before_is_kept(brands: Brands, served: Open) -> None:
    _, client = served
    acme, ana = brands.acme.brand_id, await cookie(brands.ana)
    key = await a_key(brands.desk.lead, "work", brands=[acme])
    who = bears(key)
    ticket_id = (await opened(client, who, a_form(acme)))["id"]
    await add(client, who, ticket_id, "in/2", text="The parcel is gone", language="en")
    before = (await seen(client, ana, ticket_id))["card"]
    promised = [(one["state"], one["due_at"]) for one in (await clocks(client, ana, ticket_id)).values()]
    where, body = f"tickets/{ticket_id}/messages/edit", {"external_reference": "in/2", "text": "The box is gone"}

    stale = await ask(client, "POST", where, who | {"if-match": f'"{before["revision"] - 1}"'}, json=body)
    assert (stale.status_code, stale.json()["code"], stale.json()["card"]["revision"]) == (
        409, "stale_ticket", before["revision"],
    )  # fmt: skip
    done = await ask(client, "POST", where, who | {"if-match": f'"{before["revision"]}"'}, json=body)
    assert (done.status_code, "idempotency-replayed" in done.headers) == (200, False), done.text
    told = done.json()
    assert (told["text"], told["language"], told["external_reference"]) == ("The box is gone", "en", "in/2")
    (version,) = told["versions"]
    assert (version["text"], version["until"]) == ("The parcel is gone", told["edited_at"])
    ticket = await seen(client, ana, ticket_id)
    assert (ticket["card"]["preview"], ticket["card"]["revision"]) == ("The box is gone", before["revision"] + 1)
    assert ticket["messages"][-1] | {"answerable": None} == told
    assert [(one["state"], one["due_at"]) for one in (await clocks(client, ana, ticket_id)).values()] == promised
    assert (await facts(ticket_id))[-1] == ("message.edited", key.key.id)
    assert await found(client, ana, "q=box") == [ticket_id]
    assert await found(client, ana, "q=gone parcel") == [ticket_id], "the first message speaks of it, too"

    # the same again, an older correction, and the first words under the same reference are no news
    long_ago = (now() - timedelta(minutes=1)).isoformat()
    log = await facts(ticket_id)
    for again in (body, body | {"text": "Older", "edited_at": told["posted_at"]}):
        answer = await ask(client, "POST", where, who, json=again)
        assert (answer.status_code, answer.json(), answer.headers["idempotency-replayed"]) == (200, told, "true")
    repeated = await add(client, who, ticket_id, "in/2", text="The parcel is gone")
    assert (repeated.status_code, repeated.headers["idempotency-replayed"]) == (201, "true")
    assert repeated.json() == told
    for wrong, wanted in (
        ({"text": "x", "external_reference": "in/3"}, (404, "message_not_found")),
        (body | {"text": " \n"}, (422, "nothing_said")),
        (body | {"text": "x", "edited_at": long_ago}, (422, "edited_before_said")),
        (body | {"text": "x", "edited_at": (now() + timedelta(hours=1)).isoformat()}, (422, "said_in_the_future")),
    ):
        answer = await ask(client, "POST", where, who, json=wrong)
        assert (answer.status_code, answer.json()["code"]) == wanted, wrong
    assert await facts(ticket_id) == log

    # without a reference it is the message that opened the ticket
    form = await ask(client, "POST", where, who, json={"text": "Where is my box?", "language": "nl"})
    assert (form.status_code, form.json()["id"]) == (200, ticket["messages"][0]["id"])
    assert await found(client, ana, "q=parcel") == []


async def test_what_is_taken_back_leaves_a_tombstone_and_waits_for_no_answer(brands: Brands, served: Open) -> None:
    _, client = served
    acme, ana = brands.acme.brand_id, await cookie(brands.ana)
    key = await a_key(brands.desk.lead, "work", brands=[acme])
    who = bears(key)
    ticket_id = (await opened(client, who, a_form(acme)))["id"]
    where = f"tickets/{ticket_id}/messages/withdraw"
    assert (await clocks(client, ana, ticket_id))["first_reply"]["state"] == "running"
    done = await ask(client, "POST", where, who, json={})
    assert (done.status_code, done.json()["vanished_why"]) == (200, "deleted"), done.text
    assert (await facts(ticket_id))[-1] == ("message.vanished", key.key.id)
    ticket = await seen(client, ana, ticket_id)
    assert (ticket["card"]["waiting"], ticket["card"]["next_due_metric"] != "first_reply") == (0, True)
    assert ticket["messages"][0]["text"].startswith("Where is my parcel?")
    assert (await clocks(client, ana, ticket_id))["first_reply"]["state"] == "cancelled"
    log = await facts(ticket_id)
    again = await ask(client, "POST", where, who, json={})
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (200, done.json(), "true")
    gone = await ask(client, "POST", f"tickets/{ticket_id}/messages/edit", who, json={"text": "x"})
    assert (gone.status_code, gone.json()["code"]) == (409, "message_withdrawn")
    assert await facts(ticket_id) == log

    # an answer given elsewhere that was none: the customer waits again
    await add(client, who, ticket_id, "in-2")
    await add(client, who, ticket_id, "out-1", by="brand", text="Solved")
    assert (await seen(client, ana, ticket_id))["card"]["waiting"] == 0
    assert (await ask(client, "POST", where, who, json={"external_reference": "out-1"})).status_code == 200
    assert (await seen(client, ana, ticket_id))["card"]["waiting"] == 1


async def test_what_a_network_said_and_what_others_see_cannot_be_touched(brands: Brands, served: Open) -> None:
    _, client = served
    acme, zeta = brands.acme, brands.zeta
    who = bears(await a_key(brands.desk.lead, "work", brands=[acme.brand_id]))
    every = bears(await a_key(brands.desk.lead, "work"))
    reader = bears(await a_key(brands.desk.lead, "read", "reply", "administer"))
    there = await opened(client, every, a_form(zeta.brand_id))
    await add(client, every, there["id"], "in-2")
    await opened(client, who, a_form(acme.brand_id))
    async with transaction() as tx:
        untouched = (await tx.execute(text("select id, text, vanished_at from messages order by id"))).all()
    for name, more in (("edit", {"text": "Changed"}), ("withdraw", {})):
        for by, ticket_id, reference, wanted in (
            (who, acme.ticket_id, None, (404, "message_not_found")),
            (who, acme.ticket_id, acme.message_id, (404, "message_not_found")),
            (who, there["id"], "in-2", (404, "ticket_not_found")),
            (reader, there["id"], "in-2", (403, "scope_missing")),
            (every, there["id"], "in-3", (404, "message_not_found")),
        ):
            body = more | ({} if reference is None else {"external_reference": reference})
            answer = await ask(client, "POST", f"tickets/{ticket_id}/messages/{name}", by, json=body)
            assert (answer.status_code, answer.json()["code"]) == wanted, (name, reference)
    async with transaction() as tx:
        assert (await tx.execute(text("select id, text, vanished_at from messages order by id"))).all() == untouched
