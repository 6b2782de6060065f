"""What threading decided, written down: conversations, tickets, messages and their words, one statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.db import Json, Tx
from app.core.ids import new_id
from app.core.rows import as_json, clean, clean_json, insert_rows
from app.networks.port import Inbound
from app.tickets.edit_message import Known
from app.tickets.models import Conversation, Message, Ticket, TicketConversation
from app.tickets.newcomer import Due
from app.tickets.placing import Books, Case, Post
from app.tickets.search import file_words, searchable
from app.tickets.standing import first_standing

_NOTHING_DUE: Final[Due] = (None, None, None)
FIRST_REREAD: Final = timedelta(seconds=90)

_MOVE: Final = text("""
with gone as (select * from jsonb_to_recordset(cast(:rows as jsonb)) as v(id text, root text, missing_parent text, into_id text)),
     moved as (update messages m set conversation_id = g.into_id from gone g where g.into_id is not null and m.conversation_id = g.id),
     relinked as (delete from ticket_conversations c using gone g where g.into_id is not null and c.conversation_id = g.id)
update conversations c
   set root = case when g.into_id is null then g.root else c.root end, missing_parent = g.missing_parent,
       reread_at = case when g.into_id is null then c.reread_at end
  from gone g where c.id = g.id
""")

_WATCH: Final = text("""
update conversations set reread_at = least(coalesce(reread_at, :at), :at) where id = any(:ids)
""")

_CHANGE: Final = text("""
update tickets t
   set state = v.state, conversation_id = v.conversation_id,
       resolved_at = case when v.state = 'resolved' then t.resolved_at end,
       snoozed_until = case when v.state = 'snoozed' then t.snoozed_until end,
       dismissed = case when v.into_id is null then t.dismissed else 'duplicate' end,
       follows_id = coalesce(v.into_id, t.follows_id)
  from jsonb_to_recordset(cast(:rows as jsonb)) as v(id text, state text, conversation_id text, into_id text)
 where t.id = v.id
""")

_REHOME: Final = text("""
with v as (select * from jsonb_to_recordset(cast(:rows as jsonb)) as v(id text, into_id text)),
     words as (update search_entries e set ticket_id = v.into_id from v where e.ticket_id = v.id),
     names as (update ticket_references r set ticket_id = v.into_id from v where r.ticket_id = v.id)
update messages m set ticket_id = v.into_id from v where m.ticket_id = v.id
""")

_ADOPT: Final = text("""
update messages m set ticket_id = v.ticket_id
  from jsonb_to_recordset(cast(:rows as jsonb)) as v(id text, ticket_id text) where m.id = v.id
