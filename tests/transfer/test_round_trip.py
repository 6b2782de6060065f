"""An export imported into an empty installation says the same, and into its own changes nothing."""

import asyncio
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select, text

from app.core.clock import now
from app.core.transaction import transaction
from app.customers.brought_customer import Named
from app.customers.describe import describe_customer
from app.customers.merge import merge_customers
from app.tickets.assign import assign_ticket
from app.tickets.bring_ticket import Opening, bring_ticket
from app.tickets.brought import Said
from app.tickets.errors import ReferenceTaken
from app.tickets.inbox import Filter, inbox
from app.tickets.label import label_ticket
from app.tickets.models import Ticket
from app.tickets.move import move_ticket
from app.tickets.note import add_note
from app.tickets.prioritise import prioritise_ticket
from app.tickets.queries import open_ticket
from app.tickets.refer import refer_ticket
from tests import postgres
from tests.given import HASH, Desk, a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post
from tests.transfer.given import compared, everything, exported, imported, read, rows


async def a_worked_desk() -> Desk:
    """Tickets of several people in several states, worked on by an agent."""
    desk = await a_desk(agents=1)
    account = await a_lean_account(desk)
    agent = desk.agents[0]
    at = now() - timedelta(days=3)
    said = [a_post(f"p{n}", f"nina{n}", at + timedelta(minutes=n), f"@acme où est <b>{n}</b>?") for n in range(6)]
    answer = a_post("own", "acme", at + timedelta(hours=1), "On its way", under="p0")
    await take_in(account.id, *said, answer)
    async with transaction() as tx:
        tickets = list(await tx.scalars(select(Ticket).order_by(Ticket.opened_at)))
    first, second, third = (one.id for one in tickets[:3])
    async with transaction() as tx:
        await add_note(tx, agent, first, "He called \u2014 twice", "n1")
        await label_ticket(tx, agent, first, ["vip", "parcel"], [], None)
        await prioritise_ticket(tx, agent, second, "urgent", None)
        await assign_ticket(tx, agent, third, agent.agent_id, None)
        await describe_customer(tx, agent, tickets[4].customer_id, revision=1, name=None, note="Prefers French")
        await refer_ticket(tx, agent, second, [("CASE 9", "https://crm.example/9"), ("shop/9", None)], [], None)
        customer = Named(reference="shop-88", name="Nora")
        await bring_ticket(tx, agent, Opening(desk.brand_id, "WEB-117", customer, Said("Where is it?", place="form")))
    async with transaction() as tx:
        await move_ticket(tx, agent, third, "resolved", None)
        await move_ticket(tx, agent, second, "snoozed", None, until=now() + timedelta(days=2))
        await tx.execute(
            text("update tickets set follows_id = :last where id = :first"), {"first": first, "last": tickets[3].id}
        )
        await merge_customers(tx, desk.lead, tickets[4].customer_id, tickets[5].customer_id)
    return desk


async def test_an_export_imported_into_an_empty_installation_says_the_same(
    wiping: tuple[psycopg.Connection, str], database: str, lean: Lean
) -> None:
    desk = await a_worked_desk()
    before = await exported(desk.lead)
    for secret in ("secret-token", HASH, "credentials"):
        assert secret not in before.decode()
    kinds = {line["kind"] for line in read(before)}
    assert kinds == {
        "brand",
        "agent",
        "team",
        "account",
        "label",
        "customer",
        "ticket",
        "message",
        "note",
        "follow",
        "fact",
    }
    await asyncio.to_thread(postgres.wipe, *wiping)

    elsewhere = await a_desk()
    log = await rows("events")
    done = await imported(elsewhere.lead, before)
    assert (done.state, done.refused, done.already) == ("done", 0, 2)  # its brand and its lead are here by name
    after = compared(await exported(elsewhere.lead))
    assert after == compared(before)
    assert await rows("timers") == await rows("ticket_clocks") == await rows("replies") == 0
    async with transaction() as tx:
        told: dict[str, int] = dict(
            (
                await tx.execute(text("select type, count(*) from events where seq > :log group by 1"), {"log": log})
            ).all()
        )
        found = await tx.scalar(text("select id from tickets where 'vip' = any(labels)"))
        ticket = await open_ticket(tx, elsewhere.lead, str(found))
    assert told == {"agent.changed": 1, "account.changed": 2, "ticket.imported": 7}
    assert [one.text for one in ticket.notes] == ["He called \u2014 twice"]

    # what other systems call tickets still leads to them, and opens none of them again
    async with transaction() as tx:
        lists = [await inbox(tx, elsewhere.lead, Filter(reference=name)) for name in ("CASE 9", "shop/9", "WEB-117")]
        (case,), (again,), (form,) = (page.items for page in lists)
        shown = (await open_ticket(tx, elsewhere.lead, case.id)).references
    assert (case.id, case.priority, form.network) == (again.id, "urgent", "interface")
    assert {(one.reference, one.url) for one in shown} > {("CASE 9", "https://crm.example/9"), ("shop/9", None)}
    with pytest.raises(ReferenceTaken):
        async with transaction() as tx:
            one = Opening(form.brand_id, "WEB-117", Named(reference="x"), Said("Where is it?"))
            await bring_ticket(tx, elsewhere.lead, one)

    stands = await everything()
    twice = await imported(elsewhere.lead, before)
    assert (twice.fresh, twice.refused, twice.already) == (0, 0, done.fresh + done.already)
    own = await imported(elsewhere.lead, await exported(elsewhere.lead))
    assert (own.fresh, own.refused) == (0, 0)
    changed = {name for name, count in (await everything()).items() if count != stands[name]}
    assert changed <= {"imported_references"}  # what things are called here is remembered, nothing else
