"""describe_customer(): the name and the note that agents give a customer."""

from sqlalchemy import select

from app.agents.permit import Actor, require
from app.core.db import Tx
from app.core.transaction import record
from app.customers.errors import StaleCustomer
from app.customers.events import CustomerChanged
from app.customers.models import Customer
from app.customers.queries import customer_view, find_customer
from app.customers.views import CustomerView


async def describe_customer(
    tx: Tx, actor: Actor, customer_id: str, *, revision: int | None, name: str | None = None, note: str | None = None
) -> CustomerView:
    """Give a customer a name or a note; None leaves it. Raises CustomerNotFound, StaleCustomer with who they are now."""
    require(actor, "describe_customer")
    found = await find_customer(tx, actor, customer_id)
    row = (
        await tx.scalars(
            select(Customer)
            .where(Customer.id == found.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True),
        )
    ).one()
    if revision not in {None, row.revision}:
        present = await customer_view(tx, row)
        raise StaleCustomer(customer=present.model_dump(mode="json"))
    wanted = (row.name if name is None else name, row.note if note is None else note)
    if wanted != (row.name, row.note):
        row.name, row.note = wanted
        row.revision += 1
        await tx.flush()
        record(tx, CustomerChanged(customer_id=row.id), agent_id=actor.agent_id)
    return await customer_view(tx, row)
