"""inbox() and counts(): which tickets an agent sees in a view, by key and not by offset."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, DateTime, Select, and_, func, literal, or_, select, tuple_

from app.agents.permit import Actor, seen_brands
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import head
from app.core.paging import decode, encode, instant, word
from app.tickets.card import card_of, cards_query
from app.tickets.models import Label, Ticket
from app.tickets.search import matches
from app.tickets.state import PRIORITIES, Priority, State
from app.tickets.views import CountsView, InboxView, LabelView

ViewName = Literal["all_open", "mine", "unassigned", "late", "waiting", "snoozed", "resolved"]
Order = Literal["urgency", "newest"]

COUNT_LIMIT: Final = 1000
_WORKED: Final = ("open", "on_hold")
_NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
_DUE: Final = func.coalesce(Ticket.next_due_at, literal(_NEVER, DateTime(timezone=True)))


@dataclass(frozen=True, slots=True)
class Filter:
    """What the console asks for; an empty list means any."""

    view: ViewName = "all_open"
    brands: Sequence[str] = ()
    accounts: Sequence[str] = ()
    assignees: Sequence[str] = ()
    labels: Sequence[str] = ()
    priorities: Sequence[Priority] = ()
    states: Sequence[State] = ()
    languages: Sequence[str] = ()
    customers: Sequence[str] = ()
    q: str = ""
    order: Order | None = None
    extra: Sequence[ColumnElement[bool]] = field(default=())


def in_view(view: ViewName, actor: Actor, at: datetime) -> ColumnElement[bool]:
    """What belongs to a view, for this agent at this instant."""
    match view:
        case "all_open":
            return Ticket.state.in_(_WORKED)
        case "mine":
            return and_(Ticket.state.in_(_WORKED), Ticket.assignee_id == actor.agent_id)
        case "unassigned":
            return and_(Ticket.state.in_(_WORKED), Ticket.assignee_id.is_(None))
        case "late":
            return and_(Ticket.state.in_((*_WORKED, "waiting", "snoozed")), Ticket.next_due_at < at)
        case "waiting" | "snoozed":
            return Ticket.state == view
        case "resolved":
            return Ticket.state.in_(("resolved", "closed"))


def _visible(actor: Actor, wanted: Sequence[str] = ()) -> list[ColumnElement[bool]]:
    brands = seen_brands(actor, wanted)
    return [] if brands is None else [Ticket.brand_id.in_(sorted(brands))]


def _conditions(actor: Actor, f: Filter, at: datetime) -> list[ColumnElement[bool]]:
    conditions = _visible(actor, f.brands)
    # a search and a choice of states look everywhere; only what is in no other view is bound to one
    if not f.states and not (f.q and f.view == "all_open"):
        conditions.append(in_view(f.view, actor, at))
    if f.states:
        conditions.append(Ticket.state.in_(f.states))
    if f.accounts:
        conditions.append(Ticket.account_id.in_(f.accounts))
    if f.customers:
        conditions.append(Ticket.customer_id.in_(f.customers))
    if f.assignees:
        named = [a for a in f.assignees if a != "none"]
        nobody = Ticket.assignee_id.is_(None)
        conditions.append(
            or_(Ticket.assignee_id.in_(named), nobody) if "none" in f.assignees else Ticket.assignee_id.in_(named)
        )
    if f.labels:
        conditions.append(Ticket.labels.contains(list(f.labels)))
    if f.priorities:
        conditions.append(Ticket.priority.in_([PRIORITIES.index(p) for p in f.priorities]))
    if f.languages:
        conditions.append(Ticket.language.in_(f.languages))
    found = matches(f.q)
    if found is not None:
        conditions.append(found)
    return [*conditions, *f.extra]


def _ordered(query: Select[Any], order: Order, cursor: str | None) -> Select[Any]:
    if order == "newest":
        if cursor:
            at, last = decode(cursor, 2)
            query = query.where(tuple_(Ticket.last_message_at, Ticket.id) < (instant(at), word(last)))
        return query.order_by(Ticket.last_message_at.desc(), Ticket.id.desc())
    if cursor:
        due, at, last = decode(cursor, 3)
        query = query.where(tuple_(_DUE, Ticket.last_customer_at, Ticket.id) > (instant(due), instant(at), word(last)))
    return query.order_by(_DUE, Ticket.last_customer_at, Ticket.id)


def _mark(row: Any, order: Order) -> str:
    t: Ticket = row[0]
    if order == "newest":
        return encode(t.last_message_at, t.id)
    return encode(t.next_due_at or _NEVER, t.last_customer_at, t.id)


async def inbox(tx: Tx, actor: Actor, f: Filter, *, cursor: str | None = None, limit: int = 50) -> InboxView:
    """One page of a view: the most urgent first, or the newest; two statements. Raises BadCursor."""
    at_or_after = await head(tx)
    order: Order = f.order or ("newest" if f.view == "resolved" or f.q else "urgency")
    query = _ordered(cards_query().where(*_conditions(actor, f, now())), order, cursor).limit(limit + 1)
    rows = list(await tx.execute(query))
    more = len(rows) > limit
    return InboxView(
        items=[card_of(row) for row in rows[:limit]],
        next=_mark(rows[limit - 1], order) if more else None,
        head=at_or_after,
    )


async def counts(tx: Tx, actor: Actor, brands: Sequence[str] = ()) -> CountsView:
    """How many tickets each view holds, counted to 1,000; one statement."""
    names: tuple[ViewName, ...] = ("all_open", "mine", "unassigned", "late", "waiting", "snoozed", "resolved")
    at = now()
    columns = [
        select(func.count())
        .select_from(select(1).where(*_visible(actor, brands), in_view(n, actor, at)).limit(COUNT_LIMIT).subquery())
        .scalar_subquery()
        .label(n)
        for n in names
    ]
    row = (await tx.execute(select(*columns))).one()
    return CountsView(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


async def labels(tx: Tx) -> list[LabelView]:
    """Every label in use or used before, by name."""
    return [LabelView(name=n) for n in await tx.scalars(select(Label.name).order_by(Label.name))]
