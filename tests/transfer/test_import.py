"""Imports: bad lines are named and the others taken, twice is once, a crash repeats nothing, history moves nothing."""

import importlib.util
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.agents.permit import Actor
from app.brands.attach import attach_account
from app.core import claim as queue
from app.core.clock import now
from app.core.transaction import transaction
from app.customers.describe import describe_customer
from app.customers.errors import CustomerNotFound
from app.customers.merge import merge_customers
from app.customers.queries import customers, find_customer
from app.sla.models import TicketClocks
from app.tickets.inbox import Filter, inbox
from app.tickets.models import Ticket
from app.tickets.queries import open_ticket
from app.transfer import work
from app.transfer.models import Job
from app.transfer.plan import cancel_job
from tests.access.given import a_key
from tests.conftest import Turned
from tests.given import a_desk, a_lean_account, a_second_brand, take_in
from tests.lean import Lean, a_post, lean_account
from tests.transfer.given import AT, as_file, everything, finish, imported, report, rows, upload

CUSTOMER = {"kind": "customer", "reference": "c1", "name": "Nina"}
TICKET = {"kind": "ticket", "reference": "t1", "customer": "c1", "opened_at": AT, "state": "open", "labels": ["vip"]}
POST = {"kind": "message", "reference": "m1", "ticket": "t1", "by": "customer", "text": "Where is it?", "posted_at": AT}
NOTE = {"kind": "note", "reference": "n1", "ticket": "t1", "text": "Called back"}


async def test_bad_lines_are_named_and_the_others_taken(database: str, lean: Lean) -> None:
    desk = await a_desk()
    await a_lean_account(desk)
    bad: list[tuple[object, str, str]] = [
        ("{not json", "", "not JSON"),
        ("[1]", "", "object"),
        ({"reference": "x"}, "/kind", "kind"),
        ({"kind": "planet", "reference": "x"}, "/kind", "kind"),
        ({**CUSTOMER, "reference": "c2", "nmae": "Nina"}, "/nmae", "Extra"),
        ({**CUSTOMER, "reference": "c3", "identities": [{"network": "lean"}]}, "/identities/0/server", "required"),
        ({**TICKET, "reference": "t2", "customer": "nobody"}, "/customer", "customer"),
        ({**TICKET, "reference": "t3", "opened_at": "yesterday"}, "/opened_at", "datetime"),
        ({**TICKET, "reference": "t4", "opened_at": 1700000000}, "/opened_at", "time"),
        ({**TICKET, "reference": "t5", "state": "snoozed"}, "/snoozed_until", "wakes"),
        ({**POST, "reference": "m2", "ticket": "t9"}, "/ticket", "ticket"),
        ({**POST, "reference": "m3", "url": "javascript:alert(1)"}, "/url", "https"),
        (
            {**POST, "reference": "m4", "segments": [{"kind": "link", "text": "x", "href": "data:x"}]},
            "/segments/0/href",
            "",
        ),
        ("x" * 1_000_001, "", "bytes"),
    ]
    data = as_file(CUSTOMER, *(line for line, _, _ in bad), "", TICKET, POST, NOTE)[:-1]  # the last line has no end
    job = await imported(desk.lead, data, desk.brand_id, cut=9_999)
    told = await report(desk.lead, job.id)
    assert [(one.line, one.place) for one in told] == [(n, place) for n, (_, place, _) in enumerate(bad, 2)]
    for one, (_, _, word) in zip(told, bad, strict=True):
        assert word.lower() in one.reason.lower(), one
    assert (job.state, job.lines, job.fresh, job.refused) == ("done", len(bad) + 5, 4, len(bad))
    assert await rows("tickets") == await rows("messages") == await rows("notes") == 1
    assert await rows("job_pieces") == 0


async def test_the_same_file_twice_changes_nothing_and_history_moves_nothing(database: str, lean: Lean) -> None:
    desk = await a_desk(agents=1)
    await a_lean_account(desk)
    async with transaction() as tx:
        await tx.execute(text("update brands set assignment = 'round_robin'"))
    closed = {**TICKET, "reference": "t2", "state": "closed", "assignee": "agent0@acme.example"}
    data = as_file(CUSTOMER, TICKET, closed, POST, NOTE, {**POST, "reference": "m2", "ticket": "t2"})
    first = await imported(desk.lead, data, desk.brand_id)
    assert (first.fresh, first.refused) == (6, 0)
    before = await everything()
    again = await imported(desk.lead, data, desk.brand_id)
    assert (again.fresh, again.already, again.refused) == (0, 6, 0)
    assert await everything() == before
    async with transaction() as tx:
        tickets = list(
            await tx.execute(text("select id, state, assignee_id, waiting, preview, labels from tickets order by id"))
        )
        opened = await open_ticket(tx, desk.lead, tickets[0].id)
        assert await tx.get(TicketClocks, tickets[0].id) is None
    assert [(t.state, t.assignee_id, t.waiting, t.preview, t.labels) for t in tickets] == [
        ("open", None, 1, "Where is it?", ["vip"]),
        ("closed", desk.agents[0].agent_id, 1, "Where is it?", ["vip"]),
    ]
    assert [fact.type for fact in opened.facts] == ["ticket.imported"]
    assert [fact.fact["messages"] for fact in opened.facts] == [1]
    assert [note.text for note in opened.notes] == ["Called back"]