""")


def _json(rows: list[dict[str, Any]]) -> dict[str, Json]:
    return {"rows": as_json(rows)}


async def write_threads(tx: Tx, account: BrandAccount, books: Books) -> None:
    """New conversations, and what a late parent changed about known ones."""
    kept = [t for t in books.threads.values() if t.new and not t.merged_into]
    at = now()
    reread = at + FIRST_REREAD
    await insert_rows(
        tx,
        Conversation,
        [
            {
                "id": t.id,
                "account_id": account.id,
                "root": t.root,
                "missing_parent": t.missing_parent,
                "reread_at": reread,
                "created_at": at,
            }
            for t in kept
        ],
    )
    talked_in = sorted({p.conversation_id for p in books.placed} - {t.id for t in kept})
    if talked_in:
        await tx.execute(_WATCH, {"at": reread, "ids": talked_in})
    changed = [t for t in books.threads.values() if t.changed and not t.new]
    if changed:
        rows = [
            {"id": t.id, "root": t.root, "missing_parent": t.missing_parent, "into_id": books.thread_kept(t)}
            for t in changed
        ]
        await tx.execute(_MOVE, _json(rows))


def first_standings(books: Books, fresh: Mapping[str, Inbound]) -> dict[str, dict[str, Any]]:
    """What the rows of new tickets say of their messages, where all of them are in the page; the others are recomputed."""
    said = _said(books, fresh)
    return {key: first_standing(said[key]) for key in told_whole(books)}


def _said(books: Books, fresh: Mapping[str, Inbound]) -> dict[str, list[tuple[Post, Inbound]]]:
    said: dict[str, list[tuple[Post, Inbound]]] = {}
    for post in sorted(books.placed, key=lambda p: p.posted_at):
        if post.ticket_id:
            said.setdefault(post.ticket_id, []).append((post, fresh[post.remote_id]))
    return said


async def write_cases(
    tx: Tx,
    brand: Brand,
    account: BrandAccount,
    books: Books,
    fresh: Mapping[str, Inbound],
    standings: Mapping[str, dict[str, Any]],
    due: Mapping[str, Due],
) -> dict[str, int]:
    """New tickets (their numbers come back by id), changed ones, and which conversations they work on."""
    said = _said(books, fresh) if any(c.new and c.id not in standings for c in books.cases.values()) else {}
    new = [c for c in books.cases.values() if c.new]
    at = now()
    numbers = await insert_rows(
        tx,
        Ticket,
        [
            {
                "id": c.id,
                "brand_id": brand.id,
                "account_id": account.id,
                "conversation_id": c.conversation_id,
                "customer_id": c.customer_id,
                "state": c.state,
                "priority": 1,
                "labels": [],
                **(standings.get(c.id) or _no_standing(c, said.get(c.id, ()))),
                **_first_due(due.get(c.id, _NOTHING_DUE)),
                "follows_id": books.case_kept(c) or c.follows_id,
                "dismissed": "duplicate" if c.dismissed_into else None,
                "revision": 1,
                "created_at": at,
            }
            for c in sorted(new, key=lambda c: (c.opened_at, c.id))
        ],
        returning="id, number",
    )
    changed = [c for c in books.cases.values() if c.touched and not c.new]
    if changed:
        rows = [
            {"id": c.id, "state": c.state, "conversation_id": c.conversation_id, "into_id": books.case_kept(c)}
            for c in changed
        ]
        await tx.execute(_CHANGE, _json(rows))
    rehomed = [{"id": c.id, "into_id": books.case_kept(c)} for c in changed if c.dismissed_into]
    if rehomed:
        await tx.execute(_REHOME, _json(rehomed))
    links = [
        {"ticket_id": c.id, "conversation_id": t}
        for c in books.cases.values()
        if c.touched or c.new
        for t in sorted(c.conversations)
    ]
    await insert_rows(tx, TicketConversation, links, on_conflict="on conflict do nothing")
    return {str(key): int(number) for key, number in numbers}


def told_whole(books: Books) -> set[str]:
    """The new tickets all of whose messages are in the page: neither joined with others nor given older answers."""
    joined = {c.id for c in books.cases.values() if c.dismissed_into}
    joined |= {into for c in books.cases.values() if (into := books.case_kept(c)) is not None}
    joined |= {p.ticket_id for p in books.adopted if p.ticket_id is not None}
    return {c.id for c in books.cases.values() if c.new} - joined


def _no_standing(case: Case, said: Sequence[tuple[Post, Inbound]]) -> dict[str, Any]:
    """What must stand in a row until refresh_standing() has recomputed it."""
    return {
        "language": said[0][1].language if said else None,
        "lane": "public",
        "preview": "",
        "waiting": 0,
        "opened_at": case.opened_at,
        "last_message_at": case.last_customer_at,
        "last_customer_at": case.last_customer_at,
        "last_answer_at": None,
        "unanswered_since": None,
    }


def _first_due(due: Due) -> dict[str, Any]:
    at, metric, warn_at = due
    return {
        "next_due_at": at,
        "next_due_metric": metric,
        "next_warn_at": warn_at,
        "promise_revision": int(due != _NOTHING_DUE),
    }


async def write_adopted(tx: Tx, books: Books, known: Mapping[str, Known]) -> None:
    """Answers of the brand that found the ticket they belong to."""
    found = [(known[p.uri], p) for p in books.adopted if p.uri in known]
    if found:
        await tx.execute(_ADOPT, _json([{"id": k.id, "ticket_id": p.ticket_id} for k, p in found]))
        await file_words(tx, [(k.id, str(p.ticket_id), k.text) for k, p in found])


def message_ids(books: Books, known: Mapping[str, Known]) -> dict[str, str]:
    """The ids of the messages that are new or found their ticket, by remote id."""
    new = {p.remote_id: new_id("ms") for p in sorted(books.placed, key=lambda p: (p.posted_at, p.remote_id))}
    return new | {p.remote_id: known[p.uri].id for p in books.adopted if p.uri in known}


async def write_messages(
    tx: Tx,
    account: BrandAccount,
    books: Books,
    fresh: Mapping[str, Inbound],
    ids: Mapping[str, str],
    received_at: datetime,
) -> None:
    """The posts as messages with these ids, by remote id, and their words for the search."""
    rows, at = [], now()
    for post in books.placed:
        item = fresh[post.remote_id]
        rows.append(
            {
                "id": ids[post.remote_id],
                "account_id": account.id,
                "conversation_id": post.conversation_id,
                "ticket_id": post.ticket_id,
                "customer_id": post.customer_id if post.kind == "customer" else None,
                "kind": post.kind,
                "lane": post.lane,
                "received_at": received_at,
                "backfilled": post.old,
                "versions": [],
                "created_at": at,
                **_columns(item),
            },
        )
    await insert_rows(tx, Message, rows)
    await file_words(
        tx, [(ids[p.remote_id], p.ticket_id, searchable(fresh[p.remote_id])) for p in books.placed if p.ticket_id]
    )


def _columns(item: Inbound) -> dict[str, Any]:
    return {
        "uri": item.uri,
        "remote_id": item.remote_id,
        "in_reply_to": item.in_reply_to,
        "url": item.url,
        "author": author_json(item),
        "visibility": item.visibility,
        "segments": [{"kind": s.kind, "text": clean(s.text), "href": _clean(s.href)} for s in item.segments],
        "text": clean(item.text),
        "content_warning": clean(item.content_warning) if item.content_warning else None,
        "language": item.language,
        "media": [asdict(m) for m in item.media],
        "addressed": list(item.addressed),
        "quotes": item.quotes,
        "posted_at": item.posted_at,
        "edited_at": item.edited_at,
        "sent_by": item.sent_by,
        "role": item.role,
        "facts": clean_json(item.facts),
    }


def author_json(item: Inbound) -> dict[str, Any]:
    """The author as they looked when we read the post."""
    author = item.author
    return {
        "remote_id": clean(author.remote_id),
        "handle": clean(author.handle),
        "name": clean(author.name),
        "url": _clean(author.url),
        "avatar_url": _clean(author.avatar_url),
        "followers": author.followers,
        "bot": author.bot,
    }


def _clean(value: str | None) -> str | None:
    return None if value is None else clean(value)
