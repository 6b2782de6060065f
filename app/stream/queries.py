"""The log read back for one agent."""

from app.agents.permit import Actor
from app.core import eventlog
from app.core.db import Tx
from app.stream.audience import may_hear, reach_of
from app.stream.catalogue import EventsView, EventView


async def events_after(tx: Tx, actor: Actor, after: int, limit: int) -> EventsView:
    """What the actor may see of the `limit` events after a number; `head` says how far the log goes."""
    reach = reach_of(actor)
    read = await eventlog.read_after(tx, after, limit)
    head = await eventlog.head(tx)
    pruned = await eventlog.pruned(tx)
    reached = read[-1].seq if read else head
    seen = [
        EventView(
            seq=e.seq,
            at=e.at,
            type=e.type,
            agent_id=e.agent_id,
            brand_id=e.brand_id,
            ticket_id=e.ticket_id,
            fact=e.fact,
            card=e.card,
            trace=e.trace,
        )
        for e in read
        if may_hear(reach, e.audience, e.brand_id)
    ]
    return EventsView(events=seen, reached=reached, head=head, pruned=after < pruned)
