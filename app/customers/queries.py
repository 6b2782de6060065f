"""Customers and their identities read back as views."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, Select, Text, cast, column, exists, func, select, table, true
from sqlalchemy.orm import aliased

from app.agents.permit import Actor, require, seen_brands
from app.core.db import Tx
from app.core.paging import decode, encode, word
from app.core.rows import among
from app.customers.errors import CustomerNotFound
from app.customers.models import Customer, Identity
from app.customers.views import CustomersView, CustomerView, IdentityView

# Tickets stand on a floor above. An agent may see who has a ticket with one of their brands, which is asked by name.
_tickets: Final = table("tickets", column("customer_id"), column("brand_id"))


async def find_customer(tx: Tx, actor: Actor, customer_id: str) -> Customer:
    """The row of a customer the actor may see; of one who was merged, the row that remained. Raises CustomerNotFound."""
    require(actor, "see")
    asked = aliased(Customer)
    seen = seen_brands(actor)
    visible = (
        true()
        if seen is None
        else exists().where(_tickets.c.customer_id.in_([asked.id, Customer.id]), _tickets.c.brand_id.in_(seen))
    )
    query = (
        select(Customer)
        .join(asked, Customer.id == func.coalesce(asked.merged_into, asked.id))
        .where(asked.id == customer_id, visible)
        .execution_options(populate_existing=True)
    )
    found = await tx.scalar(query)
    if found is None:
        raise CustomerNotFound
    return found


async def customer(tx: Tx, actor: Actor, customer_id: str) -> CustomerView:
    """A customer with their handles, the one heard last first; two statements. Raises CustomerNotFound."""
    require(actor, "see")
    return await customer_view(tx, await find_customer(tx, actor, customer_id))


async def customers(tx: Tx, actor: Actor, *, cursor: str | None, limit: int) -> CustomersView:
    """A page of the customers with a ticket of a brand the actor sees; two statements. Raises BadCursor."""
    require(actor, "see")
    query = select(Customer).where(Customer.merged_into.is_(None)).order_by(Customer.id.desc()).limit(limit + 1)
    before = None if cursor is None else word(decode(cursor, 1)[0])
    seen = seen_brands(actor)
    if seen is not None:
        query = query.where(Customer.id.in_(_who_asked(seen, before, limit + 1)))
    elif before is not None:
        query = query.where(Customer.id < before)
    found = list(await tx.scalars(query.execution_options(populate_existing=True)))
    page = found[:limit]
    handles = await _handles(tx, [row.id for row in page])
    following = encode(page[-1].id) if len(found) > limit else None
    return CustomersView(items=[_shown(row, handles.get(row.id, [])) for row in page], next=following)


def _who_asked(brands: Collection[str], before: str | None, limit: int) -> Select[Any]:
    """The newest customers of these brands: a look for each, since a small brand's are far apart among all customers."""
    one = select(func.unnest(cast(sorted(brands), ARRAY(Text()))).label("brand_id")).subquery()
    asked = select(_tickets.c.customer_id).where(_tickets.c.brand_id == one.c.brand_id)
    if before is not None:
        asked = asked.where(_tickets.c.customer_id < before)
    each = asked.group_by(_tickets.c.customer_id).order_by(_tickets.c.customer_id.desc()).limit(limit)
    found = each.correlate(one).lateral()
    whoever = select(found.c.customer_id).select_from(one).join(found, true()).distinct()
    return whoever.order_by(found.c.customer_id.desc()).limit(limit)


async def customer_view(tx: Tx, row: Customer) -> CustomerView:
    """This row with its handles."""
    return _shown(row, (await _handles(tx, [row.id])).get(row.id, []))


async def _handles(tx: Tx, ids: Sequence[str]) -> dict[str, list[Identity]]:
    """The handles of these customers, of each the one heard last first."""
    query = select(Identity).where(among(Identity.customer_id, ids)).order_by(Identity.seen_at.desc(), Identity.id)
    found: dict[str, list[Identity]] = {}
    for one in await tx.scalars(query):
        found.setdefault(one.customer_id, []).append(one)
    return found


def _shown(row: Customer, handles: Sequence[Identity]) -> CustomerView:
    return CustomerView(
        id=row.id,
        name=row.name,
        note=row.note,
        identities=[
            IdentityView(
                id=known.id,
                network=known.network,
                handle=known.handle,
                name=known.name,
                url=known.url,
                avatar_url=known.avatar_url,
                followers=known.followers,
                bot=known.bot,
                seen_at=known.seen_at,
            )
            for known in handles
        ],
        created_at=row.created_at,
        revision=row.revision,
    )
