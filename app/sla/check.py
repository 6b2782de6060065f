"""What is refused when a promise is saved or tried: each with the field and a reason."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.core.clock import now
from app.core.reason import reason
from app.sla.asks import CalendarAsk, PolicyAsk, TargetAsk
from app.sla.book import working_calendar
from app.sla.calendar import Calendar, demand_open, working_between
from app.sla.errors import BadValue, CalendarNeverOpen, TargetOutOfReach
from app.sla.metrics import all_metrics

_MOST_YEARS = 10
_YEAR = timedelta(days=366)


def check_calendar(ask: CalendarAsk) -> tuple[dict[str, Any], Calendar]:
    """A calendar's values as they are stored, and the working time they make.

    Raises BadValue, or CalendarNeverOpen when it does not open within a year from now.
    """
    values = ask.model_dump(mode="json", exclude={"name", "revision"})
    if ask.subdivision and not ask.country:
        raise BadValue("subdivision", "say which country it belongs to.", reason("country_missing"))
    try:
        calendar = working_calendar(values)
        demand_open(calendar, now())
    except BadValue as bad:
        raise BadValue((bad.field or "").removeprefix("calendar."), bad.reason, bad.why) from None
    except CalendarNeverOpen as never:
        raise CalendarNeverOpen(never.sentence, field="hours") from None
    return values, calendar


def check_policy(ask: PolicyAsk) -> dict[str, Any]:
    """A policy's values as they are stored. Raises BadValue."""
    known = all_metrics()
    for n, target in enumerate(ask.targets):
        _check_target(target, f"targets.{n}", known)
    pairs = [(one.metric, one.priority) for one in ask.targets]
    for n, pair in enumerate(pairs):
        if pair in pairs[:n]:
            why = reason("target_twice")
            raise BadValue(f"targets.{n}", "this metric has a target for this priority already.", why)
    for metric in ask.pauses or {}:
        if metric not in known:
            raise BadValue(f"pauses.{metric}", _no_such_metric(known), reason("no_such_metric"))
    return ask.model_dump(mode="json", exclude={"revision"})


def _check_target(target: TargetAsk, place: str, known: Mapping[str, Any]) -> None:
    if target.metric not in known:
        raise BadValue(f"{place}.metric", _no_such_metric(known), reason("no_such_metric"))
    warn = target.warn
    if warn is None:
        return
    if (warn.percent is None) == (warn.before_s is None):
        why = reason("warning_of_two_kinds")
        raise BadValue(f"{place}.warn", "a warning is given by percent or by before_s, one of both.", why)
    if warn.before_s is not None and warn.before_s >= target.seconds:
        why = reason("warning_too_early")
        raise BadValue(f"{place}.warn.before_s", "a warning that long before would come before the start.", why)


def _no_such_metric(known: Mapping[str, Any]) -> str:
    return f"there is no such metric; they are {', '.join(known)}."


def check_reach(targets: Sequence[Mapping[str, Any]], calendar: Calendar, field: str) -> None:
    """Refuse targets that the calendar's open hours would not fill within ten years. Raises TargetOutOfReach."""
    longest = max((one["seconds"] for one in targets), default=0)
    if longest > working_between(calendar, now(), now() + _YEAR).total_seconds() * _MOST_YEARS:
        raise TargetOutOfReach(field=field)
