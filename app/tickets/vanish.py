"""vanish_messages(): a post was deleted by its author or is hidden from us now; a tombstone stays, and mostly its words."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import delete, select, text, update

from app.brands.models import BrandAccount
from app.core.db import Tx
from app.core.transaction import record
from app.networks.registry import networks
from app.tickets.events import MessageVanished
from app.tickets.models import Message, SearchEntry, Ticket
from app.tickets.standing import refresh_standing

_NO_WORDS: Final[dict[str, Any]] = {"text": "", "content_warning": None, "segments": [], "media": [], "versions": []}
_PREVIEWS: Final = text("""
update events set card = jsonb_set(card, '{preview}', '""')
 where ticket_id = any(:ids) and seq is not null and card is not null
""")

Forget = Callable[[Tx, Collection[str]], Awaitable[None]]
"""Erases what is kept elsewhere of the words of these messages, which were just erased here."""

_elsewhere: list[Forget] = []


def forget_with(elsewhere: Sequence[Forget]) -> None:
    """Set who else keeps words, on a floor above; called once, by wiring."""
    _elsewhere[:] = elsewhere


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

    `agent_id` is who took them back, where that was not their author on the network. What they said is kept as evidence,
    but for networks that "forget": there the words, pictures and earlier versions of what others said are erased, from
    the search, from the cards of the log and from what forget_with() named too.
    """
    # tickets before their messages, as a page with edits takes them: neither waits for what the other holds
    tickets = select(Message.ticket_id).where(Message.id.in_(message_ids), Message.ticket_id.is_not(None))
    held = select(Ticket.id).where(Ticket.id.in_(tickets)).order_by(Ticket.id).with_for_update(key_share=True)
    await tx.execute(held)
    gone = list(
        await tx.execute(
            select(Message.id, Message.ticket_id, Message.kind, BrandAccount.network)
            .join(BrandAccount, BrandAccount.id == Message.account_id)
            .where(Message.id.in_(message_ids), Message.vanished_at.is_(None))
            .with_for_update(of=Message),
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
    forgetting = {name for name, one in networks().items() if "forget" in one.can}
    erased = [row for row in gone if row.network in forgetting and row.kind != "brand"]
    await _erase(tx, [row.id for row in erased], {row.ticket_id for row in erased if row.ticket_id})
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


async def _erase(tx: Tx, message_ids: Collection[str], ticket_ids: Collection[str]) -> None:
    """Keep nothing of what these said. Consoles that resume read cards of the log, which must not bring it back."""
    if not message_ids:
        return
    emptied = update(Message).where(Message.id.in_(message_ids)).values(_NO_WORDS)
    await tx.execute(emptied.execution_options(synchronize_session=False))
    await tx.execute(delete(SearchEntry).where(SearchEntry.source_id.in_(message_ids)))
    if ticket_ids:
        await tx.execute(_PREVIEWS, {"ids": sorted(ticket_ids)})
    for forget in _elsewhere:
        await forget(tx, message_ids)
