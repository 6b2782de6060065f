"""Leads write policies and calendars; what is impossible is refused with the reason, and running clocks follow."""

from typing import Any

import pytest

from app.agents.permit import NotAllowed
from app.brands.edit import create_brand
from app.core.eventlog import read_after
from app.core.transaction import transaction
from app.sla.asks import CalendarAsk, EditCalendarAsk, EditPolicyAsk, PolicyAsk
from app.sla.edit import (
    create_calendar,
    create_policy,
    delete_calendar,
    delete_policy,
    order_policies,
    save_calendar,
    save_policy,
)
from app.sla.errors import (
    BadValue,
    CalendarInUse,
    CalendarNameTaken,
    CalendarNeverOpen,
    OrderIncomplete,
    PolicyInUse,
    PolicyNameTaken,
    StaleCalendar,
    StalePolicy,
    TargetOutOfReach,
    UnknownCondition,
)
from app.sla.fire import fire_due, next_firing
from app.sla.queries import calendars, policies
from app.sla.views import CalendarView, PolicyView
from app.tickets.label import label_ticket
from tests.agents.people import colleague
from tests.conftest import Turned
from tests.sla.stage import Stage, a_stage, minutes, only, post, work

OFFICE: dict[str, Any] = {
    "name": "Office",
    "tz": "Europe/Berlin",
    "hours": {day: [["09:00", "17:00"]] for day in ("Mon", "Tue", "Wed", "Thu", "Fri")},
}


async def a_policy(stage: Stage, **values: Any) -> PolicyView:
    async with transaction() as tx:
        ask = PolicyAsk.model_validate({"name": "Other", "targets": only("first_reply", 600), **values})
        return await create_policy(tx, stage.lead, ask)


async def a_calendar(stage: Stage, **values: Any) -> CalendarView:
    async with transaction() as tx:
        return await create_calendar(tx, stage.lead, CalendarAsk.model_validate({**OFFICE, **values}))


async def test_the_first_brand_brings_a_promise_once(database: str) -> None:
    stage = await a_stage()
    async with transaction() as tx:
        [policy], [calendar] = await policies(tx, stage.lead), await calendars(tx, stage.lead)
    assert (policy.name, policy.calendar_id, calendar.always) == ("Standard", calendar.id, True)
    urgent = next(t for t in policy.targets if (t.metric, t.priority) == ("first_reply", "urgent"))
    assert urgent.seconds == 900
    async with transaction() as tx:
        await delete_policy(tx, stage.lead, policy.id, policy.revision)
        await create_brand(tx, stage.lead, name="Second", colour="#112233")
    async with transaction() as tx:
        assert await policies(tx, stage.lead) == []


async def test_a_change_keeps_what_was_consumed_and_is_never_due_before_it(database: str, turned: Turned) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    began = turned.at
    turned.set(began + minutes(30))
    await stage.change_policy(targets=only("first_reply", 2700))
    first = (await stage.clocks(ticket))["first_reply"]
    assert (first.consumed_s, first.due_at, first.cause) == (1800, began + minutes(45), "policy_change")
    assert (await stage.row(ticket)).next_due_at == began + minutes(45)
    turned.set(began + minutes(40))
    await stage.change_policy(targets=only("first_reply", 60))
    first = (await stage.clocks(ticket))["first_reply"]
    assert (first.state, first.due_at) == ("breached", turned.at)
    assert (await stage.clocks(ticket))["resolution"].state == "cancelled"


async def test_a_change_reaches_every_open_ticket_batch_by_batch(database: str, turned: Turned) -> None:
    stage = await a_stage()
    tickets = await stage.say(*[post(f"c{n}") for n in range(120)])
    done = await stage.ticket("done")
    await stage.move(done, "resolved")
    policy = await stage.policy()
    async with transaction() as tx:
        ask = EditPolicyAsk.model_validate(
            {"name": "Standard", "targets": only("first_reply", 1200), "revision": policy.revision}
        )
        await save_policy(tx, stage.lead, policy.id, ask)
    assert (await stage.row(tickets[0])).next_due_at == turned.at + minutes(60)
    due = await next_firing()
    assert due is not None
    assert (due - turned.at).total_seconds() < 1
    assert await fire_due()
    await work()
    assert {(await stage.row(one)).next_due_at for one in tickets} == {turned.at + minutes(20)}
    kept = await stage.kept(done)
    assert kept is not None
    assert not kept.open


