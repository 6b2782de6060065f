"""Policies, calendars, metrics and the clocks of a ticket read back as views."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import bindparam, func, or_, select, tuple_, union_all

from app.agents.models import Team
from app.agents.permit import Actor, require
from app.brands.models import Brand
from app.core.clock import now
from app.core.db import Tx
from app.core.paging import decode, encode, instant, number, word
from app.core.rows import among, read_rows
from app.sla.describe_clock import describe
from app.sla.errors import ClockNotFound
from app.sla.keep import clocks_from_json, from_json
from app.sla.metrics import all_metrics
from app.sla.models import CalendarRow, PolicyRow, TicketClocks, TimerRow
from app.sla.named_terms import read_terms
from app.sla.timer import Timer
from app.sla.views import CalendarView, ClockLineView, ClocksView, ClockView, EarlierClocksView, MetricView, PolicyView
from app.tickets.queries import see_ticket

_ENDED: Final = or_(TimerRow.met_at.is_not(None), TimerRow.cancelled_at.is_not(None))
_LINE: Final = [getattr(TimerRow, name) for name in ClockLineView.model_fields if name != "label"]
_EARLIER: Final = (
    TimerRow.ticket_id == bindparam("ticket_id"),
    TimerRow.body.is_not(None),
    TimerRow.target_s.is_not(None),
)
"""The cycles that a later one followed; without a target one only measured, and promised nothing."""
_ORDER: Final = (TimerRow.started_at, TimerRow.metric, TimerRow.cycle)

# Made once: putting them together anew takes longer than running them.
_KEPT: Final = (
    select(TicketClocks)
    .where(TicketClocks.ticket_id == bindparam("ticket_id"))
    .execution_options(populate_existing=True)
)
_ENDED_AND_OPEN: Final = select(func.count().filter(_ENDED), func.jsonb_agg(TimerRow.body).filter(~_ENDED)).where(
    *_EARLIER
)
_NAMES: Final = union_all(
    *(select(table.id, table.name).where(among(table.id, table.__tablename__)) for table in (PolicyRow, Brand, Team))
)


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


async def clocks(tx: Tx, actor: Actor, ticket_id: str) -> ClocksView:
    """The latest promised cycles of a ticket, explained; every cycle for itself is clock(). Raises TicketNotFound.

    A long talk has a cycle for every answer: what they say is read when somebody asks for it.
    """
    await see_ticket(tx, actor, ticket_id)
    kept = await _kept(tx, ticket_id)
    if kept is None:
        return ClocksView(clocks=[], earlier=0)
    ((earlier, bodies),) = await read_rows(tx, _ENDED_AND_OPEN, {"ticket_id": ticket_id})
    listed = [(one, True) for one in await _latest(tx, kept)] + [(from_json(body), False) for body in bodies or ()]
    listed.sort(key=lambda pair: (pair[0].metric, -pair[0].cycle))
    names, at = await names_of(tx, [one for one, _ in listed], kept.passed_over), now()
    told = [describe(one, at, names, current=current, passed_over=kept.passed_over) for one, current in listed]
    return ClocksView(clocks=told, earlier=earlier)


async def earlier_clocks(
    tx: Tx, actor: Actor, ticket_id: str, *, cursor: str | None = None, limit: int = 50
) -> EarlierClocksView:
    """What became of a page of the cycles that ended. Raises TicketNotFound or BadCursor."""
    await see_ticket(tx, actor, ticket_id)
    query = select(*_LINE).where(*_EARLIER, _ENDED)
    if cursor:
        at, metric, cycle = decode(cursor, 3)
        query = query.where(tuple_(*_ORDER) < tuple_(instant(at), word(metric), number(cycle)))
    rows = list(
        await tx.execute(
            query.order_by(*(column.desc() for column in _ORDER)).limit(limit + 1), {"ticket_id": ticket_id}
        )
    )
    items = [_line(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return EarlierClocksView(items=items, next=encode(last.started_at, last.metric, last.cycle) if last else None)


async def clock(tx: Tx, actor: Actor, ticket_id: str, metric: str, cycle: int) -> ClockView:
    """One promised cycle with its explanation. Raises TicketNotFound or ClockNotFound."""
    await see_ticket(tx, actor, ticket_id)
    kept = await _kept(tx, ticket_id)
    latest = [] if kept is None else await _latest(tx, kept)
    for one in latest:
        if kept is not None and (one.metric, one.cycle) == (metric, cycle):
            names = await names_of(tx, [one], kept.passed_over)
            return describe(one, now(), names, current=True, passed_over=kept.passed_over)
    query = select(TimerRow.body).where(*_EARLIER, TimerRow.metric == metric, TimerRow.cycle == cycle)
    body = await tx.scalar(query, {"ticket_id": ticket_id})
    if body is None:
        raise ClockNotFound
    earlier = from_json(body)
    return describe(earlier, now(), await names_of(tx, [earlier]), current=False)


async def _kept(tx: Tx, ticket_id: str) -> TicketClocks | None:
    kept: TicketClocks | None = await tx.scalar(_KEPT, {"ticket_id": ticket_id})
    return kept


async def _latest(tx: Tx, kept: TicketClocks) -> list[Timer]:
    """The latest cycle of each metric that promised something."""
    terms = (await read_terms(tx, [kept.terms]))[kept.terms] if kept.terms else None
    return [one for one in clocks_from_json(kept.clocks, terms).timers if one.promised]


def _line(row: Any) -> ClockLineView:
    return ClockLineView(label=f"desk.metric.{row.metric}", **row._mapping)  # noqa: SLF001 - public, though its name begins so


async def names_of(
    tx: Tx, timers: Collection[Timer], passed_over: Collection[Mapping[str, Any]] = ()
) -> dict[str, str]:
    """The names of the policies, brands and teams that explanations speak of, by id; one statement."""
    policy_ids = {one.promise.policy for one in timers} | {one["policy_id"] for one in passed_over}
    reasons = [reason for one in timers for reason in one.promise.why] + [one["why"] for one in passed_over]
    said = {one for reason in reasons for one in reason.split()}
    asked = {PolicyRow: {one for one in policy_ids if one}, Brand: said, Team: said}
    given = {table.__tablename__: ids for table, ids in asked.items()}
    return {row.id: row.name for row in await read_rows(tx, _NAMES, given)} if any(given.values()) else {}
