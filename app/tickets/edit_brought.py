"""edit_brought(): another system corrects what it brought, as a network's author edits a post."""

from dataclasses import replace
from datetime import datetime

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.networks.port import Author
from app.tickets.brought import Said, brought_post, not_ahead
from app.tickets.edit_message import known, take_edits
from app.tickets.errors import EditedBeforeSaid, MessageWithdrawn
from app.tickets.hold_brought import brought_view, first_brought, hold_brought
from app.tickets.standing import refresh_standing
from app.tickets.views import MessageView


async def edit_brought(
    tx: Tx,
    actor: Actor,
    ticket_id: str,
    reference: str | None,
    text: str,
    *,
    language: str | None = None,
    edited_at: datetime | None = None,
    revision: int | None = None,
) -> tuple[MessageView, bool]:
    """Let a message say something else, and whether it does: the same text, or an edit older than the last, changes nothing.

    What it said before is kept, the ticket shows and the search finds what it says now; promises run on, since it was
    said when it was said. Raises MessageWithdrawn, EditedBeforeSaid, SaidInTheFuture, NothingSaid, and what
    hold_brought() raises.
    """
    require(actor, "open")
    held = await hold_brought(tx, actor, ticket_id, reference, revision)
    message, at = held.message, now()
    if message.vanished_at is not None:
        raise MessageWithdrawn
    when = not_ahead(edited_at or at, at, "edited_at")
    if when < message.posted_at:
        raise EditedBeforeSaid(field="edited_at")
    said = Said(text, message.posted_at, language or message.language)
    item = brought_post(said, Author("", "", ""), "other", uri=message.uri, received_at=at)
    edit = replace(item, content_warning=message.content_warning, edited_at=when)
    touched = await take_edits(tx, held.ticket.brand_id, [edit], {edit.uri: known(message)}, agent_id=actor.agent_id)
    await refresh_standing(tx, touched)
    await tx.refresh(message)
    return brought_view(message, await first_brought(tx, held.account, held.ticket.id)), bool(touched)
