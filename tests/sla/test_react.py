"""What happens to a ticket moves its clocks inside the same commit."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core.eventlog import history, read_after
from app.core.transaction import transaction
from app.replies.events import ReplyCancelled, ReplyQueued, ReplySent
from app.sla.errors import ClockNotFound
from app.sla.models import TimerRow
from app.sla.queries import clock as clock_of
from app.sla.queries import clocks as clocks_of
from app.sla.queries import earlier_clocks
from app.sla.react import react
from app.sla.rebuild import rebuild_timers
from app.tickets.dismiss import dismiss_ticket
from app.tickets.note import add_note
from app.tickets.prioritise import prioritise_ticket
from app.tickets.vanish import vanish_messages
from tests.conftest import Statements, Turned
from tests.sla.stage import a_stage, minutes, only, post


async def types(ticket_id: str) -> list[tuple[str, str | None]]:
    async with transaction() as tx:
        return [(e.type, e.fact.get("metric")) for e in await history(tx, ticket_id)]


async def test_a_mention_starts_its_promises_at_the_networks_time(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = (await stage.say(post(at=turned.at - minutes(2))))[0]
    clocks = await stage.clocks(ticket)
    assert {name: one.state for name, one in clocks.items()} == {
        "first_reply": "running",
        "resolution": "running",
        "update": "running",
    }
    first = clocks["first_reply"]
    assert first.started_at == turned.at - minutes(2)
    assert (first.due_at, first.warn_at) == (turned.at + minutes(58), turned.at + minutes(43))
    row = await stage.row(ticket)
    assert (row.next_due_at, row.next_due_metric, row.next_warn_at) == (first.due_at, "first_reply", first.warn_at)
    kept = await stage.kept(ticket)
    assert kept is not None
    assert kept.next_at == first.warn_at
    async with transaction() as tx:
        log = await read_after(tx, 0)
    [started] = [e for e in log if e.type == "timer.started"]
    assert {one["metric"] for one in started.fact["timers"]} == set(clocks)
    assert started.card is not None
    assert started.card["next_due_metric"] == "first_reply"
    assert started.card["revision"] == row.revision


async def test_a_reply_meets_and_the_next_word_starts_again(database: str, turned: Turned) -> None:
    stage = await a_stage()
    first = post()
    ticket = (await stage.say(first))[0]
    turned.set(turned.at + minutes(20))
    await stage.reply(ticket)
    assert (await stage.clocks(ticket))["first_reply"].state == "met"
    await stage.move(ticket, "waiting")
    clocks = await stage.clocks(ticket)
    assert (clocks["resolution"].state, clocks["update"].state) == ("paused", "paused")
    assert (await stage.row(ticket)).next_due_at is None
    turned.set(turned.at + minutes(30))
    asked = turned.at - minutes(1)
    await stage.say(post(at=asked, answers=first))
    clocks = await stage.clocks(ticket)
    assert (clocks["next_reply"].state, clocks["next_reply"].due_at) == ("running", asked + minutes(120))
    assert clocks["resolution"].state == "running"
    assert clocks["resolution"].pauses[0].to == asked
    assert clocks["resolution"].due_at == turned.at - minutes(50) + timedelta(days=2) + minutes(29)
    assert ("timer.met", "first_reply") in await types(ticket)
    assert (await stage.row(ticket)).next_due_metric == "next_reply"


async def test_a_reply_taken_back_meets_nothing(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    await stage.reply(ticket, fact=ReplyCancelled)
    assert (await stage.clocks(ticket))["first_reply"].state == "running"


async def test_a_late_network_is_not_the_agents_fault(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    turned.set(turned.at + minutes(59))
    view = stage.reply_view(ticket)
    await stage.tell(ReplyQueued, view)
    turned.set(turned.at + minutes(5))
    await stage.tell(ReplySent, view.model_copy(update={"state": "sent", "sent_at": turned.at}))
    first = (await stage.clocks(ticket))["first_reply"]
    assert (first.state, first.cause, first.over_s) == ("breached", "delivery_delay", 240)


async def test_an_answer_from_a_phone_meets_the_promise(database: str, turned: Turned) -> None:
    stage = await a_stage()
    first = post()
    ticket = (await stage.say(first))[0]
    answered = turned.at + minutes(5)
    turned.set(turned.at + minutes(9))
    await stage.say(post("acme", answered, answers=first, role="own"))
    clocks = await stage.clocks(ticket)
    assert (clocks["first_reply"].state, clocks["first_reply"].met_at) == ("met", answered)
    assert (clocks["resolution"].state, clocks["resolution"].pauses[0].since) == ("paused", answered)


async def test_posts_from_before_start_no_promise(database: str, turned: Turned) -> None:
    stage = await a_stage()
    [ticket] = await stage.say(post(at=turned.at - timedelta(days=3)), old=True)
    assert await stage.clocks(ticket) == {}
    assert (await stage.row(ticket)).next_due_at is None
    assert await stage.kept(ticket) is None


async def test_taking_it_in_late_is_said(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket(at=turned.at - minutes(30))
    assert (await stage.clocks(ticket))["first_reply"].cause == "ingest_lag"


async def test_resolving_dismissing_and_vanishing_cancel_with_their_reason(database: str, turned: Turned) -> None:
    stage = await a_stage()
    resolved, dismissed, vanished = [await stage.ticket(name) for name in ("ada", "bob", "cem")]
    await stage.move(resolved, "resolved")
    async with transaction() as tx:
        await dismiss_ticket(tx, stage.lead, dismissed, "spam", None)
        message = await tx.scalar(text("select id from messages where ticket_id = :t").bindparams(t=vanished))
        await vanish_messages(tx, stage.brand_id, [message], why="deleted", at=turned.at)
    causes = {}
    for ticket in (resolved, dismissed, vanished):
        first = (await stage.clocks(ticket))["first_reply"]
        causes[first.cause] = first.state
    assert causes == dict.fromkeys(("resolved_without_reply", "spam", "upstream_deleted"), "cancelled")
    assert (await stage.row(resolved)).next_due_at is None


async def test_priority_changes_the_promise_and_keeps_what_was_consumed(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    began = turned.at
    turned.set(began + minutes(10))
    async with transaction() as tx:
        card = await prioritise_ticket(tx, stage.lead, ticket, "urgent", None)
    first = (await stage.clocks(ticket))["first_reply"]
    assert (first.target_s, first.due_at, first.cause) == (900, began + minutes(15), "priority_change")
    assert (await stage.row(ticket)).revision == card.revision  # a due time that moves makes no agent stale
    told = [t for t, _ in await types(ticket)]
    assert told.index("promise.changed") < told.index("ticket.prioritised")
    assert "timer.changed" in told


async def test_what_waits_in_a_duplicate_waits_in_the_ticket_it_was_closed_into(database: str, turned: Turned) -> None:
    stage = await a_stage()
    root = post(at=turned.at)
    first = (await stage.say(root))[0]
    await stage.reply(first)
    missing = post(at=turned.at + minutes(200), answers=root)
    turned.set(turned.at + minutes(230))
    second = next(t for t in await stage.say(post(at=turned.at, answers=missing)) if t != first)
    asked = turned.at
    turned.set(turned.at + minutes(5))
    await stage.say(missing)
    row = await stage.row(second)
    assert (row.dismissed, row.follows_id) == ("duplicate", first)
    assert (await stage.clocks(second))["first_reply"].cause == "duplicate"
    waiting = (await stage.clocks(first))["next_reply"]
    assert (waiting.started_at, waiting.state) == (asked - minutes(30), "running")
    await stage.say(post("acme", asked - minutes(10), answers=missing, role="own"))
    waiting = (await stage.clocks(first))["next_reply"]
    assert (waiting.cycle, waiting.started_at) == (2, asked)
    async with transaction() as tx:
        assert await rebuild_timers(tx, [first, second]) == {}


async def test_reacting_twice_moves_no_clock_twice(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    async with transaction() as tx:
        await prioritise_ticket(tx, stage.lead, ticket, "high", None)
        await react(tx)
        await react(tx)
    assert [t for t, _ in await types(ticket)].count("promise.changed") == 1


async def test_a_note_touches_no_clock(database: str, turned: Turned, statements: Statements) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    statements.clear()
    async with transaction() as tx:
        await add_note(tx, stage.lead, ticket, "Call back.", "k1")
    assert not [s for s in statements if "ticket_clocks" in s or "timers" in s]


async def test_every_cycle_is_kept_and_explained(database: str, turned: Turned) -> None:
    stage = await a_stage()
    first = post()
    ticket = (await stage.say(first))[0]
    for _ in range(3):
        turned.set(turned.at + minutes(10))
        await stage.reply(ticket)
        turned.set(turned.at + minutes(10))
        await stage.say(post(answers=first))
    rows = [
        (row.cycle, row.state, row.body is None) for row in await stage.timers(ticket) if row.metric == "next_reply"
    ]
    assert rows == [(1, "met", False), (2, "met", False)]  # the third still runs, and stands in the ticket's clocks
    async with transaction() as tx:
        now = await clocks_of(tx, stage.lead, ticket)
        assert [(c.cycle, c.state) for c in now.clocks if c.metric == "next_reply"] == [(3, "running")]
        pages, cursor = [], None
        while not pages or cursor:
            page = await earlier_clocks(tx, stage.lead, ticket, cursor=cursor, limit=2)
            pages.append(page.items)
            cursor = page.next
        lines = [line for page in pages for line in page]
        assert [len(page) for page in pages] == [2] * (now.earlier // 2) + [1] * (now.earlier % 2)
        assert lines == sorted(lines, key=lambda line: line.started_at, reverse=True)
        assert [(line.cycle, line.state) for line in lines if line.metric == "next_reply"] == [(2, "met"), (1, "met")]
        for line in [*lines, *now.clocks]:
            told = await clock_of(tx, stage.lead, ticket, line.metric, line.cycle)
            assert line.model_dump() == {
                name: value for name, value in told.model_dump().items() if name in line.model_dump()
            }
            assert told.history[0].what == "started"
            assert told.current == (line in now.clocks)
        with pytest.raises(ClockNotFound):
            await clock_of(tx, stage.lead, ticket, "next_reply", 4)


async def test_a_new_tickets_row_is_written_once_with_its_due_time(
    database: str, turned: Turned, statements: Statements
) -> None:
    stage = await a_stage()
    statements.clear()
    ticket = await stage.ticket()
    assert not [s for s in statements if "update tickets" in s]
    row, clocks = await stage.row(ticket), await stage.clocks(ticket)
    assert (row.next_due_at, row.next_due_metric, row.promise_revision) == (
        clocks["first_reply"].due_at,
        "first_reply",
        1,
    )
    assert row.next_warn_at == clocks["first_reply"].warn_at
    async with transaction() as tx:
        assert await rebuild_timers(tx, [ticket]) == {}


async def test_what_happens_after_a_ticket_was_foreseen_counts_all_the_same(database: str, turned: Turned) -> None:
    stage = await a_stage()
    async with transaction() as tx:
        (ticket,) = await stage.thread(tx, post())
        await prioritise_ticket(tx, stage.lead, ticket, "urgent", None)
    row, clocks = await stage.row(ticket), await stage.clocks(ticket)
    assert clocks["first_reply"].due_at == turned.at + minutes(15)
    assert (row.next_due_at, row.next_warn_at) == (clocks["first_reply"].due_at, clocks["first_reply"].warn_at)
    async with transaction() as tx:
        assert await rebuild_timers(tx, [ticket]) == {}


@pytest.mark.parametrize("again", [False, True])
async def test_a_page_of_eighty_costs_what_a_page_of_one_costs(
    database: str, statements: Statements, again: bool
) -> None:
    stage = await a_stage()
    await stage.ticket("warm")
    seen = {}
    for size in (1, 80):
        posts = [post(f"c{size}x{n}") for n in range(size)]
        if again:
            await stage.say(*posts)
            posts = [post(one.author.remote_id, answers=one) for one in posts]
        statements.clear()
        await stage.say(*posts)
        seen[size] = list(statements)
    assert len(seen[1]) == len(seen[80])
    ours = [s.replace("promise_revision", "") for s in seen[80]]
    ours = [s for s in ours if any(w in s for w in ("ticket_clocks", "into timers", "promise_", "team_members"))]
    assert len(ours) <= 6


async def test_a_failure_of_the_engine_loses_only_its_timers(database: str) -> None:
    stage = await a_stage()
    async with transaction() as tx:
        await tx.execute(text("alter table ticket_clocks add constraint broken check (not open)"))
    try:
        ticket = await stage.ticket()
    finally:
        async with transaction() as tx:
            await tx.execute(text("alter table ticket_clocks drop constraint broken"))
    row = await stage.row(ticket)
    assert (row.waiting, row.next_due_at, row.next_warn_at) == (1, None, None)
    assert await stage.clocks(ticket) == {}
    assert [t for t, _ in await types(ticket)] == ["ticket.opened", "message.received"]


async def test_a_database_that_fails_keeps_nothing_instead_of_losing_the_clocks(database: str) -> None:
    """A full disk, a deadlock, a lost connection: the deed is refused as a whole and tried again."""
    stage = await a_stage()
    async with transaction() as tx:
        await tx.execute(
            text(
                "create function full_disk() returns trigger language plpgsql as"
                " $$begin raise 'no space left' using errcode = '53100'; end$$"
            )
        )
        await tx.execute(
            text("create trigger full_disk before insert on ticket_clocks for each row execute function full_disk()")
        )
    try:
        with pytest.raises(OperationalError, match="no space left"):
            await stage.ticket()
    finally:
        async with transaction() as tx:
            await tx.execute(text("drop function full_disk cascade"))
    async with transaction() as tx:
        assert [e for e in await read_after(tx, 0) if e.ticket_id] == []
    ticket = await stage.ticket()
    assert await stage.clocks(ticket) != {}


async def test_one_tickets_broken_clocks_do_not_stop_the_others(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ann, bea = post("ann"), post("bea")
    broken = (await stage.say(ann))[0]
    sound = (await stage.say(bea))[0]
    async with transaction() as tx:
        await tx.execute(text("update ticket_clocks set clocks = '{}' where ticket_id = :t").bindparams(t=broken))
    turned.set(turned.at + minutes(5))
    await stage.say(post("acme", answers=ann, role="own"), post("acme", answers=bea, role="own"))
    assert (await stage.clocks(sound))["first_reply"].state == "met"
    assert (await stage.row(broken)).state == "waiting"


async def test_without_a_policy_clocks_measure_and_a_later_policy_finds_what_was_consumed(
    database: str, turned: Turned
) -> None:
    stage = await a_stage()
    await stage.change_policy(enabled=False)
    ticket = await stage.ticket()
    assert await stage.clocks(ticket) == {}
    async with transaction() as tx:
        assert (await tx.get(TimerRow, (ticket, "first_reply", 1))) is None
    began = turned.at
    turned.set(began + minutes(10))
    await stage.change_policy(enabled=True, targets=only("first_reply", 1800))
    first = (await stage.clocks(ticket))["first_reply"]
    assert (first.consumed_s, first.due_at, first.cause) == (600, began + minutes(30), "policy_change")
