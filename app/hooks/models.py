"""Tables of what is handed to other systems; `webhook_deliveries` is the queue and the log in one."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.secrets import SEALED
from app.core.table import Revised, Stamped, Table


class Webhook(Stamped, Revised, Table):
    """An address of another system, and how far the log was looked through for it."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    types: Mapped[list[str] | None]  # null: every type, those of later versions too
    brand_ids: Mapped[list[str] | None]  # null: every brand, and what only leads may hear
    full: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    off_why: Mapped[str | None]  # gone | failing; null when a lead turned it off
    off_at: Mapped[datetime | None]
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    sealed: Mapped[str] = mapped_column(info=SEALED)  # the secret, and the one before it
    old_until: Mapped[datetime | None]  # until then the one before it signs too
    position: Mapped[int] = mapped_column(BigInteger)  # deliveries exist for what is wanted up to this number
    failures: Mapped[int] = mapped_column(default=0)  # in a row, of whatever delivery
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]


class Delivery(Stamped, Table):
    """An event on its way to a webhook; a row is derived from the log once, and opened again by a replay."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str]
    lane: Mapped[str]  # the ticket, else the type: within it the order of the log is kept
    ticket_id: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="waiting")  # waiting | delivered | failed
    due_at: Mapped[datetime | None]  # null: finished
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)  # counts claims; fences a worker whose lease ran out
    tries: Mapped[int] = mapped_column(default=0)  # attempts written down since it was planned or replayed
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("webhook_id", "seq"),
        Index("ix_webhook_deliveries_due", "webhook_id", "due_at", "seq", postgresql_where=sql("due_at is not null")),
        Index("ix_webhook_deliveries_lane", "webhook_id", "lane", "seq", postgresql_where=sql("due_at is not null")),
        Index("ix_webhook_deliveries_old", "finished_at", postgresql_where=sql("finished_at is not null")),
    )


class Attempt(Table):
    """What came of one request."""

    __tablename__ = "webhook_attempts"

    id: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    latency_ms: Mapped[int]
    status: Mapped[int | None]
    problem: Mapped[str | None]
    answer: Mapped[str]  # the first of what it said
