"""Promises tried before they hold: what would be due when, files of facts, and whose holidays are days off."""

from collections.abc import Mapping
from typing import Any

from app.agents.permit import Actor, require
from app.core.db import Tx
from app.sla import holidays
from app.sla.asks import FeedAsk, PreviewAsk
from app.sla.book import calendar_values, policy_of, working_calendar
from app.sla.calendar import ALWAYS, Calendar
from app.sla.check import check_calendar, check_policy, check_reach
from app.sla.errors import CalendarNotFound
from app.sla.models import CalendarRow
from app.sla.policy import Choice, terms_of
from app.sla.preview import preview
from app.sla.simulate import simulate
from app.sla.views import CountryView, DayOffView, PreviewView


async def preview_policy(tx: Tx, actor: Actor, ask: PreviewAsk) -> list[PreviewView]:
    """What would be due when, for a message of the asked instant; nothing is saved. Raises what saving would raise."""
    require(actor, "see")
    values = check_policy(ask.policy)
    calendar = await _calendar(tx, ask)
    check_reach(values["targets"], calendar, "policy.targets")
    terms = terms_of(Choice(policy_of("", values), ()), ask.priority, calendar)
    return [
        PreviewView(
            metric=one.metric,
            label=f"desk.metric.{one.metric}",
            target_s=one.target.total_seconds(),
            due_at=one.due_at,
            warn_at=one.warn_at,
        )
        for one in preview(terms, ask.at)
    ]


async def _calendar(tx: Tx, ask: PreviewAsk) -> Calendar:
    if ask.calendar is not None:
        return check_calendar(ask.calendar)[1]
    if ask.policy.calendar_id is None:
        return ALWAYS
    row = await tx.get(CalendarRow, ask.policy.calendar_id)
    if row is None:
        raise CalendarNotFound(field="policy.calendar_id")
    return working_calendar(calendar_values(row))


def simulate_file(actor: Actor, data: Mapping[str, Any]) -> dict[str, Any]:
    """The clocks of a file of facts. Raises SimulationError, which names the place."""
    require(actor, "edit_promises")
    return simulate(data)


def countries(actor: Actor) -> list[CountryView]:
    """The countries whose public holidays are known."""
    require(actor, "see")
    return [CountryView(code=code, subdivisions=parts) for code, parts in sorted(holidays.countries().items())]


def holidays_of(actor: Actor, country: str, year: int, subdivision: str | None) -> list[DayOffView]:
    """A country's public holidays of a year. Raises BadValue."""
    require(actor, "see")
    return [DayOffView(day=one.day, name=one.name) for one in holidays.holidays_of(country, [year], subdivision)]


def days_of_feed(actor: Actor, ask: FeedAsk) -> list[DayOffView]:
    """The days off of a year in an iCalendar text. Raises BadValue."""
    require(actor, "edit_promises")
    return [DayOffView(day=one.day, name=one.name) for one in holidays.holidays_in(ask.text, [ask.year])]
