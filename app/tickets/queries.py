"""The open ticket: its posts, notes and history, in a fixed number of statements."""

from bisect import bisect_left
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Select, Text, bindparam, or_, select, tuple_, union
from sqlalchemy.orm import aliased

from app.agents.permit import Actor, seen_brands, sees
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import told
from app.core.rows import among
from app.networks.answerable import YES, Answerable
from app.tickets.answerable import answerable_all, answerable_view, can_answer
from app.tickets.card import card_of, card_told, cards, cards_query, every_brand
from app.tickets.errors import TicketNotFound
from app.tickets.models import Message, Note, Ticket, TicketConversation
from app.tickets.references import reference_in, references_of
from app.tickets.views import (
    AuthorView,
    MediaView,
    MessageView,
    NoteView,
    TicketCard,
    TicketView,
    VersionView,
)

MOST_MESSAGES: Final = 200
SAID_BY_THE_THREAD: Final = frozenset(
    [
        "message.received",
        "message.edited",
        "message.vanished",
        "ticket.answered_outside",
        "ticket.context_added",
        "note.added",
        "reply.queued",
        "reply.sending",
        "reply.sent",
        "reply.delayed",
        "reply.unsure",
        "reply.failed",
        "timer.started",
        "timer.changed",
        "timer.cancelled",
        "promise.message_joined",
    ],
)
"""Facts that posts, notes, replies and clocks say themselves, by name since others come from floors above: no history."""

_DERIVED: Final = {"author", "in_reply_to", "external_reference", "answered_at", "answerable"}
_AS_KEPT: Final = tuple(name for name in MessageView.model_fields if name not in _DERIVED)
_AUTHOR: Final = tuple(AuthorView.model_fields)
_MEDIA: Final = tuple(MediaView.model_fields)
_VIEWS: Final = TypeAdapter(list[MessageView])
_VERSIONS: Final = TypeAdapter(list[VersionView])
_NAMES: Final = (*_AS_KEPT, "author", "in_reply_to", "uri", "remote_id", "account_id", "role", "facts")
_COLUMNS: Final = [getattr(Message, name) for name in _NAMES]
_columns_of: Final = attrgetter(*_NAMES)
_as_post: Final[Callable[[Iterable[Any]], Any]] = namedtuple(  # type: ignore[attr-defined]  # noqa: PYI024 - the columns' names
    "_Post", _NAMES
)._make
"""A post as it was read: its columns are asked for by name some 4,000 times a page, for which SQLAlchemy's rows are slow."""

# Statements are made once: putting one together anew takes as long as running it.
_BRAND_OF: Final = select(Ticket.brand_id).where(Ticket.id == bindparam("ticket_id"))
_HEARD_BY: Final = select(BrandAccount).where(among(BrandAccount.id, "ids"))
_POSTED_AT: Final = select(Message.posted_at).where(Message.id == bindparam("before"))
_CARD: Final = cards_query().where(Ticket.id == bindparam("ticket_id"))
_NOTES: Final = (
    select(*(getattr(Note, name) for name in NoteView.model_fields))
    .where(Note.ticket_id == bindparam("ticket_id"))
    .order_by(Note.id)
)
_LINKED: Final = (
    cards_query()
    .where(or_(Ticket.id == bindparam("follows_id"), Ticket.follows_id == bindparam("ticket_id")))
    .order_by(Ticket.number)
)


async def see_ticket(tx: Tx, actor: Actor, ticket_id: str) -> None:
    """Go on only if the actor may see this ticket. Raises TicketNotFound."""
    brand_id = await tx.scalar(_BRAND_OF, {"ticket_id": ticket_id})
    if brand_id is None or not sees(actor, brand_id):
        raise TicketNotFound


async def ticket_card(tx: Tx, actor: Actor, ticket_id: str) -> TicketCard:
    """One card. Raises TicketNotFound."""
    card = (await cards(tx, [ticket_id])).get(ticket_id)
    if card is None or not sees(actor, card.brand_id):
        raise TicketNotFound
    return card


