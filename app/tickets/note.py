"""add_note(): an inside remark that never leaves the house."""

from sqlalchemy import select

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.rows import clean, insert_rows
from app.core.transaction import record
from app.tickets.errors import NoteEmpty
from app.tickets.events import NoteAdded
from app.tickets.hold import hold_ticket
from app.tickets.models import Note
from app.tickets.search import file_words
from app.tickets.views import NoteView


def note_view(note: Note) -> NoteView:
    """A note as the console shows it."""
    return NoteView(
        id=note.id, ticket_id=note.ticket_id, agent_id=note.agent_id, text=note.text, created_at=note.created_at
    )


async def add_note(tx: Tx, actor: Actor, ticket_id: str, text: str, key: str) -> NoteView:
    """Write a note; the same key of the same agent again answers with the first note. Raises NoteEmpty."""
    require(actor, "note")
    ticket = await hold_ticket(tx, actor, "note", ticket_id, None)
    said = clean(text).strip()
    if not said:
        raise NoteEmpty(field="text")
    own_key = f"{actor.agent_id}:{key}"
    row = {
        "id": new_id("nt"),
        "ticket_id": ticket_id,
        "agent_id": actor.agent_id,
        "text": said,
        "key": own_key,
        "created_at": now(),
    }
    made = await insert_rows(tx, Note, [row], on_conflict="on conflict (key) do nothing", returning="id")
    note = (await tx.scalars(select(Note).where(Note.key == own_key))).one()
    if made:
        await file_words(tx, [(note.id, ticket_id, said)])
        ticket.revision += 1
        fact = NoteAdded(brand_id=ticket.brand_id, ticket_id=ticket_id, note_id=note.id)
        record(tx, fact, agent_id=actor.agent_id)
    return note_view(note)
