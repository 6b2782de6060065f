"""The book of promises now in force: policies in their order and calendars as working time, read once per revision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select, text

from app.core.clock import now
from app.core.db import Tx
from app.sla.calendar import ALWAYS, Calendar
from app.sla.holidays import Holiday, days_off, holidays_in, holidays_of, switch_off
from app.sla.models import CalendarRow, PolicyRow
from app.sla.policy import Choice, Conditions, Policy, Target, Traits, choose_policy, terms_of
from app.sla.read_calendar import read_calendar
from app.sla.terms import Terms, Warn

_HEADS: Final = text("""
select 'head' as kind, '' as id, generation as revision, 0 as place from promise_head
union all select 'calendar', id, revision, 0 from calendars
union all select 'policy', id, revision, place from policies where enabled
order by place, id
""")
_FORGET_AT: Final = 1000
_ERA_YEARS: Final = 3

Key = tuple[str, int, int]
_policies: dict[Key, Policy] = {}
_calendars: dict[Key, Calendar] = {}


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that is promised at one moment; `generation` says which."""

    generation: int
    policies: tuple[Policy, ...]
    calendars: Mapping[str, Calendar]
    _chosen: dict[Traits, tuple[Choice, Terms]] = field(default_factory=dict, compare=False)

    def choose(self, traits: Traits) -> tuple[Choice, Terms]:
        """The policy that holds for such a ticket, and its terms; the same for tickets alike."""
        if traits not in self._chosen:
            self._chosen[traits] = self._choose(traits)
        return self._chosen[traits]

    def _choose(self, traits: Traits) -> tuple[Choice, Terms]:
        choice = choose_policy(self.policies, traits)
        calendar = self.calendars.get(choice.policy.calendar or "", ALWAYS) if choice.policy else ALWAYS
        return choice, terms_of(choice, traits.priority, calendar)


async def open_book(tx: Tx) -> Book:
    """Read the book: one statement, and one more for each kind of which something was changed since it was last read."""
    heads = [tuple(row) for row in await tx.execute(_HEADS)]
    for known in (_policies, _calendars):
        if len(known) > _FORGET_AT:
            known.clear()
    era = _era()
    calendars = [(head[1], head[2], era) for head in heads if head[0] == "calendar"]
    policies = [(head[1], head[2], 0) for head in heads if head[0] == "policy"]
    read_calendars = await _learn_calendars(tx, [key for key in calendars if key not in _calendars], era)
    read_policies = await _learn_policies(tx, [key for key in policies if key not in _policies])
    # what was changed between the two statements is taken as it is now; its generation is looked at again anyway
    found = [_policies.get(key) or read_policies.get(key[0]) for key in policies]
    return Book(
        generation=next((head[2] for head in heads if head[0] == "head"), 0),
        policies=tuple(one for one in found if one is not None),
        calendars={key[0]: _calendars[key] for key in calendars if key in _calendars} | read_calendars,
    )


async def _learn_calendars(tx: Tx, missing: list[Key], era: int) -> dict[str, Calendar]:
    if not missing:
        return {}
    query = select(CalendarRow).where(CalendarRow.id.in_([key[0] for key in missing]))
    rows = list(await tx.scalars(query.execution_options(populate_existing=True)))
    _calendars.update({(row.id, row.revision, era): working_calendar(calendar_values(row)) for row in rows})
    return {row.id: _calendars[row.id, row.revision, era] for row in rows}


async def _learn_policies(tx: Tx, missing: list[Key]) -> dict[str, Policy]:
    if not missing:
        return {}
    query = select(PolicyRow).where(PolicyRow.id.in_([key[0] for key in missing]))
    rows = list(await tx.scalars(query.execution_options(populate_existing=True)))
    _policies.update({(row.id, row.revision, 0): policy_of(row.id, policy_values(row)) for row in rows})
    return {row.id: _policies[row.id, row.revision, 0] for row in rows}


def policy_values(row: PolicyRow) -> dict[str, Any]:
    """What a policy's row says, by name."""
    names = "name conditions targets pauses reopen count_automatic ingest_lag_s calendar_id"
    return {name: getattr(row, name) for name in names.split()}


def calendar_values(row: CalendarRow) -> dict[str, Any]:
    """What a calendar's row says, by name."""
    names = "tz always hours country subdivision feed by_hand switched_off overrides"
    return {name: getattr(row, name) for name in names.split()}


def policy_of(policy_id: str, values: Mapping[str, Any]) -> Policy:
    """A stored or asked-for policy as the engine knows it."""
    asked = values["conditions"]
    pauses = values["pauses"]
    return Policy(
        id=policy_id,
        name=values["name"],
        conditions=Conditions(**{name: tuple(asked.get(name, ())) for name in Conditions.__slots__}),
        targets=tuple(_target(one) for one in values["targets"]),
        pauses=None if pauses is None else {metric: frozenset(states) for metric, states in pauses.items()},
        reopen=values["reopen"],
        count_automatic=values["count_automatic"],
        calendar=values["calendar_id"],
        lag_threshold=timedelta(seconds=values["ingest_lag_s"]),
    )


def _target(data: Mapping[str, Any]) -> Target:
    warn = data.get("warn")
    before = None if warn is None or warn.get("before_s") is None else timedelta(seconds=warn["before_s"])
    return Target(
        metric=data["metric"],
        length=timedelta(seconds=data["seconds"]),
        priority=data.get("priority"),
        warn=None if warn is None else Warn(warn.get("percent"), before, warn.get("urgent", False)),
    )


def working_calendar(values: Mapping[str, Any]) -> Calendar:
    """A stored or asked-for calendar as working time. Raises BadValue, whose field begins with `calendar.`."""
    days = days_off(found_days_off(values, _years()))
    return read_calendar(
        {
            "tz": values["tz"],
            "always": values["always"],
            "hours": values["hours"],
            "holidays": sorted(day.isoformat() for day in days),
            "overrides": values["overrides"],
        },
    )


def found_days_off(values: Mapping[str, Any], years: Iterable[int]) -> list[Holiday]:
    """The days off of a calendar's three sources; those switched off are not enabled. Raises BadValue."""
    wanted = list(years)
    found = [Holiday(date.fromisoformat(one["day"]), one["name"]) for one in values["by_hand"]]
    if values["country"]:
        found += holidays_of(values["country"], wanted, values["subdivision"])
    if values["feed"]:
        found += holidays_in(values["feed"], wanted)
    return switch_off(sorted(found), [date.fromisoformat(day) for day in values["switched_off"]])


def _era() -> int:
    year = now().year
    return year - year % _ERA_YEARS


def _years() -> range:
    """The years whose holidays are listed: from the one before this era to the third after it, stable for three years."""
    return range(_era() - 1, _era() + 2 * _ERA_YEARS + 1)
