"""Trying a promise before switching it on: calendar, policy and facts from a JSON file give the clocks, without a database."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.sla import facts
from app.sla.calendar import Calendar, demand_open
from app.sla.errors import BadValue, CalendarNeverOpen, SimulationError
from app.sla.explain import explain
from app.sla.fold import Clocks, Folded, begin, fold, next_instant, pass_time
from app.sla.read_calendar import read_calendar
from app.sla.read_policy import change_terms, read_choice, read_pauses, read_policy, read_targets
from app.sla.terms import Terms
from app.sla.timer import Timer

REOPENED_BY_CUSTOMER = frozenset({"waiting", "snoozed", "resolved"})
_KINDS: dict[str, type[facts.HappeningFact]] = {
    "customer_message": facts.CustomerMessage,
    "reply_submitted": facts.ReplySubmitted,
    "reply_accepted": facts.ReplyAccepted,
    "note": facts.Note,
    "moved": facts.Moved,
    "policy_changed": facts.PolicyChanged,
    "message_vanished": facts.MessageVanished,
}
_CHANGES = ("policy_change", "priority_change", "team_change", "calendar_change")
_INSTANT: TypeAdapter[datetime] = TypeAdapter(facts.Instant)

Entry = tuple[datetime, str, Mapping[str, Any]]
"""One fact of the file not yet read whole: its time, its place in the file, its data."""


def simulate(data: Mapping[str, Any] | str | bytes) -> dict[str, Any]:
    """Answer `{"clocks": [...]}`: every promised clock as it stands at `until`, explained; facts after it do not count.

    Without `until` it is the time of the last fact. Raises SimulationError, one sentence that names the place.
    """
    try:
        return _simulate(_parse(data) if isinstance(data, str | bytes) else data)
    except BadValue as bad:
        raise SimulationError(bad.sentence, field=bad.field) from None
    except CalendarNeverOpen as never:
        raise SimulationError(f"calendar: {never.sentence}", field="calendar") from None


def run_file(path: str | Path) -> tuple[int, str]:
    """Simulate a file: exit status 0 and the JSON for standard output, or 2 and the sentence that says what is wrong."""
    try:
        return 0, json.dumps(simulate(_load(Path(path))), indent=2, ensure_ascii=False)
    except SimulationError as error:
        return 2, error.sentence


def _load(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SimulationError(f"{path}: the file cannot be read ({reason}).") from None


def _parse(text: str | bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadValue(f"line {error.lineno}, column {error.colno}", f"this is not JSON ({error.msg}).") from None
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise SimulationError(f"The file is not JSON text ({type(error).__name__}).") from None
    if not isinstance(data, Mapping):
        raise SimulationError("The file must hold one JSON object with calendar, policy and facts.")
    return data


def _simulate(data: Mapping[str, Any]) -> dict[str, Any]:
    for key in ("policy", "facts"):
        if key not in data:
            raise BadValue(key, "this entry is missing.")
    until = _read_instant(data["until"], "until") if data.get("until") is not None else None
    entries = _read_entries(data["facts"])
    now = until or (entries[-1][0] if entries else None)
    if now is None:
        raise BadValue("until", "without facts, this must say when to look.")
    since = entries[0][0] if entries else now
    terms = read_policy(data["policy"], _read_open(data.get("calendar"), since, "calendar"))
    read = list(_read_facts(entries, terms))
    cycles: dict[tuple[str, int], Timer] = {}
    clocks = begin(terms)
    for fact in read:
        if fact.at <= now:
            clocks = _collect(cycles, _notice(clocks, fact.at))
            clocks = _collect(cycles, _fold_reopening(clocks, fact))
    clocks = _collect(cycles, _notice(clocks, now))
    _collect(cycles, [pass_time(clocks, now)])
    return {"clocks": [explain(cycles[key], now) for key in sorted(cycles) if cycles[key].promised]}


def _collect(cycles: dict[tuple[str, int], Timer], steps: list[Folded]) -> Clocks:
    for step in steps:
        cycles.update({(one.metric, one.cycle): one for one in step.changed})
    return steps[-1].clocks


def _notice(clocks: Clocks, before: datetime) -> list[Folded]:
    """Notice every warning and breach before an instant at its own time, as a worker that never sleeps does."""
    steps = [Folded(clocks)]
    while (moment := next_instant(steps[-1].clocks)) is not None and moment < before:
        steps.append(pass_time(steps[-1].clocks, moment))
    return steps


def _fold_reopening(clocks: Clocks, fact: facts.HappeningFact) -> list[Folded]:
    """Fold a fact, and for a message the reopening that in the product is a fact of its own."""
    reopens = isinstance(fact, facts.CustomerMessage) and clocks.situation.state in REOPENED_BY_CUSTOMER
    steps = [fold(clocks, fact)]
    if reopens:
        steps.append(fold(steps[0].clocks, facts.Moved(at=fact.at, to="open", cause="customer_message")))
    return steps


def _read_open(data: Any, since: datetime, place: str) -> Calendar:
    """Read a calendar and refuse one that is never open within a year of an instant."""
    calendar = read_calendar(data, place)
    try:
        demand_open(calendar, since)
    except CalendarNeverOpen as never:
        raise BadValue(place, never.sentence) from None
    return calendar


def _read_entries(data: Any) -> list[Entry]:
    """Read place, type and time of every fact and sort by time; facts of one instant keep their order."""
    if not isinstance(data, list):
        raise BadValue("facts", "the facts are a list.")
    entries: list[Entry] = []
    for number, one in enumerate(data):
        place = f"facts[{number}]"
        if not isinstance(one, Mapping):
            raise BadValue(place, "a fact is an object.")
        read_choice(one.get("type"), tuple(_KINDS), f"{place}.type")
        entries.append((_read_instant(one.get("at"), f"{place}.at"), place, one))
    return sorted(entries, key=lambda entry: entry[0])


def _read_facts(entries: list[Entry], terms: Terms) -> Iterator[facts.HappeningFact]:
    """Read the facts whole, each change of policy as the terms that hold from then on."""
    for at, place, data in entries:
        if data["type"] == "policy_changed":
            terms = _read_change(terms, data, place, at)
            cause = read_choice(data.get("cause", "policy_change"), _CHANGES, f"{place}.cause")
            yield facts.PolicyChanged(at=at, terms=terms, cause=cause)
            continue
        try:
            yield _KINDS[data["type"]].model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join((place, *(str(part) for part in first["loc"])))
            raise BadValue(where, f"{first['msg'].removeprefix('Value error, ')}.") from None


def _read_change(terms: Terms, data: Mapping[str, Any], place: str, at: datetime) -> Terms:
    terms = change_terms(terms, read_targets(data.get("targets_s", {}), f"{place}.targets_s"))
    if data.get("pauses") is not None:
        terms = replace(terms, pauses=read_pauses(data["pauses"], f"{place}.pauses"))
    if "calendar" in data:
        terms = replace(terms, calendar=_read_open(data["calendar"], at, f"{place}.calendar"))
    return terms


def _read_instant(value: Any, place: str) -> datetime:
    try:
        return _INSTANT.validate_python(value)
    except ValidationError:
        raise BadValue(place, f"{value!r} is not a time with its offset, like 2026-03-04T10:00:00Z.") from None
