"""withdraw_brought(): another system takes back what it brought, as a network's author deletes a post."""

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.tickets.hold_brought import brought_view, first_brought, hold_brought
from app.tickets.vanish import vanish_messages
from app.tickets.views import MessageView


async def withdraw_brought(
    tx: Tx, actor: Actor, ticket_id: str, reference: str | None, *, revision: int | None = None
) -> tuple[MessageView, bool]:
    """Mark a message as gone from now on, and whether that is news; a tombstone stays, with what it said.

    A customer's message waits for no answer any more, and what was promised for it alone is called off. Raises what
    hold_brought() raises.
    """
    require(actor, "open")
    held = await hold_brought(tx, actor, ticket_id, reference, revision)
    message, brand_id = held.message, held.ticket.brand_id
    news = message.vanished_at is None
    await vanish_messages(tx, brand_id, [message.id], why="deleted", at=now(), agent_id=actor.agent_id)
    await tx.refresh(message)
    return brought_view(message, await first_brought(tx, held.account, held.ticket.id)), news
