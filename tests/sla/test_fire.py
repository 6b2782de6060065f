"""What is due is noticed at once, dated with its due time, by one worker only, and after any downtime."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from app.core import clock
from app.core.clock import now
from app.core.eventlog import history
from app.core.loop import run_loop
from app.core.transaction import transaction
from app.core.wake import Listener
from app.replies.events import ReplyFailed
from app.sla.fire import fire_due, next_firing
from app.sla.rebuild import rebuild_timers
from tests.conftest import Statements, Turned
from tests.sla.stage import a_stage, minutes, only, post, work


async def facts(ticket_id: str, kind: str) -> list[dict[str, object]]:
    async with transaction() as tx:
        return [e.fact for e in await history(tx, ticket_id) if e.type == kind]


async def test_warning_then_breach_then_a_late_answer(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    began = turned.at
    assert await next_firing() == began + minutes(45)
    assert not await fire_due()
    turned.set(began + minutes(45))
    assert await fire_due()
    assert not await fire_due()
    assert (await facts(ticket, "timer.warned"))[0]["metric"] == "first_reply"
    assert (await stage.row(ticket)).next_warn_at == began + minutes(45)
    assert await next_firing() == began + minutes(60)
    turned.set(began + minutes(60))
    await work()
    assert (await stage.clocks(ticket))["first_reply"].state == "breached"
    row = await stage.row(ticket)
    assert (row.next_due_at, row.next_due_metric) == (began + minutes(60), "first_reply")
    turned.set(began + minutes(70))
    await stage.reply(ticket)
    [met] = [fact for fact in await facts(ticket, "timer.met") if fact["metric"] == "first_reply"]
    assert met["breached_at"] == (began + minutes(60)).isoformat().replace("+00:00", "Z")
    assert len(await facts(ticket, "timer.breached")) == 1
    assert (await stage.row(ticket)).next_due_metric == "update"


async def test_after_downtime_nothing_is_lost_or_dated_wrongly(database: str, turned: Turned) -> None:
    stage = await a_stage()
    first, second = await stage.ticket("ann"), await stage.ticket("bea", at=turned.at - minutes(7))
    began = turned.at
    turned.set(began + timedelta(days=3))
    await work()
    for ticket, due in ((first, began + minutes(60)), (second, began + minutes(53))):
        clocks = await stage.clocks(ticket)
        assert {name: one.state for name, one in clocks.items()} == dict.fromkeys(clocks, "breached")
        assert (clocks["first_reply"].breached_at, clocks["first_reply"].detected_at) == (due, turned.at)
        told = await facts(ticket, "timer.breached")
        assert {fact["metric"] for fact in told} == {"first_reply", "resolution", "update"}
        assert not await facts(ticket, "timer.warned")
    assert await next_firing() is None


async def test_an_answer_that_arrived_before_the_worker_looked_withdraws_nothing_it_should_not(
    database: str, turned: Turned
) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    began = turned.at
    turned.set(began + minutes(90))
    await stage.reply(ticket)
    first = (await stage.clocks(ticket))["first_reply"]
    assert (first.state, first.breached_at, first.over_s) == ("breached", began + minutes(60), 1800)
    told = await facts(ticket, "timer.breached")
    assert [fact["metric"] for fact in told] == ["first_reply"]


async def test_an_acceptance_told_late_withdraws_the_breach(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    began = turned.at
    turned.set(began + minutes(61))
    await work()
    assert (await stage.row(ticket)).next_due_at == began + minutes(60)
    await stage.reply(ticket, sent_at=began + minutes(59))
    first = (await stage.clocks(ticket))["first_reply"]
    assert (first.state, first.breached_at) == ("met", None)
    assert (await stage.row(ticket)).next_due_metric == "update"


async def test_a_breach_is_noticed_within_a_second_by_a_sleeping_worker(database: str) -> None:
    stage = await a_stage()
    await stage.change_policy(targets=only("first_reply", 15))
    clock.turn(timedelta(0))
    listener = Listener(database)
    listening, stop = asyncio.create_task(listener.run()), asyncio.Event()
    woken = listener.event("timers")
    loop = asyncio.create_task(run_loop("timers", fire_due, next_firing, woken, stop))
    await listener.connected.wait()
    await asyncio.sleep(0.2)  # it found nothing to do and went to sleep for 15 s
    ticket = await stage.ticket(at=now() - timedelta(seconds=14))
    async with asyncio.timeout(5):
        while not (told := await facts(ticket, "timer.breached")):  # noqa: ASYNC110 - another task commits it
            await asyncio.sleep(0.05)
    stop.set()
    await loop
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    clocks = await stage.clocks(ticket)
    first = clocks["first_reply"]
    assert first.breached_at == first.due_at
    assert first.detected_at is not None
    assert first.due_at is not None
    assert timedelta(0) <= first.detected_at - first.due_at < timedelta(seconds=1)
    assert len(told) == 1


async def test_eight_workers_notice_each_breach_once(database: str, turned: Turned) -> None:
    stage = await a_stage()
    await stage.change_policy(targets=only("first_reply", 60))
    tickets = await stage.say(*[post(f"c{n}") for n in range(120)])
    turned.set(turned.at + minutes(2))
    await asyncio.gather(*(work() for _ in range(8)))
    await work()
    async with transaction() as tx:
        count = await tx.scalar(text("select count(*) from events where type = 'timer.breached'"))
    assert count == len(tickets) == 120


async def test_what_a_verb_holds_is_left_to_it_and_noticed_right_after(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    turned.set(turned.at + minutes(61))
    async with transaction() as holding:
        await holding.execute(text("select 1 from tickets where id = :t for update").bindparams(t=ticket))
        assert not await fire_due()
        due = await next_firing()
        assert due is not None
        assert timedelta(0) < due - turned.at <= timedelta(seconds=0.5)
    assert await fire_due()
    assert await facts(ticket, "timer.breached")


async def test_the_cost_follows_what_is_due_not_what_is_open(
    database: str, turned: Turned, statements: Statements
) -> None:
    stage = await a_stage()
    began, costs = turned.at, []
    for size in (1, 40):
        await stage.say(*[post(f"c{size}x{n}", at=began - minutes(61)) for n in range(size)])
        statements.clear()
        assert await fire_due()
        costs.append(len(statements))
        assert not await fire_due()
    assert costs[0] == costs[1]


async def test_verbs_workers_and_networks_at_once_lose_no_clock(database: str) -> None:
    """A reply that fails holds no ticket, a verb does, the worker takes both: nobody waits in a circle."""
    stage = await a_stage()
    await stage.change_policy(targets=only("first_reply", 15))
    tickets = await stage.say(*[post(f"c{n}", at=now() - timedelta(seconds=20)) for n in range(12)])

    async def verb(ticket: str) -> None:
        for to in ("on_hold", "open", "on_hold", "open"):
            await stage.move(ticket, to)

    async def network(ticket: str) -> None:
        for _ in range(4):
            await stage.reply(ticket, fact=ReplyFailed)

    jobs = [job(ticket) for ticket in tickets for job in (verb, network)]
    await asyncio.gather(*jobs, work(), work())
    await work()
    for ticket in tickets:
        assert len(await facts(ticket, "timer.breached")) == 1
    async with transaction() as tx:
        assert await rebuild_timers(tx, tickets) == {}


async def test_clocks_that_cannot_be_read_are_put_off_and_stop_nobody(database: str, turned: Turned) -> None:
    stage = await a_stage()
    broken, sound = await stage.ticket("ann"), await stage.ticket("bea")
    async with transaction() as tx:
        await tx.execute(text("update ticket_clocks set clocks = '{}' where ticket_id = :t").bindparams(t=broken))
    turned.set(turned.at + minutes(61))
    await work()
    assert await facts(sound, "timer.breached")
    kept = await stage.kept(broken)
    assert kept is not None
    assert kept.next_at == turned.at + minutes(5)