async def card_by_number(tx: Tx, actor: Actor, number: int) -> TicketCard:
    """The card of the ticket with this number. Raises TicketNotFound."""
    ticket_id = await tx.scalar(select(Ticket.id).where(Ticket.number == number))
    if ticket_id is None:
        raise TicketNotFound
    return await ticket_card(tx, actor, ticket_id)


async def customer_cards(tx: Tx, actor: Actor, customer_id: str) -> list[TicketCard]:
    """A customer's tickets that the actor may see, newest first, 100 at most."""
    query = cards_query().where(Ticket.customer_id == customer_id).order_by(Ticket.last_message_at.desc()).limit(100)
    seen = seen_brands(actor)
    query = query.where(every_brand() if seen is None else Ticket.brand_id.in_(seen))
    return [card_of(row) for row in await tx.execute(query)]


async def open_ticket(tx: Tx, actor: Actor, ticket_id: str, before: str | None = None) -> TicketView:
    """The ticket with its newest 200 posts, or with the 200 before a message. Raises TicketNotFound."""
    opened = await ticket_told(tx, actor, ticket_id, before)
    return TicketView.model_validate_json(orjson.dumps(opened, option=orjson.OPT_UTC_Z))


async def ticket_told(tx: Tx, actor: Actor, ticket_id: str, before: str | None = None) -> dict[str, Any]:
    """The same ready for JSON: rows are our own, and nothing is checked again. Raises TicketNotFound."""
    row = (await tx.execute(_CARD, {"ticket_id": ticket_id})).one_or_none()
    if row is None or not sees(actor, row.brand_id):
        raise TicketNotFound
    thread = _NEWEST if before is None else _BEFORE
    rows = [_as_post(one) for one in await tx.execute(thread, {"ticket_id": ticket_id, "before": before})]
    earlier = len(rows) > MOST_MESSAGES
    heard_by = await tx.scalars(_HEARD_BY, {"ids": {m.account_id for m in rows}})
    accounts = {account.id: account for account in heard_by}
    asking = [m for m in rows[:MOST_MESSAGES] if m.ticket_id == ticket_id and m.kind == "customer"]
    answers = _answers(accounts, asking)
    own = [answers[m.id] for m in asking if accounts[m.account_id].network == row.network]
    newest = next((a for a in own if can_answer(a, "private")), next(iter(own), None))
    messages = _told(rows[MOST_MESSAGES - 1 :: -1] if earlier else rows[::-1], ticket_id, answers)
    since = messages[0]["posted_at"] if earlier else None
    until = None if before is None else await tx.scalar(_POSTED_AT, {"before": before})
    notes = await tx.execute(_NOTES, {"ticket_id": ticket_id})
    linked = list(await tx.execute(_LINKED, {"ticket_id": ticket_id, "follows_id": row.follows_id}))
    return {
        "card": card_told(row),
        "messages": messages,
        "notes": [dict(one._mapping) for one in notes],  # noqa: SLF001 - public, though its name begins so
        "references": await references_of(tx, ticket_id),
        "facts": await told(tx, ticket_id, without=SAID_BY_THE_THREAD, since=since, until=until),
        "answerable": _answerable_told(newest) if newest else None,
        "earlier": earlier,
        "follows": next((card_told(one) for one in linked if one.id == row.follows_id), None),
        "followed_by": [card_told(one) for one in linked if one.follows_id == ticket_id],
    }


