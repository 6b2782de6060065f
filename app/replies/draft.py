"""save_draft(), discard_draft(): one text not sent per agent and ticket."""

from sqlalchemy import delete

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.rows import clean, insert_rows
from app.replies.models import Draft
from app.replies.views import DraftView
from app.tickets.queries import see_ticket

_REPLACE = "on conflict (ticket_id, agent_id) do update set body = excluded.body, saved_at = excluded.saved_at"


async def save_draft(tx: Tx, actor: Actor, draft: DraftView) -> DraftView:
    """Keep the actor's text; the newest save is kept. No fact: nobody else may know of it. Raises TicketNotFound."""
    require(actor, "reply")
    await see_ticket(tx, actor, draft.ticket_id)
    kept = draft.model_copy(update={"text": clean(draft.text), "saved_at": now()})
    body = kept.model_dump(mode="json", exclude={"ticket_id", "saved_at"})
    row = {"ticket_id": draft.ticket_id, "agent_id": actor.agent_id, "body": body, "saved_at": kept.saved_at}
    await insert_rows(tx, Draft, [row], on_conflict=_REPLACE)
    return kept


async def discard_draft(tx: Tx, actor: Actor, ticket_id: str) -> None:
    """Forget the actor's text; one that is not there is forgotten already."""
    require(actor, "reply")
    await tx.execute(delete(Draft).where(Draft.ticket_id == ticket_id, Draft.agent_id == actor.agent_id))
