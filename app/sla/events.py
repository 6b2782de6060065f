"""Facts about promises: what clocks did, and what leads changed about policies and calendars."""

from datetime import datetime
from typing import ClassVar, Literal

from app.core.event import Event, View
from app.sla.views import CalendarView, PolicyView
from app.tickets.events import TicketEvent


class TimerEvent(TicketEvent):
    """A fact about one clock: which metric and cycle."""

    type: str = ""
    metric: str
    cycle: int


class StartedTimer(View):
    """A clock that began to run."""

    metric: str
    cycle: int
    started_at: datetime
    due_at: datetime | None
    cause: str | None


class TimerStarted(TicketEvent):
    """Promises began to run; those of one moment are one fact, since every new ticket starts several."""

    type: Literal["timer.started"] = "timer.started"
    timers: list[StartedTimer]


class TimerChanged(TimerEvent):
    """A clock paused, resumed, reopened, began at another instant, or stands under another promise."""

    type: Literal["timer.changed"] = "timer.changed"
    what: Literal["paused", "resumed", "reopened", "shifted", "changed", "warning_changed", "rebuilt"]
    due_at: datetime | None
    cause: str | None


class TimerWarned(TimerEvent):
    """A promise will soon be due."""

    type: Literal["timer.warned"] = "timer.warned"
    warned_at: datetime
    due_at: datetime


class TimerBreached(TimerEvent):
    """A promise was missed: `breached_at` is when it was due, `detected_at` when we noticed."""

    type: Literal["timer.breached"] = "timer.breached"
    breached_at: datetime
    detected_at: datetime
    cause: str | None


class TimerMet(TimerEvent):
    """What was promised is done; too late when `breached_at` is set."""

    type: Literal["timer.met"] = "timer.met"
    met_at: datetime
    due_at: datetime | None
    breached_at: datetime | None
    consumed_s: float
    cause: str | None


class TimerCancelled(TimerEvent):
    """A clock was taken off with a reason; that is no success."""

    type: Literal["timer.cancelled"] = "timer.cancelled"
    cancelled_at: datetime
    breached_at: datetime | None
    cause: str | None


class PromiseChanged(TicketEvent):
    """Other terms hold for the ticket from here on; stands in the log before the fact they first worked on."""

    type: Literal["promise.changed"] = "promise.changed"
    policy_id: str | None
    policy: str | None
    why: list[str]
    cause: Literal["policy_change", "priority_change", "team_change", "calendar_change"]
    terms: str


class MessageJoined(TicketEvent):
    """A message that waits in a duplicate waits here from now on, since the duplicate was closed into this ticket."""

    type: Literal["promise.message_joined"] = "promise.message_joined"
    message_id: str
    posted_at: datetime
    received_at: datetime | None


class PolicyChanged(Event):
    """A policy was made, changed or moved; `policy` is null when it was deleted."""

    audience: ClassVar[str] = "all"
    type: Literal["policy.changed"] = "policy.changed"
    policy_id: str
    policy: PolicyView | None


class CalendarChanged(Event):
    """A calendar was made or changed; `calendar` is null when it was deleted."""

    audience: ClassVar[str] = "all"
    type: Literal["calendar.changed"] = "calendar.changed"
    calendar_id: str
    calendar: CalendarView | None
