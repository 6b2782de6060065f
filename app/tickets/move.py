"""move_ticket(): open, wait for the customer, put on hold, snooze, resolve; and waking up by itself."""

from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record, transaction
from app.core.wake import wake
from app.tickets.errors import MoveNotAllowed, SnoozeInThePast
from app.tickets.events import TicketMoved
from app.tickets.hold import card_now, hold_ticket
from app.tickets.models import Ticket
from app.tickets.state import State, may_move
from app.tickets.views import TicketCard

_AT_ONCE = 100


async def move_ticket(
    tx: Tx, actor: Actor, ticket_id: str, to: State, revision: int | None, *, until: datetime | None = None
) -> TicketCard:
    """Move the ticket; snoozing needs `until` (UTC, in the future). Raises MoveNotAllowed, SnoozeInThePast, StaleTicket."""
    require(actor, "move")
    ticket = await hold_ticket(tx, actor, "move", ticket_id, revision)
    if to == "snoozed" and (until is None or until <= now()):
        raise SnoozeInThePast(field="until")
    if not may_move(ticket.state, to):
        raise MoveNotAllowed(field="to", before=ticket.state, to=to)
    apply_move(tx, ticket, to, "by_hand", agent_id=actor.agent_id, until=until if to == "snoozed" else None)
    if to == "snoozed":
        await wake(tx, "snoozes")
    return await card_now(tx, ticket_id)


def apply_move(
    tx: Tx,
    ticket: Ticket,
    to: State,
    why: Literal["by_hand", "woke_up", "with_reply"],
    *,
    agent_id: str | None,
    until: datetime | None = None,
) -> None:
    """Change a held ticket's state and say so; the caller has checked that the move is allowed."""
    before = ticket.state
    ticket.state = to
    ticket.snoozed_until = until
    ticket.resolved_at = now() if to == "resolved" else None
    ticket.dismissed = None
    ticket.revision += 1
    fact = TicketMoved(brand_id=ticket.brand_id, ticket_id=ticket.id, before=before, to=to, why=why, until=until)
    record(tx, fact, agent_id=agent_id)


async def wake_snoozed() -> bool:
    """Open the tickets whose snooze is over; whether there were any."""
    async with transaction() as tx:
        due = list(
            await tx.scalars(
                select(Ticket)
                .where(Ticket.state == "snoozed", Ticket.snoozed_until <= now())
                .order_by(Ticket.snoozed_until)
                .limit(_AT_ONCE)
                .with_for_update(skip_locked=True),
            ),
        )
        for ticket in due:
            apply_move(tx, ticket, "open", "woke_up", agent_id=None)
    return bool(due)


async def next_snooze() -> datetime | None:
    """When the next snooze is over."""
    async with transaction() as tx:
        return await tx.scalar(select(func.min(Ticket.snoozed_until)).where(Ticket.state == "snoozed"))
