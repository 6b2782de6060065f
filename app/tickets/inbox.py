"""inbox() and counts(): which tickets an agent sees in a view, by key and not by offset."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)

from app.agents.permit import Actor, seen_brands
from app.brands.models import Brand
from app.core.clock import now
from app.core.db import Tx
from app.core.paging import decode, encode, instant, word
from app.core.rows import among, read_rows
from app.tickets.card import card_of, card_told, cards_query, every_brand
from app.tickets.models import NEVER_DUE, Label, Ticket
from app.tickets.references import named_tickets
from app.tickets.search import containing, search
from app.tickets.search_words import query_words
from app.tickets.state import MOVES, PRIORITIES, Priority, State
from app.tickets.views import CountsView, InboxView, LabelView

ViewName = Literal["all_open", "mine", "unassigned", "late", "waiting", "snoozed", "resolved"]
Order = Literal["urgency", "newest"]

COUNT_LIMIT: Final = 1000
_NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
DUE: Final = func.coalesce(Ticket.next_due_at, literal_column(NEVER_DUE, DateTime(timezone=True)))
"""When a ticket is due, and in a far future when nothing is promised; the inbox's index holds this expression."""

_URGENCY: Final = (DUE.label("due"), Ticket.last_customer_at, Ticket.id)

_LABELLED: Final = Ticket.labels != literal_column("'{}'")
"""What the index of labelled tickets holds, said as it says it, so that the planner knows."""
_NORMAL: Final = PRIORITIES.index("normal")

_BY_VALUES: Final = (
    "select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true)"
)
_PLAN: Final = text(f"{_BY_VALUES}, (select seq from event_head)")  # noqa: S608 - constants of ours
"""How this transaction's statements are planned (docs/decisions/0011): for the brands and words asked for and not for
others, since a small brand wants another way than a large one; and never by reading the whole table, which looks cheap
for a page only while what is asked for lies at the front. It answers the log's head beside it."""


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
    reference: str = ""
    q: str = ""
    order: Order | None = None
    extra: Sequence[ColumnElement[bool]] = field(default=())


_STATES: Final[dict[ViewName, tuple[State, ...]]] = {
    "all_open": ("open", "on_hold"),
    "mine": ("open", "on_hold"),
    "unassigned": ("open", "on_hold"),
    "late": ("open", "on_hold", "waiting", "snoozed"),
    "waiting": ("waiting",),
    "snoozed": ("snoozed",),
    "resolved": ("resolved", "closed"),
}


def _narrowed(view: ViewName, agent_id: Any, at: Any) -> list[ColumnElement[bool]]:
    """What a view asks beside the state, for this agent at this instant, or for parameters that stand for them."""
    match view:
        case "mine":
            return [Ticket.assignee_id == agent_id]
        case "unassigned":
            return [Ticket.assignee_id.is_(None)]
        case "late":
            return [at > DUE]
        case _:
            return []


def _visible(actor: Actor, wanted: Sequence[str] = ()) -> list[ColumnElement[bool]]:
    brands = seen_brands(actor, wanted)
    return [] if brands is None else [Ticket.brand_id.in_(sorted(brands))]


def _states(f: Filter) -> tuple[State, ...]:
    """The states to look in; none means any."""
    # a search and a choice of states look everywhere; only what is in no other view is bound to one
    return tuple(dict.fromkeys(f.states)) or (() if (f.q or f.reference) and f.view == "all_open" else _STATES[f.view])


def _conditions(actor: Actor, f: Filter, at: datetime) -> list[ColumnElement[bool]]:
    """What is asked of a ticket beside its brand and state."""
    conditions = [] if f.states else _narrowed(f.view, actor.agent_id, at)
    if f.accounts:
        conditions.append(Ticket.account_id.in_(f.accounts))
    if f.customers:
        conditions += [Ticket.customer_id.in_(f.customers), every_brand()]
    if f.assignees:
        named = [a for a in f.assignees if a != "none"]
        nobody = Ticket.assignee_id.is_(None)
        conditions.append(
            or_(Ticket.assignee_id.in_(named), nobody) if "none" in f.assignees else Ticket.assignee_id.in_(named)
        )
    if f.labels:
        conditions += [Ticket.labels.contains(list(f.labels)), _LABELLED]
    if f.priorities:
        conditions.append(Ticket.priority.in_([PRIORITIES.index(p) for p in f.priorities]))
    if f.languages:
        conditions.append(Ticket.language.in_(f.languages))
    return [*conditions, *f.extra]


