"""brought_customer(): who another system says asks, by its own reference for them or by their id here."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.rows import clean
from app.customers.errors import CustomerTaken, CustomerUnnamed
from app.customers.identify import identify_customers
from app.customers.models import Customer, Identity
from app.customers.queries import find_customer
from app.networks.port import Author


@dataclass(frozen=True, slots=True)
class Named:
    """A customer as another system names them; one of the first two is given."""

    id: str | None = None
    reference: str | None = None
    handle: str | None = None
    name: str | None = None
    url: str | None = None


async def brought_customer(tx: Tx, actor: Actor, network: str, server: str, named: Named) -> tuple[str, Author]:
    """The customer's id, and how they look as an author; who is new is made, and what is said anew of others is kept.

    Raises CustomerUnnamed, CustomerNotFound, and CustomerTaken when id and reference are those of two customers.
    """
    require(actor, "open")
    reference = named.reference
    if named.id is None and reference is None:
        raise CustomerUnnamed(field="customer")
    known = await _hold(tx, actor, named.id, (network, server, reference)) if named.id is not None else None
    if known is not None and reference is None:
        return known.id, await author_of(tx, known, network, server)
    assert reference is not None
    if known is not None:
        looks = Author(reference, named.handle or reference, named.name or known.name, named.url)
        await _give_identity(tx, known, network, server, looks)
    before = await tx.scalar(select(Identity).filter_by(network=network, server=server, remote_id=reference))
    author = Author(
        reference,
        handle=named.handle or (before.handle if before else reference),
        name=named.name or (before.name if before else ""),
        url=named.url or (before.url if before else None),
    )
    customer_id = (await identify_customers(tx, network, server, [author]))[reference]
    if known is not None and customer_id != known.id:
        raise CustomerTaken(field="customer.reference", customer_id=customer_id)
    return customer_id, author


async def _hold(tx: Tx, actor: Actor, customer_id: str, handle: tuple[str, str, str | None]) -> Customer:
    """The customer as they now are, whom nobody makes one with another until the commit. Raises CustomerNotFound.

    What is brought would stay with who is gone. Handles before customers, as a merge locks them.
    """
    known = await find_customer(tx, actor, customer_id)
    network, server, remote_id = handle
    if remote_id is not None:
        named = select(Identity.id).filter_by(network=network, server=server, remote_id=remote_id)
        await tx.execute(named.with_for_update(key_share=True))
    lock = select(Customer).with_for_update(key_share=True).execution_options(populate_existing=True)
    while True:
        held = (await tx.scalars(lock.where(Customer.id == known.id))).one()
        if held.merged_into is None:
            return held
        known = await find_customer(tx, actor, held.merged_into)


async def author_of(tx: Tx, customer: Customer, network: str, server: str) -> Author:
    """A customer as the author of what is brought of them: by what that system calls them, else by any of their handles."""
    here = (Identity.network == network) & (Identity.server == server)
    query = select(Identity).where(Identity.customer_id == customer.id)
    identity = await tx.scalar(query.order_by(here.desc(), Identity.seen_at.desc(), Identity.id).limit(1))
    if identity is None:
        return Author(customer.id, "", customer.name)
    own = (identity.network, identity.server) == (network, server)
    return Author(identity.remote_id if own else customer.id, identity.handle, customer.name, identity.url)


async def _give_identity(tx: Tx, customer: Customer, network: str, server: str, author: Author) -> None:
    """Let a customer be known by this name too, unless it is somebody's already."""
    row = {
        "id": new_id("id"),
        "customer_id": customer.id,
        "network": network,
        "server": server,
        "remote_id": author.remote_id,
        "handle": clean(author.handle),
        "name": clean(author.name),
        "url": author.url,
        "bot": False,
        "seen_at": now(),
        "created_at": now(),
    }
    await tx.execute(insert(Identity).values(row).on_conflict_do_nothing())
