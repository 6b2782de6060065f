"""bring_ticket(): another system opens a ticket by a name of its own, once however often and at once it asks."""

import hashlib
from dataclasses import asdict, dataclass

import orjson

from app.access.errors import StillRunning
from app.agents.permit import Actor, require
from app.brands.brought_account import brought_account
from app.brands.errors import BrandNotFound
from app.brands.models import Brand
from app.core.alone import Purpose, try_hold
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.transaction import record
from app.customers.brought_customer import Named, brought_customer
from app.tickets.brought import Said, brought_post
from app.tickets.errors import ReferenceTaken
from app.tickets.events import TicketReferred
from app.tickets.hold import card_now
from app.tickets.label import label_ticket
from app.tickets.placing import NEW
from app.tickets.prioritise import prioritise_ticket
from app.tickets.references import OPENING, Given, checked, find_reference, give_references
from app.tickets.state import Priority
from app.tickets.thread import thread_posts
from app.tickets.views import TicketCard


@dataclass(frozen=True, slots=True)
class Opening:
    """A ticket as another system wants it opened."""

    brand_id: str
    reference: str
    customer: Named
    said: Said
    url: str | None = None
    labels: tuple[str, ...] = ()
    priority: Priority = "normal"


async def bring_ticket(tx: Tx, actor: Actor, wanted: Opening) -> tuple[TicketCard, bool]:
    """Open a ticket with the customer's first message, and whether that is news: the same again opens nothing.

    Its promises begin as those of any mention. Raises ReferenceTaken with the ticket that has the name, StillRunning
    while somebody opens one of that name, BrandHidden, BrandNotFound, ReferenceInvalid, LabelInvalid, and what
    brought_customer() and brought_post() raise.
    """
    require(actor, "open", wanted.brand_id)
    checked(wanted.reference, "external_reference")
    if wanted.customer.reference is not None:
        checked(wanted.customer.reference, "customer.reference")
    fingerprint = hashlib.sha256(orjson.dumps(asdict(wanted))).hexdigest()
    brand = await tx.get(Brand, wanted.brand_id)
    if brand is None:
        raise BrandNotFound(field="brand_id")
    # tried and not waited for: forty who wait would hold forty connections
    if not await try_hold(tx, Purpose.OPENING, f"{brand.id}:{wanted.reference}"):
        raise StillRunning("A ticket of this reference is just being opened; ask again in a moment.")
    known = await find_reference(tx, brand.id, wanted.reference)
    if known is not None:
        if known.fingerprint != fingerprint:
            raise ReferenceTaken(field="external_reference", ticket_id=known.ticket_id)
        return await card_now(tx, known.ticket_id), False
    at = now()
    account = await brought_account(tx, brand, agent_id=actor.agent_id)
    customer_id, author = await brought_customer(tx, actor, account.network, account.server, wanted.customer)
    post = brought_post(wanted.said, author, "mention", uri=f"{OPENING}{new_id('op')}", received_at=at)
    customers = {author.remote_id: customer_id}
    taken = await thread_posts(tx, brand, account, [post], customers, received_at=at, into=NEW, agent_id=actor.agent_id)
    (ticket_id,) = taken.ticket_ids
    given = Given(brand.id, ticket_id, wanted.reference, wanted.url, actor.agent_id, fingerprint)
    if not await give_references(tx, [given]):
        other = await find_reference(tx, brand.id, wanted.reference)  # given to it by hand at this very moment
        raise ReferenceTaken(field="external_reference", ticket_id=other.ticket_id if other else None)
    fact = TicketReferred(brand_id=brand.id, ticket_id=ticket_id, added=[wanted.reference], removed=[])
    record(tx, fact, agent_id=actor.agent_id)
    if wanted.labels:
        await label_ticket(tx, actor, ticket_id, wanted.labels, (), None)
    if wanted.priority != "normal":
        await prioritise_ticket(tx, actor, ticket_id, wanted.priority, None)
    return await card_now(tx, ticket_id), True