def _urgent(actor: Actor, f: Filter, conditions: Sequence[ColumnElement[bool]], cursor: str | None, limit: int) -> Any:
    """The ids of the most urgent: some looks into an index, each in order, merged."""
    if cursor:
        due, at, last = decode(cursor, 3)
        after = (instant(due), instant(at), word(last))
        conditions = [*conditions, tuple_(*_URGENCY) > after]
    ranks = sorted({PRIORITIES.index(priority) for priority in f.priorities})
    if _NORMAL in ranks:
        ranks = []
    if f.view == "mine" or f.assignees or f.customers or f.reference or f.q or f.extra or ranks:
        merged = _of_states(f, [*_visible(actor, f.brands), *conditions], ranks, limit)
    else:
        merged = _of_brands(actor, f, conditions, limit)
    return select(merged.c.id).order_by(merged.c.due, merged.c.last_customer_at, merged.c.id).limit(limit)


def _of_states(f: Filter, conditions: Sequence[ColumnElement[bool]], ranks: Sequence[int], limit: int) -> Any:
    """A look for each state, and for each priority if there are any, over all brands at once: for what is in few tickets."""
    each_rank = [[Ticket.priority == rank] for rank in ranks] or [[]]
    looks = [
        select(*_URGENCY).where(Ticket.state == state, *rank, *conditions)
        for state in _states(f) or MOVES
        for rank in each_rank
    ]
    return union_all(*(look.order_by(*_URGENCY).limit(limit).subquery().select() for look in looks)).subquery()


def _of_brands(actor: Actor, f: Filter, conditions: Sequence[ColumnElement[bool]], limit: int) -> Any:
    """A look for each brand that the actor sees, and state: what other brands have is never walked over."""
    seen = seen_brands(actor, f.brands)
    brands = (select(Brand.id) if seen is None else select(Brand.id).where(among(Brand.id, seen))).subquery()
    states = select(func.unnest(cast(list(_states(f) or MOVES), ARRAY(Text()))).label("state")).subquery()
    of_one = select(*_URGENCY).where(Ticket.brand_id == brands.c.id, Ticket.state == states.c.state, *conditions)
    look = of_one.order_by(*_URGENCY).limit(limit).correlate(brands, states).lateral()
    return select(look).select_from(brands).join(states, true()).join(look, true()).subquery()


def _newest(conditions: Sequence[ColumnElement[bool]], states: Sequence[State], cursor: str | None) -> Any:
    """The tickets with the newest messages, newest first."""
    found = select(Ticket.id, Ticket.last_message_at).where(*conditions)
    if states:
        found = found.where(Ticket.state.in_(states))
    if cursor:
        at, last = decode(cursor, 2)
        found = found.where(tuple_(Ticket.last_message_at, Ticket.id) < (instant(at), word(last)))
    return found.order_by(Ticket.last_message_at.desc(), Ticket.id.desc())


async def _found(tx: Tx, actor: Actor, f: Filter, order: Order, cursor: str | None, limit: int) -> list[str]:
    """The ids of a page's tickets, answered by indexes alone."""
    conditions, states = _conditions(actor, f, now()), _states(f)
    if f.reference:
        conditions.append(Ticket.id.in_(await named_tickets(tx, f.reference, seen_brands(actor, f.brands))))
    wanted = query_words(f.q)
    visible = [*_visible(actor, f.brands), *conditions]
    if wanted and order == "newest":
        return await search(tx, _newest(visible, states, cursor), wanted, limit)
    if order == "newest":
        page = _newest(visible, states, cursor).limit(limit)
    else:
        conditions += [Ticket.id.in_(containing(wanted))] if wanted else []
        page = _urgent(actor, f, conditions, cursor, limit)
    return [row.id for row in await read_rows(tx, page, {})]


