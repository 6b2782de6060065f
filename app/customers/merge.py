"""merge_customers(): two handles, one person."""

from sqlalchemy import or_, select, update

from app.agents.permit import Actor, require
from app.core.db import Tx
from app.core.transaction import record
from app.customers.errors import CannotMergeWithSelf, StaleCustomer
from app.customers.events import CustomersMerged
from app.customers.models import Customer, Identity
from app.customers.queries import customer_view, find_customer
from app.customers.views import CustomerView


async def merge_customers(
    tx: Tx, actor: Actor, customer_id: str, other_id: str, revision: int | None = None
) -> CustomerView:
    """Make `other_id` one with `customer_id`, who remains and keeps their name; the notes of both are kept.

    Handles move here; whatever else belongs to the one who is gone follows the fact (tickets, on a floor above).
    `revision` is what was seen of the first. Raises CustomerNotFound, StaleCustomer, and CannotMergeWithSelf, also when
    they became one a moment ago.
    """
    require(actor, "merge_customer")
    ids = [(await find_customer(tx, actor, one)).id for one in (customer_id, other_id)]
    # Handles before customers, each in their order: as identifying an author locks them.
    await tx.execute(
        select(Identity.id)
        .where(Identity.customer_id.in_(ids))
        .order_by(Identity.network, Identity.server, Identity.remote_id)
        .with_for_update(key_share=True),
    )
    locked = await tx.scalars(
        select(Customer)
        .where(Customer.id.in_(ids), Customer.merged_into.is_(None))
        .order_by(Customer.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True),
    )
    rows = {row.id: row for row in locked}
    if len(rows) < 2:
        raise CannotMergeWithSelf(field="other_id")
    kept, gone = rows[ids[0]], rows[ids[1]]
    if revision not in {None, kept.revision}:
        raise StaleCustomer(customer=(await customer_view(tx, kept)).model_dump(mode="json"))
    await tx.execute(
        update(Identity)
        .where(Identity.customer_id == gone.id)
        .values(customer_id=kept.id)
        .execution_options(synchronize_session=False),
    )
    await tx.execute(
        update(Customer)
        .where(or_(Customer.id == gone.id, Customer.merged_into == gone.id))
        .values(merged_into=kept.id, revision=Customer.revision + 1)
        .execution_options(synchronize_session=False),
    )
    kept.note = "\n\n".join(note for note in (kept.note, gone.note) if note)
    kept.revision += 1
    await tx.flush()
    record(tx, CustomersMerged(customer_id=kept.id, gone_id=gone.id), agent_id=actor.agent_id)
    return await customer_view(tx, kept)
