"""Deliveries: each event to whoever wants it, signed, in order for each ticket, whatever the receivers do."""

import asyncio
from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.core.settings import settings
from app.core.transaction import transaction
from app.hooks import post
from app.hooks.make import edit_webhook
from app.hooks.models import Delivery, Webhook
from app.hooks.views import WebhookView
from app.stream.events import WebhookDisabled
from app.tickets.events import NoteAdded
from tests.given import Desk, a_second_brand
from tests.hooks.receiver import NO, OK, Receiver, a_webhook, attempts, deliver, happen, moved, row, rows, some
from tests.rude import answer, rude_server


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange is given up after half a second."""
    monkeypatch.setattr(post, "SECONDS", 0.5)


async def edited(desk: Desk, view: WebhookView, **what: object) -> WebhookView:
    asked = {name: getattr(view, name) for name in ("name", "url", "types", "brand_ids", "full", "active")} | what
    async with transaction() as tx:
        return await edit_webhook(tx, desk.lead, view.id, revision=(await row(view.id)).revision, **asked)


async def all_due() -> None:
    """Let what waits for a later try be due now, and let rested addresses be asked."""
    async with transaction() as tx:
        await tx.execute(update(Delivery).where(Delivery.due_at.is_not(None)).values(due_at=now(), lease_until=None))
        await tx.execute(update(Webhook).values(rests_until=None))


async def test_what_happened_since_it_was_made_arrives_once_signed_and_in_order(desk: Desk, receiver: Receiver) -> None:
    await happen(moved(desk.brand_id, "tk_before"))
    made = await a_webhook(desk, receiver.url)
    await happen(*some(desk.brand_id, ["tk_a", "tk_b", "tk_c"], each=5))
    await deliver()
    lines = defaultdict(list)
    for one in receiver.arrived:
        assert one.signed_with(made.secret)
        assert one.id == f"evt_{one.body['data']['seq']}"
        if one.body["type"] == "ticket.moved":
            lines[one.body["data"]["ticket_id"]].append(one.seq)
    assert {ticket: len(line) for ticket, line in lines.items()} == {"tk_a": 5, "tk_b": 5, "tk_c": 5}
    assert all(line == sorted(line) for line in lines.values())
    assert len(set(receiver.seqs())) == len(receiver.arrived)
    assert {one.state for one in await rows(made.webhook.id)} == {"delivered"}
    assert {(one.status, one.answer, one.problem) for one in await attempts()} == {(200, "thanks", None)}


async def test_thin_says_ids_alone_and_full_says_what_it_says_in_the_log(desk: Desk, receiver: Receiver) -> None:
    for path, full in (("thin", False), ("full", True)):
        await a_webhook(desk, receiver.url + path, full=full, types=["ticket.moved"])
    await happen(moved(desk.brand_id, "tk_a"))
    await deliver()
    said = {one.path: one.body["data"] for one in receiver.arrived}
    assert set(said["/thin"]) == {"seq", "brand_id", "ticket_id", "agent_id"}
    assert said["/full"]["fact"]["to"] == "waiting"
    assert said["/full"]["card"] is None
    assert len({one.id for one in receiver.arrived}) == 1


async def test_each_hears_its_types_and_brands_and_nobody_but_those_for_all_what_leads_hear(
    desk: Desk, receiver: Receiver
) -> None:
    other = await a_second_brand(desk)
    for path, what in {
        "all": {},
        "notes": {"types": ["note.added"]},
        "acme": {"brand_ids": [desk.brand_id]},
        "zeta": {"brand_ids": [other.brand_id]},
    }.items():
        await a_webhook(desk, receiver.url + path, **what)
    async with transaction() as tx:
        start = max(await tx.scalars(select(Webhook.position)))
    note = NoteAdded(brand_id=other.brand_id, ticket_id="tk_z", note_id="nt_1")
    await happen(moved(desk.brand_id, "tk_a"), note, WebhookDisabled(webhook_id="wh_x", name="x", why="gone"))
    await deliver()
    heard = {path: [n - start for n in receiver.seqs(path) if n > start] for path in ("/notes", "/acme", "/zeta")}
    made = 1  # making the last of them is the first of these, and for leads
    assert heard == {"/notes": [made + 2], "/acme": [made + 1], "/zeta": [made + 2]}
    assert set(receiver.seqs("/all")) >= {start + made + n for n in range(4)}


async def test_what_waits_and_is_no_longer_wanted_is_taken_back(desk: Desk, receiver: Receiver) -> None:
    receiver.answering = lambda _: NO
    made = await a_webhook(desk, receiver.url, types=["ticket.moved", "note.added"])
    await happen(moved(desk.brand_id, "tk_a"), NoteAdded(brand_id=desk.brand_id, ticket_id="tk_b", note_id="nt_1"))
    await deliver()
    await edited(desk, made.webhook, types=["note.added"])
    assert [one.type for one in await rows(made.webhook.id)] == ["note.added"]


async def test_a_failing_ticket_waits_by_itself_keeps_its_order_and_its_ids(desk: Desk, receiver: Receiver) -> None:
    receiver.answering = lambda one: NO if one.body["data"]["ticket_id"] == "tk_bad" else OK
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(*some(desk.brand_id, ["tk_bad", "tk_good", "tk_fine"], each=3))
    await deliver()
    tickets = [one.body["data"]["ticket_id"] for one in receiver.arrived]
    assert sorted(tickets) == ["tk_bad"] + 3 * ["tk_fine"] + 3 * ["tk_good"]
    receiver.answering = lambda _: OK
    await all_due()
    await deliver()
    bad = [one for one in receiver.arrived if one.body["data"]["ticket_id"] == "tk_bad"]
    assert [one.seq for one in bad] == sorted([bad[0].seq, *{one.seq for one in bad}])
    assert bad[0].raw == bad[1].raw
    assert [one.tries for one in await rows(made.webhook.id) if one.ticket_id == "tk_bad"] == [2, 1, 1]


async def test_one_that_hangs_is_left_and_holds_nobody_up(
    desk: Desk, receiver: Receiver, hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: object) -> bytes:
        await asyncio.sleep(5)
        return OK

    receiver.answering = lambda one: hang(one) if one.path == "/dead" else OK
    dead = await a_webhook(desk, receiver.url + "dead", types=["ticket.moved"])
    await a_webhook(desk, receiver.url + "alive", types=["ticket.moved"])
    await happen(*some(desk.brand_id, [f"tk_{n}" for n in range(40)]))
    began = asyncio.get_running_loop().time()
    working = asyncio.create_task(deliver())
    while len(receiver.seqs("/alive")) < 40:
        await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < 30
    # a quarter of the hands at most, then one at a time, seldom
    assert len(receiver.seqs("/dead")) < 20
    await working
    assert {one.problem for one in await attempts() if one.problem} == {"timeout"}
    failing = await row(dead.webhook.id)
    assert failing.active
    assert failing.failures >= 5
    assert failing.rests_until > now() - timedelta(seconds=1)
    # with one that arrives all is well, and nothing waits for its own time any longer
    receiver.answering = lambda _: OK
    monkeypatch.setattr(post, "SECONDS", 15)  # however busy the machine is
    async with transaction() as tx:
        await tx.execute(update(Webhook).values(rests_until=None))
        one = await tx.scalar(select(Delivery).where(Delivery.due_at.is_not(None)).limit(1))
        one.due_at = now()
    await deliver()
    assert set(receiver.seqs("/dead")) == set(receiver.seqs("/alive"))
    assert (await row(dead.webhook.id)).failures == 0


@pytest.mark.parametrize(
    ("said", "problem", "status"),
    [
        (answer(b"", "Location: http://127.0.0.1:1/", status="302 Found"), "redirect", 302),
        (answer(b"no", status="404 Not Found"), "status", 404),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "timeout", None),
        (b"HTTP/1.1 200 OK\r\nX-", "timeout", None),
        (b"I am no server at all\r\n\r\n", "unreachable", None),
        (answer(b"\0\xff" + b"x" * 3_000_000), None, 200),
    ],
)
async def test_rude_answers(
    desk: Desk, receiver: Receiver, hurried: None, said: bytes, problem: str | None, status: int | None
) -> None:
    receiver.answering = lambda _: said
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(moved(desk.brand_id, "tk_a"))
    await deliver()
    (attempt,) = await attempts()
    assert (attempt.problem, attempt.status) == (problem, status)
    assert len(attempt.answer) <= 1000
    (delivery,) = await rows(made.webhook.id)
    assert delivery.state == ("waiting" if problem else "delivered")
    assert len(receiver.arrived) <= 1


async def test_one_that_drips_is_left_in_time(desk: Desk, hurried: None) -> None:
    async def drip(asked: object) -> None:
        asked.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            asked.writer.write(b"x")
            await asked.writer.drain()
            await asyncio.sleep(0.02)

    async with rude_server(drip) as url:
        await a_webhook(desk, url, types=["ticket.moved"])
        await happen(moved(desk.brand_id, "tk_a"))
        await deliver()
    (attempt,) = await attempts()
    assert attempt.problem == "timeout"
    assert attempt.latency_ms < 2000


async def test_a_name_that_moves_inside_after_the_check_gets_nothing(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await a_webhook(desk, receiver.url.replace("127.0.0.1", "localhost"), types=["ticket.moved"])
    await happen(moved(desk.brand_id, "tk_a"))
    monkeypatch.setattr(settings(), "allow_private_networks", False)
    await deliver()
    assert receiver.arrived == []
    assert [one.problem for one in await attempts()] == ["refused_address"]
    assert (await row(made.webhook.id)).failures == 1


async def test_gone_turns_it_off_at_once_and_turned_on_it_goes_on_where_it_stopped(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.answering = lambda _: answer(b"", status="410 Gone")
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(*some(desk.brand_id, [f"tk_{n}" for n in range(30)]))
    await deliver()
    asked = len(receiver.arrived)
    assert asked <= 8  # those on their way, and at most as many again
    off = await row(made.webhook.id)
    assert (off.active, off.off_why) == (False, "gone")
    await happen(moved(desk.brand_id, "tk_meanwhile"))
    await deliver()
    assert len(receiver.arrived) == asked
    receiver.answering = lambda _: OK
    await edited(desk, made.webhook, active=True)
    async with transaction() as tx:
        await tx.execute(update(Delivery).values(lease_until=None))
    await deliver()
    assert len(set(receiver.seqs())) == 31


async def test_after_three_days_of_failures_it_is_turned_off_and_leads_are_told(desk: Desk, receiver: Receiver) -> None:
    receiver.answering = lambda _: NO
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    async with transaction() as tx:
        webhook = await tx.get_one(Webhook, made.webhook.id)
        webhook.failures, webhook.failing_since = 40, now() - timedelta(days=3, hours=1)
    await happen(moved(desk.brand_id, "tk_a"))
    await deliver()
    assert (await row(made.webhook.id)).off_why == "failing"
    from app.stream.queries import events_after

    async with transaction() as tx:
        told = [e.type for e in (await events_after(tx, desk.lead, 0, 500)).events]
    assert told[-1] == "webhook.disabled"


async def test_a_delivery_is_given_up_after_its_last_try_and_the_next_of_its_ticket_goes_on(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.answering = lambda _: NO
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(moved(desk.brand_id, "tk_a"))
    for _ in range(8):
        await deliver()
        await all_due()
    await happen(moved(desk.brand_id, "tk_a"))
    receiver.answering = lambda _: OK
    await deliver()
    assert [(one.state, one.tries) for one in await rows(made.webhook.id)] == [("failed", 8), ("delivered", 1)]
    assert len(await attempts()) == 9


async def test_a_receiver_that_asks_for_time_gets_it(desk: Desk, receiver: Receiver) -> None:
    receiver.answering = lambda _: answer(b"", "Retry-After: 600", status="429 Too Many Requests")
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(moved(desk.brand_id, "tk_a"))
    await deliver()
    await happen(moved(desk.brand_id, "tk_b"))
    await deliver()
    assert len(receiver.arrived) == 1
    later = now() + timedelta(seconds=590)
    assert (await row(made.webhook.id)).rests_until > later
    assert (await rows(made.webhook.id))[0].due_at > later