def _thread(*, before: bool) -> Any:
    """Newest first: the ticket's own posts, what stands around them without a ticket, and what they answer.

    Each of the three is found by an index of its own; asked together, with `or`, they would be looked for in all posts.
    """
    mine = bindparam("ticket_id", type_=Text())
    threads = select(TicketConversation.conversation_id).where(TicketConversation.ticket_id == mine)
    said = aliased(Message)
    parents = select(said.account_id, said.in_reply_to).where(said.ticket_id == mine, said.in_reply_to.is_not(None))
    own = select(Message.id).where(Message.ticket_id == mine)
    near_by = select(Message.id).where(Message.conversation_id.in_(threads))
    around = near_by.where(Message.ticket_id.is_(None))
    answered = near_by.where(Message.lane == "public", tuple_(Message.account_id, Message.remote_id).in_(parents))
    parts = (_newest(part, before=before).subquery().select() for part in (own, around, answered))
    near = union(*parts).subquery()
    query = select(*_COLUMNS).join(near, near.c.id == Message.id)
    return query.order_by(Message.posted_at.desc(), Message.id.desc()).limit(MOST_MESSAGES + 1)


def _newest(part: Select[Any], *, before: bool) -> Select[Any]:
    """As many of these messages as a page can hold, from the newest on or from before a message."""
    if before:
        place = bindparam("before", type_=Text())
        mark = select(Message.posted_at).where(Message.id == place).correlate(None).scalar_subquery()
        part = part.where(tuple_(Message.posted_at, Message.id) < tuple_(mark, place))
    return part.order_by(Message.posted_at.desc(), Message.id.desc()).limit(MOST_MESSAGES + 1)


# Made once: putting them together anew takes as long as reading the posts does.
_NEWEST, _BEFORE = _thread(before=False), _thread(before=True)


def _answers(accounts: Mapping[str, BrandAccount], asking: Sequence[Any]) -> dict[str, Answerable]:
    """Whether and how each of these posts can be answered, asked of the network it was said on; newest first as given."""
    at = now()
    told: dict[str, Answerable] = {}
    for account_id, account in accounts.items():
        said = [m for m in asking if m.account_id == account_id]
        told |= {m.id: answer for m, answer in zip(said, answerable_all(account, said, at), strict=True)}
    return told


def message_views(messages: Iterable[Message], ticket_id: str) -> list[MessageView]:
    """Messages as the console shows them, oldest first."""
    return _VIEWS.validate_python(_told([_as_post(_columns_of(m)) for m in messages], ticket_id, {}))


def _told(rows: Sequence[Any], ticket_id: str, answerable: Mapping[str, Answerable]) -> list[dict[str, Any]]:
    """Posts ready for JSON; `answerable` is by message id, where it was asked."""
    by_remote = {m.remote_id: m.id for m in rows}
    answers = [m.posted_at for m in rows if m.kind == "brand" and m.ticket_id == ticket_id and not m.vanished_at]
    return [_shown(m, by_remote, answers if m.ticket_id == ticket_id else (), answerable.get(m.id, YES)) for m in rows]


def _shown(m: Any, by_remote: Mapping[str, str], answers: Sequence[Any], answerable: Answerable) -> dict[str, Any]:
    place = bisect_left(answers, m.posted_at) if m.kind == "customer" else len(answers)
    shown: dict[str, Any] = dict(zip(_AS_KEPT, m, strict=False))
    author = m.author
    shown["author"] = {name: author.get(name) for name in _AUTHOR}
    shown["segments"] = [{"kind": s["kind"], "text": s["text"], "href": s.get("href")} for s in m.segments]
    if m.media:
        shown["media"] = [{name: one.get(name) for name in _MEDIA} for one in m.media]
    if m.versions:
        shown["versions"] = _VERSIONS.dump_python(_VERSIONS.validate_python(m.versions))
    shown["in_reply_to"] = by_remote.get(m.in_reply_to or "")
    shown["external_reference"] = reference_in(m.uri)
    shown["answered_at"] = answers[place] if place < len(answers) else None
    shown["answerable"] = None if answerable is YES or answerable == YES else _answerable_told(answerable)
    return shown


def _answerable_told(answerable: Answerable) -> dict[str, Any]:
    return answerable_view(answerable).model_dump()
