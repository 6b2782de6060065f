"""Tables of the promise: policies, calendars, the clocks of each ticket, and what became of every promised cycle, for boards and reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Revised, Stamped, Table


class CalendarRow(Stamped, Revised, Table):
    """When we are open, as a lead wrote it; book.py makes working time of it."""

    __tablename__ = "calendars"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    tz: Mapped[str]
    always: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[dict[str, Any]]  # windows by weekday
    country: Mapped[str | None]  # whose public holidays are days off
    subdivision: Mapped[str | None]
    feed: Mapped[str | None]  # iCalendar text whose whole-day events are days off
    by_hand: Mapped[list[dict[str, Any]]]  # days off of our own: date and name
    switched_off: Mapped[list[str]] = mapped_column(default=list)  # dates that are ordinary days all the same
    overrides: Mapped[dict[str, Any]]  # windows by date


class PolicyRow(Stamped, Revised, Table):
    """A promise and when it applies; the first in the order whose conditions fit a ticket holds for it."""

    __tablename__ = "policies"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    place: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)
    conditions: Mapped[dict[str, Any]]
    targets: Mapped[list[dict[str, Any]]]  # per metric and priority, in seconds, each with its warning
    pauses: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # null: the metrics' own
    reopen: Mapped[str] = mapped_column(default="resume")
    count_automatic: Mapped[bool] = mapped_column(default=False)
    ingest_lag_s: Mapped[int] = mapped_column(default=300)
    calendar_id: Mapped[str | None] = mapped_column(ForeignKey("calendars.id"))  # null: always open


class PromiseHead(Table):
    """How often the promises were changed, in one row; clocks that saw an older number are brought up by the worker."""

    __tablename__ = "promise_head"

    one: Mapped[bool] = mapped_column(primary_key=True, default=True)
    generation: Mapped[int]


class TermsRow(Table):
    """Terms that held for some ticket once, by the hash of what they say, so that its log can be folded again."""

    __tablename__ = "promise_terms"

    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]


class TicketClocks(Table):
    """All clocks of one ticket as the fold left them; `next_at` is when the worker must look again."""

    __tablename__ = "ticket_clocks"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    terms: Mapped[
        str | None
    ]  # the name in promise_terms of what is promised; null: it stands in `clocks` (before 0004)
    clocks: Mapped[dict[str, Any]]
    next_at: Mapped[datetime | None]
    open: Mapped[bool]  # whether any of them still waits for its answer
    generation: Mapped[int]  # of the promises they were last held against
    policy_id: Mapped[str | None]
    passed_over: Mapped[list[dict[str, Any]]]  # the policies that came first and did not fit, each with the reason
    first_terms: Mapped[str]  # what held when the first fact came
    terms_since: Mapped[
        datetime | None
    ]  # changes of terms up to here no longer count, because a lead rebuilt the clocks

    __table_args__ = (
        Index("ix_ticket_clocks_next_at", "next_at", postgresql_where=text("next_at is not null")),
        Index("ix_ticket_clocks_generation", "generation", postgresql_where=text("open")),
        Index("ix_ticket_clocks_policy", "policy_id", postgresql_where=text("open")),
    )


class TimerRow(Table):
    """What became of one promised cycle of one metric; one that still runs stands in `ticket_clocks` alone.

    A metric is a text, so that a new one is a new file and nothing here.
    """

    __tablename__ = "timers"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[str]
    policy_id: Mapped[str | None]
    state: Mapped[str]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    detected_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cause: Mapped[str | None]
    target_s: Mapped[float | None]
    consumed_s: Mapped[float]  # working time until it ended, or until it last changed
    over_s: Mapped[float]
    body: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The whole clock once a later cycle took its place; until then it stands in ticket_clocks."""

    __table_args__ = (Index("ix_timers_started", "brand_id", "started_at"),)
