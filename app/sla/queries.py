"""Policies, calendars, metrics and the clocks of a ticket read back as views."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from app.agents.models import Team
from app.agents.permit import Actor, require
from app.brands.models import Brand
from app.core.clock import now
from app.core.db import Tx
from app.sla.describe_clock import describe
from app.sla.keep import clocks_from_json, from_json
from app.sla.metrics import all_metrics
from app.sla.models import CalendarRow, PolicyRow, TicketClocks, TimerRow
from app.sla.named_terms import read_terms
from app.sla.timer import Timer
from app.sla.views import CalendarView, ClockView, MetricView, PolicyView
from app.tickets.queries import ticket_card


def policy_view(row: PolicyRow) -> PolicyView:
    """A policy as the console shows it."""
    return PolicyView.model_validate({name: getattr(row, name) for name in PolicyView.model_fields})


def calendar_view(row: CalendarRow) -> CalendarView:
    """A calendar as the console shows it."""
    return CalendarView.model_validate({name: getattr(row, name) for name in CalendarView.model_fields})


async def policies(tx: Tx, actor: Actor) -> list[PolicyView]:
    """Every policy, in the order in which they are asked."""
    require(actor, "see")
    return [policy_view(row) for row in await tx.scalars(select(PolicyRow).order_by(PolicyRow.place, PolicyRow.id))]


async def calendars(tx: Tx, actor: Actor) -> list[CalendarView]:
    """Every calendar, by name."""
    require(actor, "see")
    return [calendar_view(row) for row in await tx.scalars(select(CalendarRow).order_by(CalendarRow.name))]


def metric_views(actor: Actor) -> list[MetricView]:
    """What is measured, in the order of the names."""
    require(actor, "see")
    return [
        MetricView.model_validate(
            {"name": one.name, "label": f"desk.metric.{one.name}", "title": one.label, "pauses": sorted(one.pauses)},
        )
        for one in all_metrics().values()
    ]


async def clocks(tx: Tx, actor: Actor, ticket_id: str) -> list[ClockView]:
    """Every promised cycle of a ticket with its explanation, by metric, the latest first. Raises TicketNotFound."""
    await ticket_card(tx, actor, ticket_id)
    kept = await tx.scalar(
        select(TicketClocks).where(TicketClocks.ticket_id == ticket_id).execution_options(populate_existing=True)
    )
    if kept is None:
        return []
    terms = (await read_terms(tx, [kept.terms]))[kept.terms] if kept.terms else None
    latest = [one for one in clocks_from_json(kept.clocks, terms).timers if one.promised]
    older = await tx.scalars(
        select(TimerRow.body).where(TimerRow.ticket_id == ticket_id, TimerRow.body.is_not(None)),
    )
    listed = [(one, True) for one in latest] + [(from_json(body), False) for body in older if body]
    listed.sort(key=lambda pair: (pair[0].metric, -pair[0].cycle))
    names = await names_of(tx, [one for one, _ in listed], kept.passed_over)
    at = now()
    return [describe(one, at, names, current=current, passed_over=kept.passed_over) for one, current in listed]


async def names_of(
    tx: Tx, timers: Collection[Timer], passed_over: Collection[Mapping[str, Any]] = ()
) -> dict[str, str]:
    """The names of the policies, brands and teams that explanations speak of, by id; three statements."""
    policy_ids = {one.promise.policy for one in timers} | {one["policy_id"] for one in passed_over}
    reasons = [reason for one in timers for reason in one.promise.why] + [one["why"] for one in passed_over]
    words = {word for reason in reasons for word in reason.split()}
    found: dict[str, str] = {}
    for table, wanted in ((PolicyRow, policy_ids), (Brand, words), (Team, words)):
        rows = await tx.execute(select(table.id, table.name).where(table.id.in_([one for one in wanted if one])))
        found.update((row.id, row.name) for row in rows)
    return found