async def test_another_policy_holds_when_labels_change(database: str, turned: Turned) -> None:
    stage = await a_stage()
    vip = await a_policy(stage, name="VIP", conditions={"labels": ["vip"], "brands": [stage.brand_id]})
    async with transaction() as tx:
        await order_policies(tx, stage.lead, [vip.id, (await policies(tx, stage.lead))[0].id])
    await work()
    ticket = await stage.ticket()
    first = (await stage.clocks(ticket))["first_reply"]
    assert first.policy.name == "Standard"
    assert [(one.name, one.trait) for one in first.policy.passed_over] == [("VIP", "label")]
    async with transaction() as tx:
        await label_ticket(tx, stage.lead, ticket, ["vip"], [], None)
    first = (await stage.clocks(ticket))["first_reply"]
    assert (first.policy.name, first.target_s, first.cause) == ("VIP", 600, "policy_change")
    assert [(one.trait, one.name or one.value) for one in first.policy.why] == [("brand", "Acme"), ("label", "vip")]


async def test_a_calendar_counts_and_its_change_is_said(database: str, turned: Turned) -> None:
    stage = await a_stage()
    office = await a_calendar(stage)
    await stage.change_policy(calendar_id=office.id)
    ticket = await stage.ticket(at=turned.at)
    first = (await stage.clocks(ticket))["first_reply"]
    assert first.due_at == turned.at + minutes(60)
    closed = {**OFFICE, "overrides": {"2026-03-04": []}, "revision": office.revision}
    turned.set(turned.at + minutes(15))
    async with transaction() as tx:
        await save_calendar(tx, stage.lead, office.id, EditCalendarAsk.model_validate(closed))
    await work()
    first = (await stage.clocks(ticket))["first_reply"]
    assert first.cause == "calendar_change"
    assert first.due_at is not None
    assert first.due_at.isoformat() == "2026-03-05T08:45:00+00:00"
    assert first.consumed_s == 900


async def test_holidays_of_a_country_a_feed_and_by_hand_are_days_off_unless_switched_off(
    database: str, turned: Turned
) -> None:
    stage = await a_stage()
    feed = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260305\r\n"
        "SUMMARY:Outing\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    office = await a_calendar(
        stage,
        country="DE",
        feed=feed,
        by_hand=[{"day": "2026-03-06", "name": "Move"}, {"day": "2026-03-09", "name": "Rest"}],
        switched_off=["2026-03-09"],
    )
    await stage.change_policy(calendar_id=office.id, targets=only("first_reply", 8 * 3600))
    ticket = await stage.ticket(at=turned.at)
    due = (await stage.clocks(ticket))["first_reply"].due_at
    assert due is not None
    assert due.isoformat() == "2026-03-09T10:00:00+00:00"
    easter = await stage.ticket("eva", at=turned.at.replace(month=4, day=2, hour=14))
    due = (await stage.clocks(easter))["first_reply"].due_at
    assert due is not None
    assert due.isoformat() == "2026-04-07T14:00:00+00:00"


@pytest.mark.parametrize(
    ("values", "error", "field"),
    [
        ({"hours": {}}, CalendarNeverOpen, "hours"),
        ({"tz": "Mars/Olympus"}, BadValue, "tz"),
        ({"hours": {"Mon": [["09:00", "25:00"]]}}, BadValue, "hours.Mon[0][1]"),
        ({"country": "XX"}, BadValue, "country"),
        ({"subdivision": "BY"}, BadValue, "subdivision"),
        ({"feed": "no feed"}, BadValue, "feed"),
        ({"name": "24/7"}, CalendarNameTaken, "name"),
    ],
)
async def test_an_impossible_calendar_is_refused(database: str, values: Any, error: Any, field: str) -> None:
    stage = await a_stage()
    with pytest.raises(error) as refused:
        await a_calendar(stage, **values)
    assert refused.value.field == field
    assert error is not BadValue or refused.value.details["why"].startswith("reason.")


@pytest.mark.parametrize(
    ("values", "error", "field"),
    [
        ({"targets": only("first_rely", 60)}, BadValue, "targets.0.metric"),
        ({"targets": [*only("update", 60), *only("update", 90)]}, BadValue, "targets.1"),
        ({"targets": only("update", 60, warn={"percent": 50, "before_s": 5})}, BadValue, "targets.0.warn"),
        ({"targets": only("update", 60, warn={"before_s": 60})}, BadValue, "targets.0.warn.before_s"),
        ({"pauses": {"sleep": ["open"]}}, BadValue, "pauses.sleep"),
        ({"name": "Standard"}, PolicyNameTaken, "name"),
        ({"conditions": {"brands": ["br_none"]}}, UnknownCondition, "conditions.brands"),
        ({"conditions": {"teams": ["te_none"]}}, UnknownCondition, "conditions.teams"),
        ({"conditions": {"networks": ["myspace"]}}, UnknownCondition, "conditions.networks"),
    ],
)
async def test_an_impossible_policy_is_refused(database: str, values: Any, error: Any, field: str) -> None:
    stage = await a_stage()
    with pytest.raises(error) as refused:
        await a_policy(stage, **values)
    assert refused.value.field == field
    assert error is not BadValue or refused.value.details["why"].startswith("reason.")


