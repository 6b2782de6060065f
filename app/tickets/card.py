"""attach_cards(): gives every event of the transaction the ticket's card as it now stands."""

from collections.abc import Iterable
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Select, any_, func, select

from app.brands.models import Brand, BrandAccount
from app.core.db import Tx
from app.core.rows import among, read_rows
from app.customers.models import Customer, Identity
from app.tickets.models import Ticket, TicketReference
from app.tickets.state import PRIORITIES
from app.tickets.views import TicketCard

_HANDLE: Final = (
    select(Identity.handle, Identity.avatar_url)
    .where(Identity.customer_id == Customer.id, Identity.network == BrandAccount.network)
    .order_by(Identity.seen_at.desc())
    .limit(1)
    .correlate(Customer, BrandAccount)
    .lateral("handle")
)


_REFERENCES: Final = func.array(
    select(TicketReference.reference)
    .where(TicketReference.ticket_id == Ticket.id)
    .order_by(TicketReference.created_at, TicketReference.reference)
    .correlate(Ticket)
    .scalar_subquery()
).label("references")

_JOINED: Final = {"network", "customer", "references"}
_NAMES: Final = [name for name in TicketCard.model_fields if name not in _JOINED]
_OF_TICKET: Final = [getattr(Ticket, name) for name in _NAMES]


def cards_query() -> Select[Any]:
    """The columns of cards, and what pages are sorted by; add the rows wanted and their order."""
    return (
        select(
            *_OF_TICKET,
            Ticket.customer_id,
            Ticket.last_customer_at,
            BrandAccount.network,
            Customer.name,
            _HANDLE.c.handle,
            _HANDLE.c.avatar_url,
            _REFERENCES,
        )
        .join_from(Ticket, BrandAccount, BrandAccount.id == Ticket.account_id)
        .join(Customer, Customer.id == Ticket.customer_id)
        .join(_HANDLE, onclause=_HANDLE.c.handle.is_not(None), isouter=True)
    )


_THESE: Final = cards_query().where(among(Ticket.id, "ids"))


def every_brand() -> ColumnElement[bool]:
    """Each brand by its id: no less than all tickets, but an index that begins with the brand is asked for each of them."""
    return Ticket.brand_id == any_(func.array(select(Brand.id).scalar_subquery()))


def card_of(row: Any) -> TicketCard:
    """A row of cards_query() as a card."""
    said = row._mapping  # noqa: SLF001 - public, though its name begins so
    return TicketCard.model_validate({**said, "priority": PRIORITIES[row.priority], "customer": _customer(row)})


def card_told(row: Any) -> dict[str, Any]:
    """The same ready for JSON: of rows, which are our own, nothing is checked again."""
    card = dict(zip(_NAMES, row, strict=False))
    card["priority"] = PRIORITIES[row.priority]
    card["network"] = row.network
    card["references"] = row.references
    card["customer"] = _customer(row)
    return card


def card_json(row: Any) -> orjson.Fragment:
    """The JSON of card_of(row), for the log."""
    return orjson.Fragment(orjson.dumps(card_told(row), option=orjson.OPT_UTC_Z))


def _customer(row: Any) -> dict[str, Any]:
    return {"id": row.customer_id, "name": row.name, "handle": row.handle or "", "avatar_url": row.avatar_url}


async def cards(tx: Tx, ticket_ids: Iterable[str]) -> dict[str, TicketCard]:
    """The cards of these tickets as they now stand, by id; one statement."""
    found = await read_rows(tx, _THESE, {"ids": list(ticket_ids)})
    return {row.id: card_of(row) for row in found}


async def attach_cards(tx: Tx) -> None:
    """Give the last noted fact about each ticket its card; the last of the reactions, since others still change rows.

    The card is the ticket after the whole transaction, so its earlier facts carry none: a page of mentions records three
    facts a ticket, and every console would be told the same row three times. Facts for different ears each keep one.
    """
    last = {(n.fact.ticket_id, type(n.fact).audience): n for n in tx.noted if n.fact.ticket_id is not None}
    if not last:
        return
    await tx.flush()
    found = await read_rows(tx, _THESE, {"ids": list({ticket_id for ticket_id, _ in last})})
    standing = {row.id: card_json(row) for row in found}
    for (ticket_id, _), n in last.items():
        n.card = standing.get(ticket_id)