_THESE: Final = cards_query().where(among(Ticket.id, "ids"))
_CARDS: Final[dict[Order, Any]] = {
    "urgency": _THESE.order_by(DUE, Ticket.last_customer_at, Ticket.id),
    "newest": _THESE.order_by(Ticket.last_message_at.desc(), Ticket.id.desc()),
}
"""Made once: putting them together anew for every page costs a tenth of it."""


def _mark(row: Any, order: Order) -> str:
    if order == "newest":
        return encode(row.last_message_at, row.id)
    return encode(row.next_due_at or _NEVER, row.last_customer_at, row.id)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a view: the rows of its cards, where the next begins, and the log's head before they were read."""

    rows: Sequence[Any]
    next: str | None
    head: int

    def told(self) -> dict[str, Any]:
        """As an InboxView says it, ready for JSON."""
        return {"items": [card_told(row) for row in self.rows], "next": self.next, "head": self.head}

    def view(self) -> InboxView:
        """As a view."""
        return InboxView(items=[card_of(row) for row in self.rows], next=self.next, head=self.head)


async def page_of(tx: Tx, actor: Actor, f: Filter, *, cursor: str | None = None, limit: int = 50) -> Page:
    """One page of a view: the most urgent first, or the newest; three statements, five for a search. Raises BadCursor."""
    order: Order = f.order or ("newest" if f.view == "resolved" or f.q else "urgency")
    ((_, _, at_or_after),) = await read_rows(tx, _PLAN, {})
    ids = await _found(tx, actor, f, order, cursor, limit + 1)
    rows = await read_rows(tx, _CARDS[order], {"ids": ids})
    following = _mark(rows[limit - 1], order) if len(rows) > limit else None
    return Page(rows[:limit], following, at_or_after or 0)


async def inbox(tx: Tx, actor: Actor, f: Filter, *, cursor: str | None = None, limit: int = 50) -> InboxView:
    """The same as a view. Raises BadCursor."""
    return (await page_of(tx, actor, f, cursor=cursor, limit=limit)).view()


def _counting(of_brands: ColumnElement[bool]) -> Select[Any]:
    """The number of tickets in each view, of the agent `me` at the instant `at`."""
    me, at = bindparam("me", type_=Text()), bindparam("at", type_=DateTime(timezone=True))
    looks = {
        name: select(1).where(of_brands, Ticket.state.in_(states), *_narrowed(name, me, at)).limit(COUNT_LIMIT)
        for name, states in _STATES.items()
    }
    return select(
        *(select(func.count()).select_from(look.subquery()).scalar_subquery().label(n) for n, look in looks.items())
    )


_ALL: Final = _counting(every_brand())
_SEEN: Final = _counting(among(Ticket.brand_id, "brands"))
_PLAN_COUNTS: Final = text(f"{_BY_VALUES}, set_config('enable_bitmapscan', 'off', true)")
"""As for a page, and index by index: a bitmap of what waits would be made of all of it before the first is counted."""


async def counts(tx: Tx, actor: Actor, brands: Sequence[str] = ()) -> CountsView:
    """How many tickets each view holds, counted to 1,000; two statements."""
    seen = seen_brands(actor, brands)
    await tx.execute(_PLAN_COUNTS)
    asked = {"me": actor.agent_id, "at": now()}
    counting = (_ALL, asked) if seen is None else (_SEEN, asked | {"brands": seen})
    (row,) = await read_rows(tx, *counting)
    return CountsView(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


async def labels(tx: Tx) -> list[LabelView]:
    """Every label in use or used before, by name."""
    return [LabelView(name=n) for n in await tx.scalars(select(Label.name).order_by(Label.name))]
