"""The open ticket: its posts, notes and history, in a fixed number of statements."""

from operator import itemgetter
from typing import Any, Final

import orjson
from sqlalchemy import BigInteger, Text, bindparam, literal_column, null, or_, select, union_all

from app.agents.permit import Actor, seen_brands, sees
from app.brands.account import BARE
from app.brands.models import BrandAccount
from app.core.db import Tx
from app.core.eventlog import told_query
from app.core.rows import among, read_rows
from app.tickets.card import card_of, card_told, cards, cards_query, every_brand
from app.tickets.errors import TicketNotFound
from app.tickets.models import Message, Note, Ticket, TicketReference
from app.tickets.tell_posts import answerable_told, answers_to, newest_of, read_thread, tell_posts
from app.tickets.views import TicketCard, TicketView

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

# Statements are made once: putting one together anew takes as long as running it.
_BRAND_OF: Final = select(Ticket.brand_id).where(Ticket.id == bindparam("ticket_id"))
_HEARD_BY: Final = select(*BARE).where(among(BrandAccount.id, "ids"))
_POSTED_AT: Final = select(Message.posted_at).where(Message.id == bindparam("before"))
_FOLLOWED: Final = select(Ticket.follows_id).where(Ticket.id == bindparam("ticket_id")).scalar_subquery()
_CARDS: Final = (
    cards_query()
    .where(
        or_(
            Ticket.id == bindparam("ticket_id"),
            Ticket.follows_id == bindparam("ticket_id"),
            Ticket.id == _FOLLOWED,
        )
    )
    .order_by(Ticket.number)
)
"""The ticket's card, and those of the ticket that it follows and of those that follow it."""
_NEWEST_OF_CUSTOMER: Final = (
    cards_query()
    .where(Ticket.customer_id == bindparam("customer_id"))
    .order_by(Ticket.last_message_at.desc())
    .limit(100)
)
_OF_CUSTOMER_ALL: Final = _NEWEST_OF_CUSTOMER.where(every_brand())
_OF_CUSTOMER: Final = _NEWEST_OF_CUSTOMER.where(among(Ticket.brand_id, "brands"))


def _beside() -> Any:
    """A ticket's notes, its names and its history at once: a kind, a number, a name, when, by whom, and words."""
    no_number = null().cast(BigInteger)
    facts = told_query().subquery()
    notes = select(_word("note"), no_number, Note.id, Note.created_at, Note.agent_id, Note.text)
    names = select(
        _word("reference"),
        no_number,
        TicketReference.reference,
        TicketReference.created_at,
        TicketReference.agent_id,
        TicketReference.url,
    )
    return union_all(
        notes.where(Note.ticket_id == bindparam("ticket_id")),
        names.where(TicketReference.ticket_id == bindparam("ticket_id")),
        select(_word("fact"), *facts.c),
    )


def _word(kind: str) -> Any:
    return literal_column(f"'{kind}'", Text())


_BESIDE: Final = _beside()


async def see_ticket(tx: Tx, actor: Actor, ticket_id: str) -> None:
    """Go on only if the actor may see this ticket. Raises TicketNotFound."""
    found = await read_rows(tx, _BRAND_OF, {"ticket_id": ticket_id})
    if not found or not sees(actor, found[0].brand_id):
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
    brands = seen_brands(actor)
    asked: dict[str, Any] = {"customer_id": customer_id}
    of_seen = (_OF_CUSTOMER_ALL, asked) if brands is None else (_OF_CUSTOMER, asked | {"brands": brands})
    return [card_of(row) for row in await read_rows(tx, *of_seen)]


async def open_ticket(tx: Tx, actor: Actor, ticket_id: str, before: str | None = None) -> TicketView:
    """The ticket with its newest 200 posts, or with the 200 before a message. Raises TicketNotFound."""
    opened = await ticket_told(tx, actor, ticket_id, before)
    return TicketView.model_validate_json(orjson.dumps(opened, option=orjson.OPT_UTC_Z))


async def ticket_told(tx: Tx, actor: Actor, ticket_id: str, before: str | None = None) -> dict[str, Any]:
    """The same ready for JSON: rows are our own, and nothing is checked again. Raises TicketNotFound."""
    found = await read_rows(tx, _CARDS, {"ticket_id": ticket_id})
    row = next((one for one in found if one.id == ticket_id), None)
    if row is None or not sees(actor, row.brand_id):
        raise TicketNotFound
    posts, earlier = await read_thread(tx, ticket_id, before)
    heard_by = await read_rows(tx, _HEARD_BY, {"ids": {m.account_id for m in posts}})
    accounts = {account.id: account for account in heard_by}
    answers = answers_to(accounts, [m for m in posts if m.ticket_id == ticket_id and m.kind == "customer"])
    messages = tell_posts(posts, ticket_id, answers)
    notes, names, facts = await _told_beside(
        tx,
        ticket_id,
        since=messages[0]["posted_at"] if earlier else None,
        until=None if before is None else await tx.scalar(_POSTED_AT, {"before": before}),
    )
    newest = newest_of(posts, answers, {key for key, one in accounts.items() if one.network == row.network})
    return {
        "card": card_told(row),
        "messages": messages,
        "notes": notes,
        "references": names,
        "facts": facts,
        "answerable": answerable_told(newest) if newest else None,
        "earlier": earlier,
        "follows": next((card_told(one) for one in found if one.id == row.follows_id), None),
        "followed_by": [card_told(one) for one in found if one.follows_id == ticket_id],
    }


async def _told_beside(
    tx: Tx, ticket_id: str, *, since: Any, until: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """The notes, the names and the history between two instants, ready for JSON, each in its order."""
    asked = {"ticket_id": ticket_id, "without": SAID_BY_THE_THREAD, "since": since, "until": until}
    notes, names, facts = [], [], []
    for kind, seq, name, at, agent_id, words in await read_rows(tx, _BESIDE, asked):
        if kind == "fact":
            facts.append({"seq": seq, "at": at, "type": name, "agent_id": agent_id, "fact": orjson.Fragment(words)})
        elif kind == "note":
            note = {"id": name, "ticket_id": ticket_id, "agent_id": agent_id, "text": words, "created_at": at}
            notes.append(note)
        else:
            names.append({"reference": name, "url": words, "agent_id": agent_id, "created_at": at})
    notes.sort(key=itemgetter("id"))
    names.sort(key=itemgetter("created_at", "reference"))
    facts.sort(key=itemgetter("seq"))
    return notes, names, facts
