"""The shapes of promises: policies, calendars, metrics, clocks with their explanation, previews and days off."""

from datetime import date, datetime
from typing import Literal

from app.agents.examples import LATER
from app.core.event import View
from app.core.shown import shown
from app.sla import examples
from app.tickets.state import Priority, State
from app.tickets.views import Lane

ClockState = Literal["running", "paused", "met", "breached", "cancelled"]
Reopen = Literal["resume", "restart", "keep"]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WindowPart = tuple[str, str]


class WarnView(View):
    """When to warn: at a percentage of the target, or so many seconds of working time before it is due."""

    percent: float | None
    before_s: float | None
    urgent: bool
    """Also outside the open hours."""


class TargetView(View):
    """How long one metric may take, in seconds of working time; for one priority, or for all without their own."""

    metric: str
    priority: Priority | None
    seconds: float
    warn: WarnView | None


class ConditionsView(View):
    """What a policy asks of a ticket: each list is "one of these", an empty one asks nothing."""

    brands: list[str]
    networks: list[str]
    priorities: list[Priority]
    labels: list[str]
    teams: list[str]
    languages: list[str]
    lanes: list[Lane]


class PolicyView(View):
    """A promise and when it applies; `pauses` null leaves each metric its own, `calendar_id` null is always open."""

    model_config = shown(examples.POLICY)

    id: str
    name: str
    place: int
    enabled: bool
    conditions: ConditionsView
    targets: list[TargetView]
    pauses: dict[str, list[State]] | None
    reopen: Reopen
    count_automatic: bool
    ingest_lag_s: int
    calendar_id: str | None
    revision: int


class NamedDay(View):
    """A day off with its name."""

    day: date
    name: str


class CalendarView(View):
    """When we are open: a zone, windows by weekday, days off from three sources, and single days of their own."""

    model_config = shown(examples.CALENDAR)

    id: str
    name: str
    tz: str
    always: bool
    hours: dict[Weekday, list[WindowPart]]
    country: str | None
    subdivision: str | None
    feed: str | None
    by_hand: list[NamedDay]
    switched_off: list[date]
    overrides: dict[date, list[WindowPart]]
    revision: int


class MetricView(View):
    """Something measured; `label` is an i18n key of the console, `title` its English words."""

    model_config = shown(
        {"name": "first_reply", "label": "metric.first_reply", "title": "First reply", "pauses": ["waiting"]}
    )

    name: str
    label: str
    title: str
    pauses: list[State]
    """What pauses it where a policy does not say."""


class ReasonView(View):
    """Why a policy holds: what it asked and what the ticket has; both null when it asks nothing or none fits."""

    trait: str | None
    value: str | None
    """The id of a brand or team, else the word itself."""
    name: str | None
    """The name behind an id."""
    text: str


class PassedOverView(View):
    """A policy that came first and did not fit."""

    policy_id: str
    name: str | None
    trait: str
    text: str


class ClockPolicyView(View):
    """Who promised it, and why this policy."""

    id: str | None
    name: str | None
    why: list[ReasonView]
    passed_over: list[PassedOverView]


class ClockCalendarView(View):
    """By which calendar it counts now."""

    tz: str
    always: bool


class PauseView(View):
    """A stretch that was not counted; `to` is null while it lasts."""

    since: datetime
    to: datetime | None
    cause: str | None


class IntervalView(View):
    """Working time that was counted."""

    since: datetime
    to: datetime
    seconds: float


class StepView(View):
    """One line of a clock's history and what stood then."""

    at: datetime
    what: str
    cause: str | None
    due_at: datetime | None
    consumed_s: float
    target_s: float | None


class ClockLineView(View):
    """One promised cycle of a ticket and how it stands, without the explanation."""

    model_config = shown(examples.LINE)

    metric: str
    label: str
    cycle: int
    state: ClockState
    started_at: datetime
    target_s: float | None
    due_at: datetime | None
    warn_at: datetime | None
    warned_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    cancelled_at: datetime | None
    consumed_s: float
    over_s: float
    cause: str | None


class ClockView(ClockLineView):
    """One promised cycle of a ticket, with everything that says why it stands where it stands."""

    model_config = shown(examples.CLOCK)

    current: bool
    """Whether it is the metric's latest cycle."""
    received_at: datetime | None
    submitted_at: datetime | None
    detected_at: datetime | None
    causes: list[str]
    flags: list[str]
    policy: ClockPolicyView
    calendar: ClockCalendarView
    pauses: list[PauseView]
    intervals: list[IntervalView]
    intervals_left_out: int
    """How many older intervals are not listed; they are counted all the same."""
    history: list[StepView]


class ClocksView(View):
    """A ticket's promises that count: the latest cycle of each metric, and what is still open before it."""

    model_config = shown({"clocks": [examples.CLOCK], "earlier": 0})

    clocks: list[ClockView]
    """By metric, the latest first."""
    earlier: int
    """How many cycles ended before these; they are asked for page by page."""


class EarlierClocksView(View):
    """Some of the cycles that ended before the latest ones, the newest first."""

    model_config = shown({"items": [examples.LINE], "next": None})

    items: list[ClockLineView]
    next: str | None


class PreviewView(View):
    """What would be due when, for one metric."""

    model_config = shown(
        {
            "metric": "first_reply",
            "label": "metric.first_reply",
            "target_s": 3_600,
            "due_at": LATER,
            "warn_at": None,
        }
    )

    metric: str
    label: str
    target_s: float
    due_at: datetime
    warn_at: datetime | None


class DifferenceView(View):
    """What a rebuild changed about one cycle; null where it did not exist."""

    model_config = shown(
        {"metric": "first_reply", "cycle": 1, "fields": ["due_at"], "before": None, "after": examples.CLOCK}
    )

    metric: str
    cycle: int
    fields: list[str]
    before: ClockView | None
    after: ClockView | None


class CountryView(View):
    """A country whose public holidays are known, by ISO code, with the codes of its parts."""

    model_config = shown({"code": "FR", "subdivisions": []})

    code: str
    subdivisions: list[str]


class DayOffView(View):
    """A day off of a country or feed."""

    model_config = shown({"day": "2026-05-15", "name": "Bridge day"})

    day: date
    name: str
