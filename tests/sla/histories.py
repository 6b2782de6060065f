"""Short words for histories: facts of one day in UTC, folded on a calendar that is always open unless said otherwise."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.sla.calendar import ALWAYS, Calendar
from app.sla.facts import (
    CustomerMessage,
    HappeningFact,
    MessageVanished,
    Moved,
    Note,
    ReplyAccepted,
    ReplySubmitted,
)
from app.sla.fold import begin, fold_all, pass_time
from app.sla.terms import Terms
from app.sla.timer import Timer

NAMES = {"FR": "first_reply", "NR": "next_reply", "RS": "resolution", "UP": "update"}
WEEKDAYS = {day: [["09:00", "17:00"]] for day in ("Mon", "Tue", "Wed", "Thu", "Fri")}


def at(clock: str, day: int = 4) -> datetime:
    """A time of day in March 2026, UTC; the fourth is a Wednesday."""
    return datetime.fromisoformat(f"2026-03-{day:02}T{clock}+00:00").astimezone(UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def terms(calendar: Calendar = ALWAYS, **more: Any) -> Terms:
    """Targets in minutes by FR, NR, RS, UP; everything else as Terms has it."""
    targets = {NAMES[name]: minutes(more.pop(name)) for name in tuple(more) if name in NAMES}
    return Terms(targets=targets, calendar=calendar, **more)


def fact(text: str) -> HappeningFact:
    """Read `10:00 customer`, `10:05 reply`, `10:05 submit`, `10:05 bot`, `10:05 note`, `10:05 vanish`, `10:05 waiting`."""
    clock, word, *name = text.split()
    moment = at(clock)
    called = name[0] if name else None
    match word:
        case "customer":
            return CustomerMessage(at=moment, message=called)
        case "reply":
            return ReplyAccepted(at=moment, reply=called)
        case "submit":
            return ReplySubmitted(at=moment, reply=called)
        case "bot":
            return ReplyAccepted(at=moment, automatic=True)
        case "note":
            return Note(at=moment)
        case "vanish":
            return MessageVanished(at=moment, message=called)
    return Moved(at=moment, to=word)


def run(promise: Terms, *history: str | HappeningFact, until: str = "18:00") -> dict[str, list[Timer]]:
    """Fold a history and look at `until`: the promised cycles by FR, NR, RS, UP."""
    facts = [fact(one) if isinstance(one, str) else one for one in history]
    folded = fold_all(begin(promise), facts)
    cycles = {(one.metric, one.cycle): one for one in folded.changed}
    cycles |= {(one.metric, one.cycle): one for one in pass_time(folded.clocks, at(until)).changed}
    return by_metric(cycles)


def by_metric(cycles: Mapping[tuple[str, int], Timer]) -> dict[str, list[Timer]]:
    short = {name: key for key, name in NAMES.items()}
    found: dict[str, list[Timer]] = {}
    for _, one in sorted(cycles.items()):
        if one.promised:
            found.setdefault(short[one.metric], []).append(one)
    return found
