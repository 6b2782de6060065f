"""The shapes of requests about promises, with their limits."""

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from app.agents.asks import Id, Ids, Name
from app.core.event import Ask
from app.core.http_match import Seen
from app.core.shown import shown
from app.sla import examples
from app.sla.views import Reopen, Weekday
from app.tickets.state import Priority, State
from app.tickets.views import Lane

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]
Words = Annotated[list[Word], Field(max_length=200)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)]
Clock = Annotated[str, StringConstraints(max_length=8)]
Windows = Annotated[list[tuple[Clock, Clock]], Field(max_length=24)]
Days = Annotated[list[date], Field(max_length=1000)]
Year = Annotated[int, Field(ge=1970, le=2100)]

LONGEST_TARGET_S = 366 * 86_400.0
LONGEST_FEED = 300_000


class WarnAsk(Ask):
    """When to warn: by `percent` of the target or `before_s` seconds of working time before it is due, one of both."""

    percent: Annotated[float, Field(gt=0, lt=100)] | None = None
    before_s: Annotated[float, Field(gt=0, le=LONGEST_TARGET_S)] | None = None
    urgent: bool = False


class TargetAsk(Ask):
    """How long one metric may take, in seconds of working time; without a priority for all that have none of their own."""

    metric: Word
    priority: Priority | None = None
    seconds: Annotated[float, Field(ge=15, le=LONGEST_TARGET_S)]
    warn: WarnAsk | None = None


class ConditionsAsk(Ask):
    """What a policy asks of a ticket: each list is "one of these", an empty one asks nothing."""

    brands: Ids = Field(default_factory=list)
    networks: Words = Field(default_factory=list)
    priorities: Annotated[list[Priority], Field(max_length=4)] = Field(default_factory=list)
    labels: Words = Field(default_factory=list)
    teams: Ids = Field(default_factory=list)
    languages: Annotated[list[Language], Field(max_length=200)] = Field(default_factory=list)
    lanes: Annotated[list[Lane], Field(max_length=2)] = Field(default_factory=list)


class PolicyAsk(Ask):
    """A promise as it should be."""

    model_config = shown(examples.POLICY_ASKED)

    name: Name
    enabled: bool = True
    conditions: ConditionsAsk = Field(default_factory=ConditionsAsk)
    targets: Annotated[list[TargetAsk], Field(max_length=100)] = Field(default_factory=list)
    pauses: dict[Word, Annotated[list[State], Field(max_length=6)]] | None = None
    reopen: Reopen = "resume"
    count_automatic: bool = False
    ingest_lag_s: Annotated[int, Field(ge=0, le=86_400)] = 300
    calendar_id: Id | None = None


class EditPolicyAsk(PolicyAsk):
    """A promise as it should be, and the revision it was read at."""

    model_config = shown(examples.POLICY_ASKED | {"name": "Within the hour", "revision": 1})

    revision: Seen = None


class OrderAsk(Ask):
    """Every policy's id, in the order in which they are asked."""

    model_config = shown(
        {"ids": [examples.OTHER_POLICY_ID, examples.POLICY_ID], "seen": [examples.POLICY_ID, examples.OTHER_POLICY_ID]}
    )

    ids: Ids
    seen: Annotated[Ids | None, Field(description="the order you saw; another present one is refused with 409")] = None


class NamedDayAsk(Ask):
    """A day off of our own."""

    day: date
    name: Word


class CalendarAsk(Ask):
    """When we are open. A time of day is `09:00` or `09:00:30`, the end of a day `24:00`; a window may cross midnight."""

    model_config = shown(examples.CALENDAR_ASKED)

    name: Name
    tz: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    always: bool = False
    hours: dict[Weekday, Windows] = Field(default_factory=dict)
    country: Annotated[str, StringConstraints(max_length=10)] | None = None
    subdivision: Annotated[str, StringConstraints(max_length=40)] | None = None
    feed: Annotated[str, StringConstraints(max_length=LONGEST_FEED, pattern=r"^[^\x00]*$")] | None = None
    by_hand: Annotated[list[NamedDayAsk], Field(max_length=1000)] = Field(default_factory=list)
    switched_off: Days = Field(default_factory=list)
    overrides: Annotated[dict[date, Windows], Field(max_length=1000)] = Field(default_factory=dict)


class EditCalendarAsk(CalendarAsk):
    """A calendar as it should be, and the revision it was read at."""

    model_config = shown(examples.CALENDAR_ASKED | {"name": "Summer hours", "revision": 1})

    revision: Seen = None


class PreviewAsk(Ask):
    """A policy not yet saved, tried on a message of some instant; `calendar` wins over the policy's `calendar_id`."""

    model_config = shown({"policy": examples.POLICY_ASKED, "priority": "high", "at": "2026-03-02T09:00:00Z"})

    policy: PolicyAsk
    calendar: CalendarAsk | None = None
    priority: Priority = "normal"
    at: AwareDatetime


class SimulateAsk(Ask):
    """Calendar, policy and facts, as `mentiondesk sla simulate` reads them from a file."""

    model_config = shown(examples.SIMULATED)

    calendar: dict[str, Any] | None = None
    policy: dict[str, Any]
    facts: Annotated[list[dict[str, Any]], Field(max_length=2000)]
    until: str | None = None


class FeedAsk(Ask):
    """An iCalendar text, and the year whose days off are wanted."""

    model_config = shown({"text": examples.FEED, "year": 2026})

    text: Annotated[str, StringConstraints(max_length=LONGEST_FEED)]
    year: Year


class RebuildAsk(Ask):
    """Fold a ticket's log again; `anew` as if the present promise had held from the start, closed cycles too."""

    model_config = shown({"anew": False})

    anew: bool = False