async def test_a_target_years_away_is_refused_with_either_edit(database: str) -> None:
    stage = await a_stage()
    rare = {"hours": {"Mon": [["09:00", "09:01"]]}}
    calendar = await a_calendar(stage, **rare)
    with pytest.raises(TargetOutOfReach, match="Other"):
        await a_policy(stage, calendar_id=calendar.id, targets=only("update", 20 * 3600))
    office = await a_calendar(stage, name="Usual")
    await a_policy(stage, calendar_id=office.id, targets=only("update", 20 * 3600))
    with pytest.raises(TargetOutOfReach, match="Other"):
        async with transaction() as tx:
            ask = EditCalendarAsk.model_validate({**OFFICE, "name": "Usual", **rare, "revision": 1})
            await save_calendar(tx, stage.lead, office.id, ask)


async def test_what_is_used_stays_and_what_is_stale_is_refused(database: str) -> None:
    stage = await a_stage()
    await stage.ticket()
    policy = await stage.policy()
    with pytest.raises(CalendarInUse) as used:
        async with transaction() as tx:
            await delete_calendar(tx, stage.lead, policy.calendar_id or "", 1)
    assert used.value.details == {"policies": ["Standard"]}
    with pytest.raises(PolicyInUse) as running:
        async with transaction() as tx:
            await delete_policy(tx, stage.lead, policy.id, policy.revision)
    assert running.value.details == {"tickets": 1}
    off = await stage.change_policy(enabled=False)
    with pytest.raises(StalePolicy) as stale:
        async with transaction() as tx:
            await delete_policy(tx, stage.lead, policy.id, policy.revision)
    assert stale.value.details["policy"]["revision"] == off.revision
    with pytest.raises(StaleCalendar):
        async with transaction() as tx:
            await delete_calendar(tx, stage.lead, policy.calendar_id or "", 7)
    async with transaction() as tx:
        await delete_policy(tx, stage.lead, policy.id, off.revision)
        await delete_calendar(tx, stage.lead, policy.calendar_id or "", 1)
    async with transaction() as tx:
        told = [(e.type, e.fact[e.type.split(".")[0]]) for e in await read_after(tx, 0) if e.type in DELETED]
    assert told[-2:] == [("policy.changed", None), ("calendar.changed", None)]


DELETED = {"policy.changed", "calendar.changed"}


async def test_an_order_names_every_policy(database: str) -> None:
    stage = await a_stage()
    other = await a_policy(stage)
    with pytest.raises(OrderIncomplete):
        async with transaction() as tx:
            await order_policies(tx, stage.lead, [other.id])
    async with transaction() as tx:
        first, second = await policies(tx, stage.lead)
        ordered = await order_policies(tx, stage.lead, [second.id, first.id])
    assert [(one.id, one.place) for one in ordered] == [(second.id, 1), (first.id, 2)]


async def test_agents_read_promises_and_change_none(database: str) -> None:
    stage = await a_stage()
    agent = colleague("ag_x", stage.brand_id)
    policy = await stage.policy()
    async with transaction() as tx:
        assert len(await policies(tx, agent)) == 1
    ask = EditPolicyAsk(name="Mine", revision=1)
    calendar = EditCalendarAsk(name="Mine", tz="UTC", always=True, revision=1)
    for attempt in (
        lambda tx: create_policy(tx, agent, PolicyAsk(name="Mine")),
        lambda tx: save_policy(tx, agent, policy.id, ask),
        lambda tx: delete_policy(tx, agent, policy.id, 1),
        lambda tx: order_policies(tx, agent, [policy.id]),
        lambda tx: create_calendar(tx, agent, CalendarAsk(name="Mine", tz="UTC", always=True)),
        lambda tx: save_calendar(tx, agent, policy.calendar_id or "", calendar),
        lambda tx: delete_calendar(tx, agent, policy.calendar_id or "", 1),
    ):
        with pytest.raises(NotAllowed):
            async with transaction() as tx:
                await attempt(tx)
