"""label_ticket(): words to sort tickets by come and go."""

from collections.abc import Sequence

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.rows import clean, insert_rows
from app.core.transaction import record
from app.tickets.errors import LabelInvalid
from app.tickets.events import TicketLabelled
from app.tickets.hold import card_now, hold_ticket
from app.tickets.models import Label
from app.tickets.views import TicketCard

LONGEST = 40


def _tidy(names: Sequence[str]) -> list[str]:
    tidy = [" ".join(clean(n).split()).lower() for n in names]
    if any(not 1 <= len(n) <= LONGEST for n in tidy):
        raise LabelInvalid(field="add")
    return list(dict.fromkeys(tidy))


async def label_ticket(
    tx: Tx, actor: Actor, ticket_id: str, add: Sequence[str], remove: Sequence[str], revision: int | None
) -> TicketCard:
    """Add and remove labels; a new word becomes a label. Raises LabelInvalid or StaleTicket."""
    require(actor, "label")
    ticket = await hold_ticket(tx, actor, "label", ticket_id, revision)
    before = set(ticket.labels)
    added, removed = [n for n in _tidy(add) if n not in before], [n for n in _tidy(remove) if n in before]
    if not added and not removed:
        return await card_now(tx, ticket_id)
    rows = [{"name": n, "created_at": now()} for n in added]
    await insert_rows(tx, Label, rows, on_conflict="on conflict do nothing")
    ticket.labels = sorted((before | set(added)) - set(removed))
    ticket.revision += 1
    fact = TicketLabelled(brand_id=ticket.brand_id, ticket_id=ticket_id, added=added, removed=removed)
    record(tx, fact, agent_id=actor.agent_id)
    return await card_now(tx, ticket_id)
