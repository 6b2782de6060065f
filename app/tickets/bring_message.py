"""bring_message(): another system adds what a customer said, or what the brand answered elsewhere, to a ticket."""

from dataclasses import replace
from typing import Literal

from sqlalchemy import select

from app.agents.permit import Actor, require
from app.brands.brought_account import brought_account
from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.customers.brought_customer import author_of
from app.customers.models import Customer
from app.networks.port import Author
from app.tickets.brought import Said, brought_post
from app.tickets.errors import MessageTaken
from app.tickets.hold_brought import brought_view, first_brought
from app.tickets.models import Message, Ticket
from app.tickets.queries import ticket_card
from app.tickets.references import checked, uri_of
from app.tickets.thread import hold_brand, thread_posts
from app.tickets.views import MessageView

By = Literal["customer", "brand"]


async def bring_message(
    tx: Tx, actor: Actor, ticket_id: str, said: Said, by: By, reference: str
) -> tuple[MessageView, bool]:
    """Add a message to a ticket of any network, and whether that is news: the same reference again changes nothing.

    A customer's word wakes the ticket, or opens one that follows it when it is over; an answer of the brand stops what
    was promised: both as if a network had told of it. Raises TicketNotFound, ReferenceInvalid, MessageTaken when the
    reference stands for something else that was said, and what brought_post() raises.

    Like a page of posts, a message holds the brand until the commit, and not its ticket alone: it may open one that
    follows, which nobody sees who already waits for the row of the ticket that is over, and would be opened twice. A
    repeat waits for nobody.
    """
    require(actor, "open")
    uri, at = uri_of(ticket_id, checked(reference, "external_reference")), now()
    seen = await ticket_card(tx, actor, ticket_id)
    brand = await tx.get_one(Brand, seen.brand_id)
    account = await brought_account(tx, brand, agent_id=actor.agent_id)
    into = seen.follows_id if seen.dismissed == "duplicate" and seen.follows_id else ticket_id
    words = brought_post(said, Author("", "", ""), "other", uri=uri, received_at=at).text
    known = await _known(tx, account, uri, by, words)
    if known is None:
        # before the ticket is read, as whoever takes in posts does; nobody moves it in between
        await hold_brand(tx, brand.id)
        known = await _known(tx, account, uri, by, words)
    first = await first_brought(tx, account, into)
    if known is not None:
        return brought_view(known, first), False
    ticket = await tx.get_one(Ticket, into, populate_existing=True)
    author = await _author(tx, account, ticket, by)
    role: Literal["own", "mention"] = "own" if by == "brand" else "mention"
    under = None if first is None else first.remote_id
    post = brought_post(_led(said, first), author, role, uri=uri, received_at=at, under=under)
    customers = {author.remote_id: ticket.customer_id} if by == "customer" else {}
    await thread_posts(tx, brand, account, [post], customers, received_at=at, into=into, agent_id=actor.agent_id)
    made = await _message(tx, account, uri)
    assert made is not None
    return brought_view(made, first), True


def _led(said: Said, first: Message | None) -> Said:
    """A message without an address of its own is where the first one is: there people go to answer it."""
    return said if said.url is not None or first is None else replace(said, url=first.url)


async def _author(tx: Tx, account: BrandAccount, ticket: Ticket, by: By) -> Author:
    if by == "brand":
        return Author(account.remote_id, account.handle, account.name)
    customer = await tx.get_one(Customer, ticket.customer_id)
    return await author_of(tx, customer, account.network, account.server)


async def _known(tx: Tx, account: BrandAccount, uri: str, by: By, words: str) -> Message | None:
    """The message of this name, which said this once: what was corrected since is the same. Raises MessageTaken."""
    known = await _message(tx, account, uri)
    if known is None:
        return None
    if known.kind != by or words not in {known.text, *(version["text"] for version in known.versions)}:
        raise MessageTaken(field="external_reference", message_id=known.id)
    return known


async def _message(tx: Tx, account: BrandAccount, uri: str) -> Message | None:
    found: Message | None = await tx.scalar(select(Message).filter_by(account_id=account.id, uri=uri))
    return found
