"""Tables of imports and exports: the job, its file in pieces, the lines it refused, and what references stand for."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Stamped, Table


class Job(Stamped, Table):
    """One import or export. Its position moves in the transaction that does the work up to there."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # import | export
    state: Mapped[str]  # uploading | queued | running | done | failed | cancelled
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    brand_id: Mapped[str | None] = mapped_column(ForeignKey("brands.id"))  # into which brand; null: as the lines say
    brand_ids: Mapped[list[str] | None]  # of which brands; null: of all
    name: Mapped[str]
    due_at: Mapped[datetime | None]  # when to go on; of a finished job or an upload, when its file is dropped
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None]
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes of the file
    pieces: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes read of an import
    careful: Mapped[int] = mapped_column(BigInteger, default=0)  # up to here line by line, after a batch that failed
    mark: Mapped[dict[str, Any]] = mapped_column(default=dict)  # where an export stands
    lines: Mapped[int] = mapped_column(BigInteger, default=0)
    fresh: Mapped[int] = mapped_column(BigInteger, default=0)
    already: Mapped[int] = mapped_column(BigInteger, default=0)
    passed: Mapped[int] = mapped_column(BigInteger, default=0)
    refused: Mapped[int] = mapped_column(BigInteger, default=0)
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_jobs_due", "due_at", postgresql_where=text("due_at is not null")),)


class JobPiece(Table):
    """A stretch of a job's file: what was uploaded, or what an export has written so far."""

    __tablename__ = "job_pieces"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    begins: Mapped[int] = mapped_column(BigInteger)  # its first byte's place in the file
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class JobRefusal(Table):
    """A line that was not taken, and why."""

    __tablename__ = "job_refusals"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    place: Mapped[str]  # a JSON pointer into the line
    reason: Mapped[str]


class ImportedReference(Table):
    """What another system's name for a thing stands for here; within one brand, or in the whole desk when scope is ''.

    Tickets are known by their references to everybody, and so have a table of their own.
    """

    __tablename__ = "imported_references"

    scope: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
