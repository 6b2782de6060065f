"""Search: words in posts, notes and handles, in every script, on PostgreSQL's core alone (tsvector without a parser)."""

from collections.abc import Sequence
from typing import Final

import orjson
from sqlalchemy import ColumnElement, and_, cast, literal, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from app.core.db import Tx
from app.networks.port import Inbound
from app.tickets.models import SearchEntry, Ticket
from app.tickets.search_words import query_words, words

_FILE: Final = text("""
insert into search_entries (source_id, ticket_id, words)
select r.source_id, r.ticket_id, array_to_tsvector(array(select jsonb_array_elements_text(r.words)))
  from jsonb_to_recordset(cast(:rows as jsonb)) as r(source_id text, ticket_id text, words jsonb)
on conflict (source_id) do update set words = excluded.words, ticket_id = excluded.ticket_id
""")


def searchable(item: Inbound) -> str:
    """What a post can be found by: its words, its warning, its pictures' descriptions, and its author."""
    parts = [item.text, item.content_warning, item.author.handle, item.author.name, *(m.alt for m in item.media)]
    return " ".join(part for part in parts if part)


async def file_words(tx: Tx, entries: Sequence[tuple[str, str, str]]) -> None:
    """Make texts findable: (source id, ticket id, text); one statement."""
    rows = [{"source_id": s, "ticket_id": t, "words": words(said)} for s, t, said in entries]
    if rows:
        await tx.execute(_FILE, {"rows": orjson.dumps(rows).decode()})


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def matches(asked: str) -> ColumnElement[bool] | None:
    """The condition on Ticket that every word asked for is found in it; null when nothing was asked."""
    wanted = query_words(asked)
    if not wanted:
        return None
    return and_(
        *(
            Ticket.id.in_(
                select(SearchEntry.ticket_id).where(
                    SearchEntry.words.op("@@")(cast(literal(_quoted(w) + (":*" if beginning else "")), TSQUERY)),
                ),
            )
            for w, beginning in wanted
        ),
    )
