"""The log read back for one agent."""

from app.agents.permit import Actor
from app.core import eventlog
from app.core.db import Tx
from app.core.errors import Unauthenticated
from app.core.transaction import transaction
from app.stream.audience import may_hear, reach_of
from app.stream.catalogue import EventsView, EventView
from app.stream.hub import Hub
from app.stream.still import actor_still
from app.stream.wait import wait_for_more


async def wait_for_events(hub: Hub, actor: Actor, after: int, limit: int, seconds: int) -> EventsView:
    """The same, but wait so long while there is nothing to see; no transaction is open meanwhile.

    Raises Unauthenticated when the sign-in or the key ended while it waited.
    """
    reached = await wait_for_more(hub, actor, after, seconds) if seconds else after
    async with transaction() as tx:
        still = await actor_still(tx, actor) if seconds else actor
        if still is None:
            raise Unauthenticated
        return await events_after(tx, still, reached, limit)


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
