"""The policy of a simulation file, read to terms with an error that names the place."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

from app.sla.calendar import Calendar
from app.sla.errors import BadValue
from app.sla.facts import TicketState
from app.sla.metrics import all_metrics
from app.sla.terms import DEFAULT_LAG, LONGEST_TARGET, SHORTEST_TARGET, Reopen, Terms, Warn

TICKET_STATES = get_args(TicketState)
_KEYS = {"targets_s", "pauses", "reopen", "count_automatic", "warn", "ingest_lag_s", "name", "id", "note"}
_REOPEN = get_args(Reopen)


def read_policy(data: Any, calendar: Calendar, place: str = "policy") -> Terms:
    """Read `{targets_s, pauses, reopen, count_automatic, warn, ingest_lag_s, name}`; BadValue names the place."""
    if not isinstance(data, Mapping):
        raise BadValue(place, "a policy is an object.")
    for key in data:
        if key not in _KEYS:
            raise BadValue(f"{place}.{key}", "a policy has no such entry.")
    targets = read_targets(data.get("targets_s", {}), f"{place}.targets_s")
    name = data.get("name") or data.get("id")
    return Terms(
        targets={metric: target for metric, target in targets.items() if target is not None},
        warns=_read_warns(data.get("warn", {}), f"{place}.warn"),
        pauses=read_pauses(data["pauses"], f"{place}.pauses") if data.get("pauses") is not None else None,
        reopen=read_choice(data.get("reopen", "resume"), _REOPEN, f"{place}.reopen"),
        count_automatic=_read_flag(data.get("count_automatic", False), f"{place}.count_automatic"),
        calendar=calendar,
        lag_threshold=_read_length(data["ingest_lag_s"], f"{place}.ingest_lag_s")
        if "ingest_lag_s" in data
        else DEFAULT_LAG,
        policy=None if name is None else str(name),
        why=("the file says so",),
    )


def change_terms(terms: Terms, targets: Mapping[str, timedelta | None]) -> Terms:
    """Answer the terms with some targets replaced; None takes a target away, those not named stay."""
    merged = {**terms.targets, **targets}
    return replace(terms, targets={metric: target for metric, target in merged.items() if target is not None})


def read_targets(data: Any, place: str) -> dict[str, timedelta | None]:
    """Read seconds by metric, 15 s at least; null promises nothing."""
    targets: dict[str, timedelta | None] = {}
    for metric, value in _object(data, place).items():
        _known_metric(metric, place)
        target = None if value is None else _read_length(value, f"{place}.{metric}")
        if target is not None and not SHORTEST_TARGET <= target <= LONGEST_TARGET:
            raise BadValue(f"{place}.{metric}", "a target is 15 seconds at least and 366 days at most.")
        targets[metric] = target
    return targets


def read_pauses(data: Any, place: str) -> dict[str, frozenset[str]]:
    """Read the pausing ticket states by metric."""
    pauses: dict[str, frozenset[str]] = {}
    for metric, states in _object(data, place).items():
        _known_metric(metric, place)
        if not isinstance(states, list):
            raise BadValue(f"{place}.{metric}", "pauses are a list of ticket states.")
        read = [read_choice(one, TICKET_STATES, f"{place}.{metric}[{n}]") for n, one in enumerate(states)]
        pauses[metric] = frozenset(read)
    return pauses


def read_choice(value: Any, known: tuple[str, ...], place: str) -> Any:
    """Read one of the known words."""
    if value not in known:
        raise BadValue(place, f"{value!r} is not one of {', '.join(known)}.")
    return value


def _read_warns(data: Any, place: str) -> dict[str, Warn]:
    warns: dict[str, Warn] = {}
    for metric, rule in _object(data, place).items():
        _known_metric(metric, place)
        here = f"{place}.{metric}"
        entries = _object(rule, here)
        if len({"percent", "before_s"} & entries.keys()) != 1:
            raise BadValue(here, "a warning is given by percent or by before_s.")
        percent, before = entries.get("percent"), entries.get("before_s")
        if percent is not None and (not _is_number(percent) or not 0 < percent < 100):
            raise BadValue(f"{here}.percent", "a percentage lies between 0 and 100.")
        length = None if before is None else _read_length(before, f"{here}.before_s")
        warns[metric] = Warn(percent, length, _read_flag(entries.get("urgent", False), f"{here}.urgent"))
    return warns


def _object(data: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise BadValue(place, "this must be an object.")
    return data


def _known_metric(metric: str, place: str) -> None:
    if metric not in all_metrics():
        raise BadValue(f"{place}.{metric}", f"there is no such metric; they are {', '.join(all_metrics())}.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _read_length(value: Any, place: str) -> timedelta:
    if not _is_number(value) or not 0 <= value <= 1e10:
        raise BadValue(place, "this must be a number of seconds.")
    return timedelta(seconds=value)


def _read_flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise BadValue(place, "this must be true or false.")
    return value
