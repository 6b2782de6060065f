"""Tables of the answer on its way out; `replies` is the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Revised, Stamped, Table


class Reply(Stamped, Revised, Table):
    """A text handed over for sending, frozen before the first attempt."""

    __tablename__ = "replies"

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("brand_accounts.id"))
    parent_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    key: Mapped[str] = mapped_column(unique=True)
    fingerprint: Mapped[str]  # SHA-256 of the request, so that a key is not used for another text
    lane: Mapped[str]
    text: Mapped[str]  # what the agent wrote
    outgoing: Mapped[dict[str, Any]]  # exactly what is published, but for the ids of uploaded media
    then: Mapped[str | None]  # resolve | wait
    group_id: Mapped[str | None]  # the first part, where a text leaves in parts
    part: Mapped[int] = mapped_column(default=1, server_default=sql("1"))
    parts: Mapped[int] = mapped_column(default=1, server_default=sql("1"))
    state: Mapped[str] = mapped_column(default="queued")
    due_at: Mapped[datetime | None]  # null: finished, unsure and only a person can decide, or behind another part
    tries: Mapped[int] = mapped_column(default=0)  # how often it was handed to the network
    attempts: Mapped[int] = mapped_column(default=0)  # counts claims; fences a worker whose lease ran out
    lease_until: Mapped[datetime | None]
    first_attempt_at: Mapped[datetime | None]
    last_try_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    doubt: Mapped[str | None]  # an i18n key: it is out, and yet not seen as it should be
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    sent_at: Mapped[datetime | None]
    trace: Mapped[str | None]  # the id of the request that handed it over; its delivery goes on under it

    __table_args__ = (
        Index("ix_replies_due", "due_at", postgresql_where=sql("state in ('queued', 'sending', 'unsure')")),
        Index("ix_replies_line", "ticket_id", "id", postgresql_where=sql("state in ('queued', 'sending', 'unsure')")),
        Index("ix_replies_group", "group_id", "part", unique=True, postgresql_where=sql("group_id is not null")),
        Index("ix_replies_ticket", "ticket_id", "created_at"),
    )


class Picture(Stamped, Table):
    """A picture to go out with a reply, kept until it is out; the bytes are in the row so that any worker has them."""

    __tablename__ = "pictures"

    id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    reply_id: Mapped[str | None] = mapped_column(ForeignKey("replies.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str]
    filename: Mapped[str]
    alt: Mapped[str] = mapped_column(default="")
    remote_id: Mapped[str | None]  # at the network, once uploaded


class Draft(Table):
    """A text not sent; one per agent and ticket."""

    __tablename__ = "drafts"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
