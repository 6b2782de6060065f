"""The events table: appended inside a transaction, numbered 1, 2, 3 … by the COMMIT itself (trigger in migration 0001)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    DateTime,
    Identity,
    Index,
    Select,
    Text,
    bindparam,
    cast,
    not_,
    null,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Noted, Tx
from app.core.rows import among, insert_rows
from app.core.table import Table


class EventRow(Table):
    """A fact in the log; `seq` has no gap and never arrives late, `card` is dropped after a week."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    seq: Mapped[int | None] = mapped_column(BigInteger)  # null until the commit
    at: Mapped[datetime]
    type: Mapped[str]
    agent_id: Mapped[str | None]
    brand_id: Mapped[str | None]
    ticket_id: Mapped[str | None]
    audience: Mapped[str]
    fact: Mapped[dict[str, Any]]
    card: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    trace: Mapped[str | None]  # the id that log lines about the same work carry

    __table_args__ = (
        Index("uq_events_seq", "seq", unique=True, postgresql_where=text("seq is not null")),
        Index(
            "ix_events_ticket",
            "ticket_id",
            "seq",
            postgresql_where=text("ticket_id is not null and seq is not null"),
        ),
    )


class EventHead(Table):
    """The number of the newest event, in one row; `pruned` is the newest whose card is gone."""

    __tablename__ = "event_head"

    one: Mapped[bool] = mapped_column(primary_key=True, default=True)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    pruned: Mapped[int] = mapped_column(BigInteger, default=0)


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as the log holds it."""

    seq: int
    at: datetime
    type: str
    agent_id: str | None
    brand_id: str | None
    ticket_id: str | None
    audience: str
    fact: dict[str, Any]
    card: dict[str, Any] | None
    trace: str | None = None


_COLUMNS = tuple(getattr(EventRow, name) for name in Logged.__slots__)
_WITHOUT_CARD: list[Any] = [null() if name == "card" else getattr(EventRow, name) for name in Logged.__slots__]
_AFTER = select(*_COLUMNS).where(EventRow.seq > bindparam("after")).order_by(EventRow.seq).limit(bindparam("limit"))

_HEAD = select(EventHead.seq)


async def append(tx: Tx, noted: Sequence[Noted]) -> None:
    """Write the facts down, in one statement however many they are."""
    rows = [
        {
            "at": n.at,
            "type": n.fact.type,
            "agent_id": n.agent_id,
            "brand_id": n.fact.brand_id,
            "ticket_id": n.fact.ticket_id,
            "audience": type(n.fact).audience,
            "fact": orjson.Fragment(n.fact.model_dump_json()),
            "card": n.card,
            "trace": n.trace,
        }
        for n in noted
    ]
    await insert_rows(tx, EventRow, rows)


async def read_after(tx: Tx, after: int, limit: int = 500) -> list[Logged]:
    """The events numbered after `after`, in order."""
    rows = await tx.execute(_AFTER, {"after": after, "limit": limit})
    return [Logged(*row) for row in rows]


async def head(tx: Tx) -> int:
    """The number of the newest event; 0 when nothing happened yet."""
    return (await tx.scalar(_HEAD)) or 0


async def standing(tx: Tx) -> tuple[int, int]:
    """Both at once: the number of the newest event, and that of the newest whose card is gone."""
    row = (await tx.execute(select(EventHead.seq, EventHead.pruned))).one_or_none()
    return (row[0], row[1]) if row is not None else (0, 0)


async def pruned(tx: Tx) -> int:
    """The number of the newest event whose card is gone; resuming from before it needs a fresh start."""
    return (await tx.scalar(select(EventHead.pruned))) or 0


async def history(tx: Tx, ticket_id: str) -> list[Logged]:
    """What happened to a ticket, in order, without the cards, which are most of an event's size."""
    query = select(*_WITHOUT_CARD).where(EventRow.ticket_id == ticket_id, EventRow.seq.is_not(None))
    return [Logged(*row) for row in await tx.execute(query.order_by(EventRow.seq))]


def told_query() -> Select[int | None, str, datetime, str | None, str]:
    """What happened to a ticket from `since` and before `until`, but for facts of the types in `without`.

    Rows of seq, type, at, agent_id and the fact's JSON; the four names are parameters, as is `ticket_id`.
    """
    since, until = (bindparam(name, type_=DateTime(timezone=True)) for name in ("since", "until"))
    return select(EventRow.seq, EventRow.type, EventRow.at, EventRow.agent_id, cast(EventRow.fact, Text)).where(
        EventRow.ticket_id == bindparam("ticket_id"),
        EventRow.seq.is_not(None),
        not_(among(EventRow.type, "without")),
        or_(since.is_(None), EventRow.at >= since),
        or_(until.is_(None), EventRow.at < until),
    )
