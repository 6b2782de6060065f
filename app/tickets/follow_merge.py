"""follow_merge(): a commit reaction; when two customers turn out to be one, their tickets follow."""

from sqlalchemy import select, update

from app.core.db import Tx
from app.customers.events import CustomersMerged
from app.tickets.card import every_brand
from app.tickets.models import Ticket


async def follow_merge(tx: Tx) -> None:
    """Give the tickets of a customer who is gone to the one who remains.

    Messages stay as they were written: who reads whose they are follows `merged_into`. To rewrite them would take an
    index that every mention pays for, and as many rows as the customer ever said things.
    """
    for noted in list(tx.noted):
        fact = noted.fact
        if not isinstance(fact, CustomersMerged):
            continue
        gone = list(
            await tx.scalars(
                select(Ticket.id)
                .where(Ticket.customer_id == fact.gone_id, every_brand())
                .order_by(Ticket.id)
                .with_for_update()
            )
        )
        await tx.execute(
            update(Ticket)
            .where(Ticket.id.in_(gone))
            .values(customer_id=fact.customer_id, revision=Ticket.revision + 1)
            .execution_options(synchronize_session=False),
        )
