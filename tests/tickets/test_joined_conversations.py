"""When conversations turn out to be one, what waited for us in either still waits in sight, and its promise runs on."""

from datetime import timedelta

from sqlalchemy import select

from app.agents.permit import Actor
from app.core.clock import now
from app.core.eventlog import read_after
from app.core.transaction import transaction
from app.tickets.models import Ticket
from app.tickets.move import move_ticket
from tests.conftest import Turned
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post


async def rows() -> list[Ticket]:
    async with transaction() as tx:
        return list(await tx.scalars(select(Ticket).order_by(Ticket.number)))


async def rest(lead: Actor, ticket_id: str) -> None:
    async with transaction() as tx:
        await move_ticket(tx, lead, ticket_id, "waiting", None)


async def test_a_ticket_that_waited_opens_for_the_question_it_inherits(
    database: str, lean: Lean, turned: Turned
) -> None:
    desk = await a_desk()
    account = await a_lean_account(desk)
    root = a_post("root", "zoe", now() - timedelta(hours=2), role="other")
    first = a_post("first", "nina", now() - timedelta(hours=1), under="root")
    await take_in(account.id, first)
    await take_in(account.id, a_post("ours", "acme", now() - timedelta(minutes=50), under="first"))
    async with transaction() as tx:
        assert [e.fact["to"] for e in await read_after(tx, 0) if e.type == "ticket.moved"] == ["waiting"]
    await take_in(account.id, a_post("second", "nina", now() - timedelta(minutes=40), under="lost"))
    assert [t.state for t in await rows()] == ["waiting", "open"]

    # the parent that was missing makes both one conversation
    await take_in(account.id, root, a_post("lost", "zoe", now() - timedelta(minutes=45), under="root", role="other"))
    kept, gone = await rows()
    assert (gone.state, gone.dismissed, gone.follows_id) == ("closed", "duplicate", kept.id)
    assert (kept.state, kept.waiting) == ("open", 1)
    assert kept.next_due_at is not None
    async with transaction() as tx:
        events = await read_after(tx, 0)
    moved = [e for e in events if e.type == "ticket.moved"][-1]
    assert (moved.ticket_id, moved.fact["before"], moved.fact["to"]) == (kept.id, "waiting", "open")
    last = [e for e in events if e.ticket_id == kept.id][-1]
    assert last.card is not None
    assert last.card["state"] == "open"


async def test_a_ticket_whose_duplicate_was_answered_rests_on(database: str, lean: Lean, turned: Turned) -> None:
    desk = await a_desk()
    account = await a_lean_account(desk)
    await take_in(account.id, a_post("first", "nina", now() - timedelta(hours=1), under="root"))
    await take_in(account.id, a_post("second", "nina", now() - timedelta(minutes=40), under="lost"))
    for ticket in await rows():
        await rest(desk.lead, ticket.id)
    await take_in(
        account.id,
        a_post("root", "zoe", now() - timedelta(hours=2), role="other"),
        a_post("lost", "zoe", now() - timedelta(minutes=45), under="root", role="other"),
    )
    assert [t.state for t in await rows()] == ["waiting", "closed"]


async def test_what_others_say_is_one_fact_for_each_ticket_and_page(database: str, lean: Lean, turned: Turned) -> None:
    desk = await a_desk()
    account = await a_lean_account(desk)
    asked = [a_post(f"q{n}", f"customer{n}", now() - timedelta(minutes=30), under="root") for n in range(3)]
    await take_in(account.id, a_post("root", "acme", now() - timedelta(hours=1)), *asked)
    chatter = [a_post(f"c{n}", f"guest{n}", now() - timedelta(minutes=n), under="root", role="other") for n in range(9)]
    await take_in(account.id, *chatter)
    async with transaction() as tx:
        facts = [e.fact for e in await read_after(tx, 0) if e.type == "ticket.context_added"]
    assert len(facts) == 3
    assert all(len(f["message_ids"]) == 9 for f in facts)
