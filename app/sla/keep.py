"""Clocks as JSON and back, exact to the microsecond, so that the state of a ticket can be kept and carried on.

Instants are left to orjson, which writes them as ISO 8601 in a fraction of the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from app.sla.calendar import Calendar
from app.sla.fold import Clocks
from app.sla.read_calendar import read_calendar, write_calendar
from app.sla.situation import Answer, Situation, Submitted, Unanswered
from app.sla.spans import Span
from app.sla.terms import Promise, Terms, Warn
from app.sla.timer import Step, Timer

_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=512)
def _read_calendar(text: bytes) -> Calendar:
    """Read the few calendars that thousands of tickets share once; they are values and never change."""
    return read_calendar(orjson.loads(text))


@lru_cache(maxsize=512)
def _calendar(calendar: Calendar) -> dict[str, Any]:
    """Write them once as well; what is answered goes into larger values and is never changed."""
    return write_calendar(calendar)


@dataclass
class _Shelf:
    """The calendars of one JSON value, each once; everything else names its number."""

    calendars: list[Calendar] = field(default_factory=list)

    def put(self, calendar: Calendar) -> int:
        if calendar not in self.calendars:
            self.calendars.append(calendar)
        return self.calendars.index(calendar)

    def written(self, after: int = 0) -> list[dict[str, Any]]:
        return [_calendar(calendar) for calendar in self.calendars[after:]]

    @classmethod
    def read(cls, data: list[Any]) -> "_Shelf":
        return cls([_read_calendar(orjson.dumps(one)) for one in data])


def to_json(timer: Timer) -> dict[str, Any]:
    """Write one clock as JSON that `from_json` reads back to an equal value, calendars and history included."""
    shelf = _Shelf()
    data = _write_timer(timer, shelf)
    return {**data, "calendars": shelf.written()}


def from_json(data: Mapping[str, Any]) -> Timer:
    """Read a clock that `to_json` wrote."""
    return _read_timer(data, _Shelf.read(data["calendars"]))


def clocks_to_json(clocks: Clocks) -> dict[str, Any]:
    """Write the clocks of a ticket as JSON without its terms, which are kept by name, and what only repeats them.

    `clocks_from_json` reads an equal value back with the terms.
    """
    shelf = _Shelf([clocks.terms.calendar])
    return {
        "situation": _write_situation(clocks.situation),
        "timers": [_write_timer(timer, shelf, clocks.terms) for timer in clocks.timers],
        "calendars": shelf.written(after=1),
    }


def clocks_from_json(data: Mapping[str, Any], terms: Terms | None) -> Clocks:
    """Read the clocks that `clocks_to_json` wrote under these terms; what migration 0004 found still holds its own."""
    shelf = _Shelf.read(data["calendars"])
    if terms is None:
        terms = _read_terms(data["terms"], shelf)
    else:
        shelf.calendars.insert(0, terms.calendar)
    return Clocks(
        terms=terms,
        situation=_read_situation(data["situation"]),
        timers=tuple(_read_timer(one, shelf, terms) for one in data["timers"]),
    )


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """Write terms as JSON; `terms_from_json` reads an equal value back."""
    shelf = _Shelf()
    return {**_write_terms(terms, shelf), "calendars": shelf.written()}


def terms_from_json(data: Mapping[str, Any]) -> Terms:
    """Read the terms that `terms_to_json` wrote."""
    return _read_terms(data, _Shelf.read(data["calendars"]))


def _count(length: timedelta | None) -> int | None:
    return None if length is None else length // _MICROSECOND


def _filled(**values: Any) -> dict[str, Any]:
    """The values without those that are empty."""
    return {name: value for name, value in values.items() if value is not None and value != []}


def _at(data: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(data[name]) if data.get(name) else None


def _instant(data: Mapping[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(data[name])


def _length(data: Mapping[str, Any], name: str) -> timedelta | None:
    return None if data.get(name) is None else data[name] * _MICROSECOND


def _write_promise(promise: Promise, shelf: _Shelf) -> dict[str, Any]:
    return {
        "target": _count(promise.target),
        "calendar": shelf.put(promise.calendar),
        "warn": _write_warn(promise.warn),
        "policy": promise.policy,
        "why": list(promise.why),
    }


def _write_warn(warn: Warn | None) -> dict[str, Any] | None:
    return None if warn is None else _filled(percent=warn.percent, before=_count(warn.before), urgent=warn.urgent)


def _read_promise(data: Any, shelf: _Shelf) -> Promise:
    return Promise(
        target=_length(data, "target"),
        calendar=shelf.calendars[data["calendar"]],
        warn=_read_warn(data["warn"]),
        policy=data["policy"],
        why=tuple(data["why"]),
    )


def _read_warn(data: Mapping[str, Any] | None) -> Warn | None:
    if data is None:
        return None
    return Warn(percent=data.get("percent"), before=_length(data, "before"), urgent=data["urgent"])


def _write_terms(terms: Terms, shelf: _Shelf) -> dict[str, Any]:
    return {**_terms(terms), "calendar": shelf.put(terms.calendar)}


@lru_cache(maxsize=512)
def _terms(terms: Terms) -> dict[str, Any]:
    """All of them but the calendar, once for the thousands of tickets that share them."""
    pauses = terms.pauses
    return {
        "targets": {name: _count(target) for name, target in terms.targets.items()},
        "warns": {name: _write_warn(warn) for name, warn in terms.warns.items()},
        "pauses": None if pauses is None else {name: sorted(states) for name, states in pauses.items()},
        "reopen": terms.reopen,
        "count_automatic": terms.count_automatic,
        "lag_threshold": _count(terms.lag_threshold),
        "policy": terms.policy,
        "why": list(terms.why),
    }


def _read_terms(data: Mapping[str, Any], shelf: _Shelf) -> Terms:
    pauses = data["pauses"]
    warns = {name: _read_warn(one) for name, one in data["warns"].items()}
    return Terms(
        targets={name: one * _MICROSECOND for name, one in data["targets"].items()},
        warns={name: warn for name, warn in warns.items() if warn is not None},
        pauses=None if pauses is None else {name: frozenset(states) for name, states in pauses.items()},
        reopen=data["reopen"],
        count_automatic=data["count_automatic"],
        calendar=shelf.calendars[data["calendar"]],
        lag_threshold=data["lag_threshold"] * _MICROSECOND,
        policy=data["policy"],
        why=tuple(data["why"]),
    )


def _write_situation(situation: Situation) -> dict[str, Any]:
    return _filled(
        state=situation.state,
        opening=None if situation.opening is None else _write_unanswered(situation.opening),
        active_since=situation.active_since,
        dismissed_at=situation.dismissed_at,
        unanswered=[_write_unanswered(one) for one in situation.unanswered],
        submitted=[_filled(at=one.at, reply=one.reply) for one in situation.submitted],
        first_answer=_write_answer(situation.first_answer),
        last_answer=_write_answer(situation.last_answer),
        answers=situation.answers,
    )


def _write_unanswered(one: Unanswered) -> dict[str, Any]:
    return _filled(at=one.at, received_at=one.received_at, message=one.message)


def _write_answer(one: Answer | None) -> dict[str, Any] | None:
    return None if one is None else _filled(at=one.at, submitted_at=one.submitted_at)


def _read_unanswered(data: Mapping[str, Any]) -> Unanswered:
    return Unanswered(_instant(data, "at"), _at(data, "received_at"), data.get("message"))


def _read_answer(data: Mapping[str, Any] | None) -> Answer | None:
    return None if data is None else Answer(_instant(data, "at"), _at(data, "submitted_at"))


def _read_situation(data: Mapping[str, Any]) -> Situation:
    opening = data.get("opening")
    return Situation(
        state=data["state"],
        opening=None if opening is None else _read_unanswered(opening),
        active_since=_at(data, "active_since"),
        dismissed_at=_at(data, "dismissed_at"),
        unanswered=tuple(_read_unanswered(one) for one in data.get("unanswered", [])),
        submitted=tuple(Submitted(_instant(one, "at"), one.get("reply")) for one in data.get("submitted", [])),
        first_answer=_read_answer(data.get("first_answer")),
        last_answer=_read_answer(data.get("last_answer")),
        answers=data["answers"],
    )


_INSTANTS = (
    "received_at due_at warn_at warned_at submitted_at met_at breached_at detected_at cancelled_at".split()  # noqa: SIM905 - a list of names reads best as a line
)


def _write_timer(timer: Timer, shelf: _Shelf, terms: Terms | None = None) -> dict[str, Any]:
    """Write a clock; its promise only when it is another than the terms'."""
    data: dict[str, Any] = {
        "metric": timer.metric,
        "cycle": timer.cycle,
        "started_at": timer.started_at,
        "promised": timer.promised,
        "spans": [[span.start, span.end, shelf.put(span.calendar), _count(span.counted)] for span in timer.spans],
        "history": [_write_step(step) for step in timer.history],
    }
    if terms is None or timer.promise != terms.promise(timer.metric):
        data["promise"] = _write_promise(timer.promise, shelf)
    if timer.causes:
        data["causes"] = timer.causes
    if timer.flags:
        data["flags"] = timer.flags
    for name in _INSTANTS:
        at = getattr(timer, name)
        if at is not None:
            data[name] = at
    return data


