"""Folding the log again gives the same clocks; what differs is shown, and closed cycles stay unless wanted anew."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.agents.permit import NotAllowed
from app.core.transaction import transaction
from app.sla.rebuild import rebuild_all, rebuild_ticket, rebuild_timers
from app.tickets.dismiss import dismiss_ticket
from app.tickets.prioritise import prioritise_ticket
from tests.agents.people import colleague
from tests.conftest import Turned
from tests.sla.stage import Stage, a_stage, minutes, only, post, work


async def a_long_history(stage: Stage, turned: Turned) -> str:
    """Everything that can happen to a ticket's clocks, with a worker that looks now and then."""
    first = post()
    ticket = (await stage.say(first, received_at=turned.at + minutes(8)))[0]

    async def later(number: float) -> None:
        turned.set(turned.at + minutes(number))
        await work()

    await later(46)
    await stage.reply(ticket)
    await later(20)
    await stage.say(post(at=turned.at - minutes(4), answers=first))
    await later(50)
    async with transaction() as tx:
        await prioritise_ticket(tx, stage.lead, ticket, "high", None)
    await later(40)
    await stage.move(ticket, "waiting")
    await later(300)
    await stage.say(post(answers=first))
    await stage.change_policy(targets=[*only("next_reply", 1800), *only("resolution", 36_000, warn={"percent": 50})])
    await later(45)
    await stage.say(post("acme", turned.at - minutes(1), answers=first, role="own"))
    await stage.move(ticket, "resolved")
    await later(5)
    await stage.say(post(answers=first))
    async with transaction() as tx:
        await dismiss_ticket(tx, stage.lead, ticket, "spam", None)
    await later(1)
    await stage.move(ticket, "open")
    await later(1000)
    return ticket


async def snapshot(stage: Stage, ticket: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """All that is written down, but for the working time of what still runs, which is as of the last writing."""
    kept = await stage.kept(ticket)
    assert kept is not None
    unlike = {"_sa_instance_state", "generation", "consumed_s", "over_s"}
    rows = [kept, *await stage.timers(ticket)]
    [clocks, *timers] = [{k: v for k, v in vars(row).items() if k not in unlike} for row in rows]
    return clocks, timers


async def test_the_log_folded_again_gives_the_same_clocks_to_the_microsecond(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await a_long_history(stage, turned)
    before = await snapshot(stage, ticket)
    assert {row["state"] for row in before[1]} == {"met", "breached", "cancelled"}
    async with transaction() as tx:
        assert await rebuild_timers(tx, [ticket]) == {}
    assert await snapshot(stage, ticket) == before


async def test_lost_clocks_come_back_from_the_log(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    async with transaction() as tx:
        await tx.execute(text("delete from timers"))
        await tx.execute(text("delete from ticket_clocks"))
    told: list[str] = []
    assert await rebuild_all(told.append) == 1
    number = (await stage.row(ticket)).number
    assert told[0] == f"#{number} first_reply 1: started_at, due_at, state"
    assert told[-1] == "1 tickets looked at, 1 different"
    assert (await stage.clocks(ticket))["first_reply"].due_at == turned.at + minutes(60)
    assert await rebuild_all(told.append) == 0


async def test_closed_cycles_stay_frozen_unless_a_lead_wants_them_anew(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    turned.set(turned.at + minutes(20))
    await stage.reply(ticket)
    await stage.change_policy(targets=only("first_reply", 600))
    async with transaction() as tx:
        assert await rebuild_timers(tx, [ticket]) == {}
    assert (await stage.clocks(ticket))["first_reply"].state == "met"
    async with transaction() as tx:
        found = await rebuild_ticket(tx, stage.lead, ticket, anew=True)
    first = next(one for one in found if one.metric == "first_reply")
    assert first.before is not None
    assert first.after is not None
    assert (first.before.state, first.after.state) == ("met", "breached")
    assert "breached_at" in first.fields
    assert (await stage.clocks(ticket))["first_reply"].over_s == 600
    assert {row.metric for row in await stage.timers(ticket)} == {"first_reply"}
    async with transaction() as tx:
        assert await rebuild_timers(tx, [ticket]) == {}
    turned.set(turned.at + timedelta(days=1))
    await stage.change_policy(targets=only("resolution", 2 * 86_400))
    async with transaction() as tx:
        assert await rebuild_timers(tx, [ticket]) == {}
    assert (await stage.clocks(ticket))["resolution"].state == "running"


async def test_only_leads_rebuild(database: str) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    with pytest.raises(NotAllowed):
        async with transaction() as tx:
            await rebuild_ticket(tx, colleague("ag_x", stage.brand_id), ticket, anew=True)