async def test_who_writes_again_is_the_customer_that_was_imported(database: str, lean: Lean) -> None:
    desk = await a_desk()
    account = await a_lean_account(desk)
    post = a_post("p1", "nina", now(), "@acme hello")
    known = {"network": "lean", "server": account.server, "remote_id": post.author.remote_id, "handle": "nina"}
    job = await imported(desk.lead, as_file({**CUSTOMER, "identities": [known]}, TICKET, POST), desk.brand_id)
    assert job.refused == 0
    await take_in(account.id, post)
    assert await rows("customers") == 1
    async with transaction() as tx:
        assert await tx.scalar(text("select count(distinct customer_id) from tickets")) == 1


@pytest.mark.parametrize("into_one", [True, False])
async def test_who_became_one_with_somebody_since_is_found_as_who_remains(
    database: str, lean: Lean, *, into_one: bool
) -> None:
    desk = await a_desk()
    await a_lean_account(desk)
    brand = None if not into_one else desk.brand_id
    more = {} if into_one else {"brand": desk.brand_id}
    two = [{**CUSTOMER, "reference": name} for name in ("c1", "c2")]
    tickets = [{**TICKET, **more, "reference": f"t-{name}", "customer": name} for name in ("c1", "c2")]
    await imported(desk.lead, as_file(*two, *tickets), brand)
    async with transaction() as tx:
        first = select(Ticket.customer_id).order_by(Ticket.id)
        gone, kept = await tx.scalars(first)
        await merge_customers(tx, desk.lead, kept, gone)
    later = [{**TICKET, **more, "reference": f"late-{name}", "customer": name} for name in ("c1", gone)]
    done = await imported(desk.lead, as_file(*later), brand)
    assert (done.fresh, done.refused) == (2, 0)
    async with transaction() as tx:
        assert set(await tx.scalars(select(Ticket.customer_id))) == {kept}


