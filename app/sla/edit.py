"""Policies and calendars as leads write them; running clocks follow in the background, batch by batch, and none is lost."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, func, select, text

from app.agents.permit import Actor, require
from app.agents.queries import known_teams
from app.brands.models import Brand
from app.core.db import Tx
from app.core.ids import new_id
from app.core.transaction import record
from app.core.wake import wake
from app.networks.registry import networks
from app.sla.asks import CalendarAsk, ConditionsAsk, EditCalendarAsk, EditPolicyAsk, PolicyAsk
from app.sla.book import calendar_values, working_calendar
from app.sla.calendar import ALWAYS, Calendar
from app.sla.check import check_calendar, check_policy, check_reach
from app.sla.errors import (
    CalendarInUse,
    CalendarNameTaken,
    CalendarNotFound,
    OrderIncomplete,
    PolicyInUse,
    PolicyNameTaken,
    PolicyNotFound,
    StaleCalendar,
    StaleOrder,
    StalePolicy,
    TargetOutOfReach,
    UnknownCondition,
)
from app.sla.events import CalendarChanged, PolicyChanged
from app.sla.models import CalendarRow, PolicyRow, TicketClocks
from app.sla.queries import calendar_view, policies, policy_view
from app.sla.views import CalendarView, PolicyView

_NEXT_GENERATION: Final = text("""
insert into promise_head (one, generation) values (true, 1)
on conflict (one) do update set generation = promise_head.generation + 1
""")


async def _begin_change(tx: Tx) -> None:
    """Make other changes wait until this one is committed, and let the worker hold open clocks against what comes of it."""
    await tx.execute(_NEXT_GENERATION)
    await wake(tx, "timers")


async def create_policy(tx: Tx, actor: Actor, ask: PolicyAsk) -> PolicyView:
    """Add a policy at the end of the order. Raises BadValue, PolicyNameTaken, CalendarNotFound, UnknownCondition."""
    require(actor, "edit_promises")
    values = check_policy(ask)
    await _begin_change(tx)
    await _check_policy_rows(tx, ask, values, None)
    last = await tx.scalar(select(func.max(PolicyRow.place)))
    row = PolicyRow(id=new_id("po"), place=(last or 0) + 1, revision=1, **values)
    tx.add(row)
    return await _say_policy(tx, actor, row)


async def save_policy(tx: Tx, actor: Actor, policy_id: str, ask: EditPolicyAsk) -> PolicyView:
    """Replace a policy. Raises PolicyNotFound, StalePolicy, and what create_policy() raises."""
    require(actor, "edit_promises")
    values = check_policy(ask)
    await _begin_change(tx)
    row = await _policy(tx, policy_id, ask.revision)
    await _check_policy_rows(tx, ask, values, policy_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    return await _say_policy(tx, actor, row)


async def delete_policy(tx: Tx, actor: Actor, policy_id: str, revision: int | None) -> None:
    """Take a policy away. Raises PolicyNotFound, StalePolicy, PolicyInUse with how many open tickets run under it."""
    require(actor, "edit_promises")
    await _begin_change(tx)
    row = await _policy(tx, policy_id, revision)
    running = await tx.scalar(
        select(func.count()).where(TicketClocks.open, TicketClocks.policy_id == policy_id),
    )
    if running:
        raise PolicyInUse(tickets=running)
    await tx.delete(row)
    await tx.flush()
    record(tx, PolicyChanged(policy_id=policy_id, policy=None), agent_id=actor.agent_id)


async def order_policies(
    tx: Tx, actor: Actor, ids: Sequence[str], seen: Sequence[str] | None = None
) -> list[PolicyView]:
    """Ask the policies in this order from now on, if they stand in the order that was `seen` (null: in any).

    Raises OrderIncomplete, StaleOrder.
    """
    require(actor, "edit_promises")
    await _begin_change(tx)
    rows = {row.id: row for row in await tx.scalars(select(PolicyRow).execution_options(populate_existing=True))}
    if sorted(ids) != sorted(rows):
        raise OrderIncomplete(field="ids")
    if seen is not None and list(seen) != sorted(rows, key=lambda one: (rows[one].place, one)):
        raise StaleOrder(policies=[view.model_dump(mode="json") for view in await policies(tx, actor)])
    for place, policy_id in enumerate(ids, start=1):
        if rows[policy_id].place != place:
            rows[policy_id].place = place
            await tx.flush()
            fact = PolicyChanged(policy_id=policy_id, policy=policy_view(rows[policy_id]))
            record(tx, fact, agent_id=actor.agent_id)
    return await policies(tx, actor)


async def create_calendar(tx: Tx, actor: Actor, ask: CalendarAsk) -> CalendarView:
    """Add a calendar. Raises BadValue, CalendarNeverOpen with the reason, CalendarNameTaken."""
    require(actor, "edit_promises")
    values, _ = check_calendar(ask)
    await _begin_change(tx)
    await _free_calendar_name(tx, ask.name, None)
    row = CalendarRow(id=new_id("ca"), name=ask.name, revision=1, **values)
    tx.add(row)
    return await _say_calendar(tx, actor, row)


async def save_calendar(tx: Tx, actor: Actor, calendar_id: str, ask: EditCalendarAsk) -> CalendarView:
    """Replace a calendar. Raises CalendarNotFound, StaleCalendar, TargetOutOfReach, and what create_calendar() raises."""
    require(actor, "edit_promises")
    values, calendar = check_calendar(ask)
    await _begin_change(tx)
    row = await _calendar(tx, calendar_id, ask.revision)
    await _free_calendar_name(tx, ask.name, calendar_id)
    for policy in await tx.scalars(select(PolicyRow).where(PolicyRow.calendar_id == calendar_id)):
        _reach(policy.targets, calendar, "hours", policy.name)
    row.name = ask.name
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    return await _say_calendar(tx, actor, row)


async def delete_calendar(tx: Tx, actor: Actor, calendar_id: str, revision: int | None) -> None:
    """Take a calendar away. Raises CalendarNotFound, StaleCalendar, CalendarInUse with the policies that use it."""
    require(actor, "edit_promises")
    await _begin_change(tx)
    await _calendar(tx, calendar_id, revision)
    used = list(await tx.scalars(select(PolicyRow.name).where(PolicyRow.calendar_id == calendar_id)))
    if used:
        raise CalendarInUse(policies=sorted(used))
    await tx.execute(delete(CalendarRow).where(CalendarRow.id == calendar_id))
    record(tx, CalendarChanged(calendar_id=calendar_id, calendar=None), agent_id=actor.agent_id)


async def _policy(tx: Tx, policy_id: str, revision: int | None) -> PolicyRow:
    """The row, ours until the transaction ends, as it was seen; null for any."""
    row = await tx.get(PolicyRow, policy_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise PolicyNotFound
    if revision not in {None, row.revision}:
        raise StalePolicy(policy=policy_view(row).model_dump(mode="json"))
    return row


async def _calendar(tx: Tx, calendar_id: str, revision: int | None) -> CalendarRow:
    row = await tx.get(CalendarRow, calendar_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise CalendarNotFound
    if revision not in {None, row.revision}:
        raise StaleCalendar(calendar=calendar_view(row).model_dump(mode="json"))
    return row


async def _check_policy_rows(tx: Tx, ask: PolicyAsk, values: dict[str, Any], own_id: str | None) -> None:
    """What only the database knows: names, the calendar, and that conditions name things that exist."""
    named = select(PolicyRow.id).where(PolicyRow.name == ask.name, PolicyRow.id != (own_id or ""))
    if await tx.scalar(named) is not None:
        raise PolicyNameTaken(field="name")
    calendar = ALWAYS
    if ask.calendar_id is not None:
        row = await tx.get(CalendarRow, ask.calendar_id)
        if row is None:
            raise CalendarNotFound(field="calendar_id")
        calendar = working_calendar(calendar_values(row))
    _reach(values["targets"], calendar, "targets", ask.name)
    await _check_conditions(tx, ask.conditions)


async def _check_conditions(tx: Tx, asked: ConditionsAsk) -> None:
    known_brands = set(await tx.scalars(select(Brand.id).where(Brand.id.in_(asked.brands)))) if asked.brands else set()
    for field, wanted, known in (
        ("brands", asked.brands, known_brands),
        ("teams", asked.teams, await known_teams(tx, asked.teams) if asked.teams else set()),
        ("networks", asked.networks, set(networks())),
    ):
        unknown = [one for one in wanted if one not in known]
        if unknown:
            raise UnknownCondition(
                f"There is no such entry among the {field}: {unknown[0]}.", field=f"conditions.{field}"
            )


def _reach(targets: Sequence[dict[str, Any]], calendar: Calendar, field: str, policy: str) -> None:
    try:
        check_reach(targets, calendar, field)
    except TargetOutOfReach as far:
        raise TargetOutOfReach(f"{policy}: {far.sentence}", field=field) from None


async def _free_calendar_name(tx: Tx, name: str, own_id: str | None) -> None:
    taken = select(CalendarRow.id).where(CalendarRow.name == name, CalendarRow.id != (own_id or ""))
    if await tx.scalar(taken) is not None:
        raise CalendarNameTaken(field="name")


async def _say_policy(tx: Tx, actor: Actor, row: PolicyRow) -> PolicyView:
    await tx.flush()
    view = policy_view(row)
    record(tx, PolicyChanged(policy_id=row.id, policy=view), agent_id=actor.agent_id)
    return view


async def _say_calendar(tx: Tx, actor: Actor, row: CalendarRow) -> CalendarView:
    await tx.flush()
    view = calendar_view(row)
    record(tx, CalendarChanged(calendar_id=row.id, calendar=view), agent_id=actor.agent_id)
    return view
