"""Tables of the way in: where each account's reading stands, what was set aside, and imports."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Stamped, Table

SILENT_AFTER: Final = 3
"""So many failures in a row make an account silent, which the console says."""
_NOTHING: Final = text("'{}'::jsonb")


class Poll(Table):
    """Where reading one account stands; `cursor` moves with the page or not at all."""

    __tablename__ = "polls"

    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id", ondelete="CASCADE"), primary_key=True)
    cursor: Mapped[str | None]
    started_at: Mapped[datetime | None]  # since when everything is taken in; before it, only imports look
    due_at: Mapped[datetime | None]  # null: the account is broken or disconnected
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)  # counts claims; fences a worker whose lease ran out
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]  # when the network last answered
    newest_at: Mapped[datetime | None]  # the network's time of the newest post taken in
    lag_seconds: Mapped[float | None]  # how long after its posting the newest mention was taken in
    hinted_at: Mapped[datetime | None]  # when the live line last said something
    live_at: Mapped[datetime | None]  # since when the live line stands; null: it does not
    line_due_at: Mapped[datetime | None]  # when a worker should take up the live line; while one holds it, its lease
    overlap_at: Mapped[datetime | None]  # when the newest page is read once more, for what came late with an old id
    reread_free_at: Mapped[datetime | None]  # not before this is another conversation of the account read again

    __table_args__ = (Index("ix_polls_due", "due_at", postgresql_where=text("due_at is not null")),)


class Backfill(Stamped, Table):
    """An import of what was said before the account was connected."""

    __tablename__ = "backfills"

    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
    before: Mapped[str | None]
    reached: Mapped[datetime | None]  # how far back we are
    taken: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]  # null: finished
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None]
    finished_at: Mapped[datetime | None]


class Round(Table):
    """Something that is done for an account about daily, beside reading it; `kind` names what (ingest/rounds.py)."""

    __tablename__ = "rounds"

    id: Mapped[str] = mapped_column(primary_key=True)  # the account's, and the kind
    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    due_at: Mapped[datetime | None]  # null: the account is broken or disconnected
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None]
    state: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=_NOTHING)  # where a long one stands

    __table_args__ = (Index("ix_rounds_due", "due_at", postgresql_where=text("due_at is not null")),)


class RejectRow(Stamped, Table):
    """A payload that could not be read, with its raw text."""

    __tablename__ = "rejects"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id", ondelete="CASCADE"))
    remote_id: Mapped[str | None]
    fingerprint: Mapped[str]  # SHA-256 of the raw text, so that twice is as good as once
    reason: Mapped[str]
    raw: Mapped[str]

    __table_args__ = (Index("uq_rejects_account_id_fingerprint", "account_id", "fingerprint", unique=True),)
