"""Tables of other systems' keys, of how much they asked lately, and of answers kept so that a request is carried out once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.table import Stamped, Table


class AccessKey(Stamped, Table):
    """A key of another system; its name and who it is in the history stand in its row of `agents`, of the same id."""

    __tablename__ = "access_keys"

    id: Mapped[str] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    begins_with: Mapped[str]  # the part that may be shown
    secret_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    brand_ids: Mapped[list[str] | None]  # null: every brand, those to come too
    per_minute: Mapped[int]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]  # to the minute
    made_by: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    revoked_at: Mapped[datetime | None]


class KeyMinute(Table):
    """How many requests of a key were allowed in one minute, by all processes together; a crash may empty it."""

    __tablename__ = "key_minutes"

    key_id: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[datetime]
    taken: Mapped[int]

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)


class KeptAnswer(Stamped, Table):
    """The answer to a request with an Idempotency-Key; `status` is null while the request is being carried out."""

    __tablename__ = "kept_answers"

    key: Mapped[str] = mapped_column(primary_key=True)  # who asked, and the key they chose
    fingerprint: Mapped[str]  # SHA-256 of what was asked
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)