def _write_step(step: Step) -> dict[str, Any]:
    data: dict[str, Any] = {"at": step.at, "what": step.what}
    if step.cause is not None:
        data["cause"] = step.cause
    if step.due_at is not None:
        data["due_at"] = step.due_at
    if step.consumed:
        data["consumed"] = _count(step.consumed)
    if step.target is not None:
        data["target"] = _count(step.target)
    return data


def _read_timer(data: Mapping[str, Any], shelf: _Shelf, terms: Terms | None = None) -> Timer:
    own = data.get("promise")
    return Timer(
        metric=data["metric"],
        cycle=data["cycle"],
        started_at=_instant(data, "started_at"),
        promise=terms.promise(data["metric"]) if own is None and terms is not None else _read_promise(own, shelf),
        promised=data["promised"],
        spans=tuple(_read_span(one, shelf) for one in data["spans"]),
        causes=tuple(data.get("causes", ())),
        flags=tuple(data.get("flags", ())),
        history=tuple(_read_step(one) for one in data["history"]),
        **{name: _instant(data, name) for name in _INSTANTS if name in data},
    )


def _read_span(data: list[Any], shelf: _Shelf) -> Span:
    start, end, number, counted = data
    return Span(
        datetime.fromisoformat(start),
        None if end is None else datetime.fromisoformat(end),
        shelf.calendars[number],
        None if counted is None else counted * _MICROSECOND,
    )


def _read_step(data: Mapping[str, Any]) -> Step:
    return Step(
        at=_instant(data, "at"),
        what=data["what"],
        cause=data.get("cause"),
        due_at=_at(data, "due_at"),
        consumed=data.get("consumed", 0) * _MICROSECOND,
        target=_length(data, "target"),
    )
