"""take_edits(): a post changed by its author changes here too, and what it said before is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import text

from app.core.clock import now
from app.core.db import Tx
from app.core.rows import clean
from app.core.transaction import record
from app.core.value import value
from app.networks.port import Inbound
from app.tickets.events import MessageEdited
from app.tickets.models import Message
from app.tickets.search import file_words, searchable

_EDIT: Final = text("""
update messages m
   set versions = m.versions || v.version, text = v.text, segments = v.segments, content_warning = v.content_warning,
       media = v.media, language = v.language, edited_at = v.edited_at
  from jsonb_to_recordset(cast(:rows as jsonb)) as v(id text, version jsonb, text text, segments jsonb,
       content_warning text, media jsonb, language text, edited_at timestamptz)
 where m.id = v.id
""")


@value(frozen=True, slots=True)
class Known:
    """A message we have, as far as an edit needs it."""

    id: str
    ticket_id: str | None
    kind: str
    text: str
    content_warning: str | None
    media: list[dict[str, Any]]
    edited_at: datetime | None
    facts: dict[str, Any]
    role: str | None


def known(m: Message) -> Known:
    """What an edit needs of a row."""
    return Known(m.id, m.ticket_id, m.kind, m.text, m.content_warning, m.media, m.edited_at, m.facts, m.role)


def changed(item: Inbound, before: Known) -> bool:
    """Whether the post as it is now is newer than what we have, and says something else."""
    dated = item.edited_at is not None and (before.edited_at is None or item.edited_at > before.edited_at)
    if not dated and not item.undated:
        return False
    media = [asdict(m) for m in item.media]
    return (clean(item.text), item.content_warning, media) != (before.text, before.content_warning, before.media)


async def take_edits(
    tx: Tx, brand_id: str, items: Sequence[Inbound], books: Mapping[str, Known], *, agent_id: str | None = None
) -> set[str]:
    """Write down what changed among posts known by uri; the tickets concerned. Taking the same edit twice is once.

    `agent_id` is who corrected them, where that was not their author on the network.
    """
    edits = [(item, books[item.uri]) for item in items if changed(item, books[item.uri])]
    if not edits:
        return set()
    seen_at = now()
    rows = [
        {
            "id": before.id,
            "version": [
                {
                    "text": before.text,
                    "content_warning": before.content_warning,
                    "until": item.edited_at or seen_at,
                }
            ],
            "text": clean(item.text),
            "segments": [asdict(s) for s in item.segments],
            "content_warning": item.content_warning,
            "media": [asdict(m) for m in item.media],
            "language": item.language,
            "edited_at": item.edited_at or seen_at,
        }
        for item, before in edits
    ]
    await tx.execute(_EDIT, {"rows": clean(orjson.dumps(rows).decode())})
    await file_words(tx, [(b.id, b.ticket_id, searchable(i)) for i, b in edits if b.ticket_id])
    for item, before in edits:
        if before.ticket_id:
            record(
                tx,
                MessageEdited(
                    brand_id=brand_id,
                    ticket_id=before.ticket_id,
                    message_id=before.id,
                    kind=before.kind,
                    edited_at=item.edited_at or seen_at,
                ),
                agent_id=agent_id,
            )
    return {b.ticket_id for _, b in edits if b.ticket_id}
