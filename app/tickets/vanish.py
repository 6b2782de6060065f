"""vanish_messages(): a post was deleted by its author or is hidden from us now; a tombstone stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update

from app.core.db import Tx
from app.core.transaction import record
from app.tickets.events import MessageVanished
from app.tickets.models import Message, Ticket
from app.tickets.standing import refresh_standing


async def vanish_messages(
    tx: Tx,
    brand_id: str,
    message_ids: Collection[str],
    *,
    why: Literal["deleted", "hidden"],
    at: datetime,
    agent_id: str | None = None,
) -> None:
    """Mark messages as gone since `at` (when we noticed); those marked already stay as they are.

    `agent_id` is who took them back, where that was not their author on the network.
    """
    # tickets before their messages, as a page with edits takes them: neither waits for what the other holds
    tickets = select(Message.ticket_id).where(Message.id.in_(message_ids), Message.ticket_id.is_not(None))
    held = select(Ticket.id).where(Ticket.id.in_(tickets)).order_by(Ticket.id).with_for_update(key_share=True)
    await tx.execute(held)
    gone = list(
        await tx.execute(
            select(Message.id, Message.ticket_id, Message.kind)
            .where(Message.id.in_(message_ids), Message.vanished_at.is_(None))
            .with_for_update(),
        ),
    )
    if not gone:
        return
    await tx.execute(
        update(Message)
        .where(Message.id.in_([row.id for row in gone]))
        .values(vanished_at=at, vanished_why=why)
        .execution_options(synchronize_session=False),
    )
    await refresh_standing(tx, {row.ticket_id for row in gone if row.ticket_id})
    for row in gone:
        if row.ticket_id:
            fact = MessageVanished(
                brand_id=brand_id,
                ticket_id=row.ticket_id,
                message_id=row.id,
                kind=row.kind,
                why=why,
                vanished_at=at,
            )
            record(tx, fact, agent_id=agent_id)
