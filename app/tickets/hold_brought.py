"""hold_brought(): a message that another system brought, found by what that system calls it, locked with its ticket."""

from dataclasses import dataclass

from sqlalchemy import select

from app.agents.permit import Actor, require
from app.brands.brought_account import find_brought_account
from app.brands.models import BrandAccount
from app.core.db import Tx
from app.tickets.errors import MessageNotFound
from app.tickets.hold import hold_ticket
from app.tickets.models import Message, Ticket
from app.tickets.queries import ticket_card
from app.tickets.references import OPENING, uri_of
from app.tickets.tell_posts import message_views
from app.tickets.views import MessageView


@dataclass(frozen=True, slots=True)
class Held:
    """A message, the ticket it lies in, and the brand's account for what is brought."""

    message: Message
    ticket: Ticket
    account: BrandAccount


async def hold_brought(tx: Tx, actor: Actor, ticket_id: str, reference: str | None, revision: int | None) -> Held:
    """The message that was added to this ticket by this name; null stands for the one that opened the ticket.

    It may lie in a ticket that follows this one: that is the one locked, whose `revision` is compared. Raises
    TicketNotFound, NotAllowed, MessageNotFound, or StaleTicket with the present card.
    """
    require(actor, "open")
    seen = await ticket_card(tx, actor, ticket_id)
    account = await find_brought_account(tx, seen.brand_id)
    if account is None:
        raise MessageNotFound(field="external_reference")
    wanted = select(Message).where(Message.account_id == account.id, Message.ticket_id.is_not(None))
    if reference is None:
        wanted = wanted.where(Message.ticket_id == ticket_id, Message.uri.startswith(OPENING))
    else:
        wanted = wanted.where(Message.uri == uri_of(ticket_id, reference))
    found = await tx.scalar(wanted.order_by(Message.id).limit(1))
    if found is None or found.ticket_id is None:
        raise MessageNotFound(field="external_reference")
    ticket = await hold_ticket(tx, actor, "open", found.ticket_id, revision)
    # read again: whoever changed it before us has committed by now
    await tx.refresh(found)
    return Held(found, ticket, account)


async def first_brought(tx: Tx, account: BrandAccount, ticket_id: str) -> Message | None:
    """The first message that was brought to the ticket: the others stand under it, in one conversation."""
    brought = select(Message).filter_by(ticket_id=ticket_id, account_id=account.id)
    first: Message | None = await tx.scalar(brought.order_by(Message.id).limit(1))
    return first


def brought_view(message: Message, first: Message | None) -> MessageView:
    """The message as the interface shows it, which knows what it stands under."""
    known = [] if first is None or first.id == message.id else [first]
    return message_views([*known, message], message.ticket_id or "")[-1]
