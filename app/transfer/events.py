"""Facts about what was imported."""

from typing import Literal

from app.tickets.events import TicketEvent


class TicketImported(TicketEvent):
    """An import brought a ticket, or so much of its past; no clock moves by it and nobody is given the ticket."""

    type: Literal["ticket.imported"] = "ticket.imported"
    job_id: str
    made: bool
    """Whether the ticket itself came."""
    messages: int
    notes: int