async def test_a_crash_repeats_nothing(
    database: str, lean: Lean, turned: Turned, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await a_desk()
    await a_lean_account(desk)
    monkeypatch.setattr(work, "LINES", 3)
    lines = [CUSTOMER, TICKET, *({**POST, "reference": f"m{n}"} for n in range(10))]
    job_id = await upload(desk.lead, as_file(*lines), desk.brand_id, cut=100)
    assert await work.job_due()  # three lines are in
    async with transaction() as tx:
        assert len(await queue.claim(tx, Job, lease=work.LEASE)) == 1  # and here the process dies
    assert not await work.job_due()
    assert await rows("messages") == 1
    turned.set(turned.at + work.LEASE + timedelta(seconds=1))
    job = await finish(desk.lead, job_id)
    assert (job.state, job.lines, job.fresh, job.already) == ("done", 12, 12, 0)
    assert await rows("messages") == 10


async def test_a_value_that_the_database_cannot_hold_is_refused_alone(database: str, lean: Lean) -> None:
    desk = await a_desk()
    await a_lean_account(desk)
    far = {**TICKET, "reference": "t0", "customer": "c1", "labels": [], "language": "x"}
    async with transaction() as tx:
        await tx.execute(text("alter table tickets add constraint no_x check (language <> 'x') not valid"))
    job_id = await upload(desk.lead, as_file(CUSTOMER, far, TICKET), desk.brand_id)
    try:
        assert await work.job_due()  # all of the batch is undone
        assert await rows("customers") == await rows("tickets") == await rows("imported_references") == 0
        job = await finish(desk.lead, job_id)
    finally:
        async with transaction() as tx:
            await tx.execute(text("alter table tickets drop constraint no_x"))
    assert (job.state, job.fresh, job.refused) == ("done", 2, 1)
    assert [(one.line, one.reason) for one in await report(desk.lead, job.id)] == [
        (2, "The database cannot hold this line.")
    ]


async def test_a_cancelled_import_stops_where_it_is(database: str, lean: Lean, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await a_desk()
    await a_lean_account(desk)
    monkeypatch.setattr(work, "LINES", 2)
    job_id = await upload(desk.lead, as_file(CUSTOMER, TICKET, POST), desk.brand_id)
    assert await work.job_due()
    async with transaction() as tx:
        await cancel_job(tx, desk.lead, job_id)
    assert not await work.job_due()
    job = await finish(desk.lead, job_id)
    assert (job.state, await rows("tickets"), await rows("messages"), await rows("job_pieces")) == (
        "cancelled",
        1,
        0,
        0,
    )


async def test_the_wrong_file_stops(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await a_desk()
    monkeypatch.setattr(work, "MOST_REFUSED", 3)
    monkeypatch.setattr(work, "LINES", 2)
    job = await imported(desk.lead, as_file(*["no"] * 50), desk.brand_id)
    assert (job.state, job.refused) == ("failed", 4)


async def test_who_leads_one_brand_learns_nobody_of_another_by_a_handle(database: str, lean: Lean) -> None:
    desk = await a_desk(agents=1)
    account, other = await a_lean_account(desk), await a_second_brand(desk)
    post, connected = a_post("p1", "nina", now(), "@acme hello"), lean_account()
    await take_in(account.id, post)
    async with transaction() as tx:
        (nina,) = (await customers(tx, desk.agents[0], cursor=None, limit=9)).items
        await describe_customer(
            tx, desk.agents[0], nina.id, revision=nina.revision, name="Nina O.", note="Moves in May"
        )
        await attach_account(
            tx,
            desk.lead,
            other.brand_id,
            replace(connected, account=replace(connected.account, remote_id="id-zeta", handle="zeta")),
        )
    key = await a_key(desk.lead, "administer", "read", brands=[other.brand_id])
    narrow = Actor(key.key.id, "agent", frozenset([other.brand_id]), scopes=frozenset(["administer", "read"]))
    known = {"network": "lean", "server": account.server, "remote_id": post.author.remote_id, "handle": "nina"}
    file = as_file({**CUSTOMER, "identities": [known]}, {**TICKET, "reference": "z1"})
    for fresh in (2, 0):
        job = await imported(narrow, file, other.brand_id)
        assert (job.refused, job.fresh, job.already) == (0, fresh, 2 - fresh), await report(narrow, job.id)
    again = await imported(narrow, as_file({**CUSTOMER, "reference": "c9", "identities": [known]}), other.brand_id)
    assert (again.fresh, again.already) == (0, 1)
    async with transaction() as tx:
        (seen,) = (await customers(tx, narrow, cursor=None, limit=9)).items
        assert (seen.name, seen.note, [one.handle for one in seen.identities]) == ("Nina", "", ["nina"])
        assert seen.id != nina.id
        with pytest.raises(CustomerNotFound):
            await find_customer(tx, narrow, nina.id)
    job = await imported(desk.lead, as_file({**CUSTOMER, "reference": "c2", "identities": [known]}), other.brand_id)
    assert (job.fresh, job.already) == (0, 1)
    assert await rows("customers") == 2


async def test_what_imports_called_tickets_before_are_their_references_now(
    database: str, lean: Lean, here: Path
) -> None:
    desk = await a_desk()
    await a_lean_account(desk)
    named = {**TICKET, "reference": "Alt-Über/9"}
    await imported(desk.lead, as_file(CUSTOMER, named), desk.brand_id)
    (path,) = (here / "migrations" / "versions").glob("*_0016_*.py")
    spec = importlib.util.spec_from_file_location("migration", path)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    async with transaction() as tx:  # as the version before kept it
        await tx.execute(
            text("""
            with gone as (delete from ticket_references returning *), unsaid as (
              delete from search_entries e using gone where e.source_id = gone.brand_id || ':' || gone.reference)
            insert into imported_references select brand_id, 'ticket', reference, ticket_id from gone""")
        )
        assert (await inbox(tx, desk.lead, Filter(q="alt"))).items == []
    before = await imported(desk.lead, as_file(CUSTOMER, named), desk.brand_id)
    async with transaction() as tx:
        await tx.execute(text(migration._MOVE))
        for wanted in (Filter(reference="Alt-Über/9"), Filter(q="alt"), Filter(q="9")):
            (card,) = (await inbox(tx, desk.lead, wanted)).items
            assert card.references == ["Alt-Über/9"]
        assert await tx.scalar(text("select count(*) from imported_references where kind = 'ticket'")) == 0
    after = await imported(desk.lead, as_file(CUSTOMER, named), desk.brand_id)
    assert (before.fresh, after.fresh, await rows("tickets")) == (0, 0, 1)
