"""Customers and their identities read back as views."""

from typing import Final

from sqlalchemy import column, exists, func, select, table, true
from sqlalchemy.orm import aliased

from app.agents.permit import Actor, require, seen_brands
from app.core.db import Tx
from app.customers.errors import CustomerNotFound
from app.customers.models import Customer, Identity
from app.customers.views import CustomerView, IdentityView

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


async def customer_view(tx: Tx, row: Customer) -> CustomerView:
    """This row with its handles."""
    handles = await tx.scalars(
        select(Identity).where(Identity.customer_id == row.id).order_by(Identity.seen_at.desc(), Identity.id),
    )
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
