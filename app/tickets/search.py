"""Search: words in posts, notes and handles, in every script, on PostgreSQL's core alone (tsvector without a parser)."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, cast, exists, literal, select, text, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased

from app.core.db import Tx
from app.core.rows import among, as_json
from app.networks.port import Inbound
from app.tickets.models import SearchEntry, Ticket
from app.tickets.search_words import words

GLANCED_AT: Final = 200
"""So many of the newest tickets tell whether words are common."""
FREQUENT: Final = 4
"""Words found in so many of these are not worth asking the index of words about: more of the newest fill a page."""
RARE: Final = 2000
"""In so many entries at most, a word is rare: all of them are read."""
LOOKED_THROUGH: Final = 3000
"""So many of the newest tickets are looked through for words that are neither, before the index names all of them."""

_FILE: Final = text("""
insert into search_entries (source_id, ticket_id, words)
select r.source_id, r.ticket_id, array_to_tsvector(r.words)
  from jsonb_to_recordset(cast(:rows as jsonb)) as r(source_id text, ticket_id text, words text[])
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
        await tx.execute(_FILE, {"rows": as_json(rows)})


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _has(word: tuple[str, bool], entry: Any = SearchEntry) -> ColumnElement[bool]:
    """Whether an entry has a word, or a word beginning with it."""
    said, beginning = word
    found: ColumnElement[bool] = entry.words.op("@@")(
        cast(literal(_quoted(said) + (":*" if beginning else "")), TSQUERY)
    )
    return found


def containing(wanted: Sequence[tuple[str, bool]]) -> Select[Any]:
    """The ids of the tickets in which every one of these words is found, wherever in the ticket."""
    entry = aliased(SearchEntry)
    first, *others = wanted
    found = select(entry.ticket_id).where(_has(first, entry))
    for word in others:
        found = found.where(_in_ticket(entry.ticket_id, word))
    return found


def _in_ticket(ticket_id: Any, word: tuple[str, bool]) -> ColumnElement[bool]:
    entry = aliased(SearchEntry)
    return exists(select(1).where(entry.ticket_id == ticket_id, _has(word, entry)))


async def search(tx: Tx, newest: Select[Any], wanted: Sequence[tuple[str, bool]], limit: int) -> list[str]:
    """The ids of the first of these tickets that have every word, in their order; `newest` has id and last_message_at.

    A glance at the newest tickets tells common words from rare ones. Common words soon fill a page there; rare ones are
    in few enough entries to read all of them from the index of words. What is neither is looked for among so many of
    the newest that the index has little left to name. So the work is bounded (docs/decisions/0012).
    """
    found = await _among_newest(tx, newest, wanted, GLANCED_AT, limit)
    if len(found) == limit:
        return found
    if len(found) < FREQUENT:
        named = await _rare(tx, wanted)
        if named is not None:
            return await _among_newest(tx, newest.where(among(Ticket.id, named)), wanted, RARE, limit)
    found = await _among_newest(tx, newest, wanted, LOOKED_THROUGH, limit)
    if len(found) == limit or (await tx.execute(newest.offset(LOOKED_THROUGH - 1).limit(1))).first() is None:
        return found
    hits = containing(wanted).distinct().cte("hits").prefix_with("materialized", dialect="postgresql")
    query = newest.join(hits, hits.c.ticket_id == Ticket.id).limit(limit)
    return [row.id for row in await tx.execute(query)]


async def _among_newest(
    tx: Tx, newest: Select[Any], wanted: Sequence[tuple[str, bool]], looked_through: int, limit: int
) -> list[str]:
    """Those of so many of the newest tickets that have every word, ticket by ticket until a page is full."""
    recent = newest.limit(looked_through).subquery("recent")
    query = select(recent.c.id)
    for word in wanted:
        query = query.join(_one_entry(recent, word), true())
    query = query.order_by(recent.c.last_message_at.desc(), recent.c.id.desc()).limit(limit)
    return [row.id for row in await tx.execute(query)]


async def _rare(tx: Tx, wanted: Sequence[tuple[str, bool]]) -> set[str] | None:
    """The tickets that have the first rare word of these, the longest looked at first; null when none is rare.

    Only what the index names is counted, and reading stops at the first entry too many.
    """
    for word in sorted(wanted, key=lambda one: -len(one[0])):
        entries = select(SearchEntry.ticket_id).where(_has(word)).limit(RARE + 1)
        named = list(await tx.scalars(entries))
        if len(named) <= RARE:
            return set(named)
    return None


def _one_entry(recent: FromClause, word: tuple[str, bool]) -> Any:
    """An entry of a recent ticket with the word. Behind `offset 0` the planner can only come here by the ticket."""
    entries = (
        select(SearchEntry.words).where(SearchEntry.ticket_id == recent.c.id).offset(0).correlate(recent).subquery()
    )
    return select(literal(1)).select_from(entries).where(_has(word, entries.c)).limit(1).correlate(recent).lateral()
