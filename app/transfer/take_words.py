"""Lines about what was said: posts and inside remarks."""

from typing import Any

from sqlalchemy import select, text, update

from app.core.clock import now
from app.core.ids import new_id
from app.core.rows import among, insert_rows
from app.tickets.models import Conversation, Message, Note, Ticket
from app.tickets.search import file_words
from app.tickets.standing import refresh_standing
from app.transfer.batch import Batch
from app.transfer.conversations import brands_of, conversations
from app.transfer.references import Named

_POSTED = text("""
select m.account_id, m.uri, m.id
  from messages m join unnest(cast(:accounts as text[]), cast(:uris as text[])) as w(account_id, uri)
    on m.account_id = w.account_id and m.uri = w.uri
""")
_NO_TICKET = "No line before this one, and nothing here, names this ticket."


async def take_messages(batch: Batch) -> None:
    """Make the posts that are not here, and let their tickets say what is in them. A fixed number of statements."""
    scope = batch.scope
    lines = await batch.new("message", batch.with_brand("message"), lambda brand: brand)
    tickets = await batch.known("ticket", [(brand, line.ticket) for _, line, brand in lines if line.ticket])
    accounts = await batch.known("account", [(scope, line.account) for _, line, _ in lines if line.account])
    customers = await batch.known("customer", [(scope, line.customer) for _, line, _ in lines if line.customer])
    agents = await batch.known("agent", [(scope, line.agent) for _, line, _ in lines if line.agent])
    told = select(Ticket.id, Ticket.account_id, Ticket.customer_id, Conversation.root).join(
        Conversation, Conversation.id == Ticket.conversation_id
    )
    held = {row.id: row for row in await batch.tx.execute(told.where(among(Ticket.id, sorted(tickets.values()))))}
    whose = await brands_of(batch.tx, set(accounts.values()))
    rows: list[tuple[int, Any, str, dict[str, Any], str]] = []
    for number, line, brand in lines:
        ticket = held.get(tickets.get((brand, line.ticket), "")) if line.ticket else None
        account = accounts.get((scope, line.account)) if line.account else ticket and ticket.account_id
        root = line.conversation or (ticket and ticket.root)
        customer = customers.get((scope, line.customer)) if line.customer else ticket and ticket.customer_id
        if line.ticket and ticket is None:
            batch.refuse(number, "/ticket", _NO_TICKET)
        elif account is None or whose.get(account, brand) != brand:
            batch.refuse(number, "/account", "This brand has no such account; a post without ticket names one.")
        elif root is None:
            batch.refuse(number, "/conversation", "A post without ticket names its conversation.")
        elif line.by == "customer" and ticket and customer is None:
            batch.refuse(number, "/customer", "No line before this one, and nothing here, names this customer.")
        else:
            row = {
                "id": new_id("ms"),
                "account_id": account,
                "ticket_id": ticket and ticket.id,
                "customer_id": customer if line.by == "customer" else None,
                "agent_id": agents.get((scope, line.agent or "")),
                **_columns(line),
            }
            rows.append((number, line, brand, row, root))
    talks = await conversations(batch.tx, {(row["account_id"], root) for *_, row, root in rows})
    whole = [{**row, "conversation_id": talks[row["account_id"], root]} for *_, row, root in rows]
    made = {
        one
        for (one,) in await insert_rows(
            batch.tx, Message, whole, on_conflict="on conflict (account_id, uri) do nothing", returning="id"
        )
    }
    await _note_made(batch, rows, made)


async def _note_made(batch: Batch, rows: list[tuple[int, Any, str, dict[str, Any], str]], made: set[str]) -> None:
    """Count, remember and make findable what was made; what was posted here before keeps its row."""
    before = [row for *_, row, _ in rows if row["id"] not in made]
    asked = {"accounts": [row["account_id"] for row in before], "uris": [row["uri"] for row in before]}
    found = {(r.account_id, r.uri): r.id for r in await batch.tx.execute(_POSTED, asked)} if before else {}
    stand: list[tuple[Named, str]] = []
    words, touched = [], set()
    for _, line, brand, row, _ in rows:
        fresh = row["id"] in made
        batch.counted["fresh" if fresh else "already"] += 1
        stand.append(((brand, line.reference), row["id"] if fresh else found[row["account_id"], row["uri"]]))
        if fresh and row["ticket_id"]:
            batch.tally(row["ticket_id"], brand).messages += 1
            touched.add(row["ticket_id"])
            words.append((row["id"], row["ticket_id"], _searchable(line)))
    await batch.keep("message", stand)
    await file_words(batch.tx, words)
    await refresh_standing(batch.tx, touched)


def _searchable(line: Any) -> str:
    parts = [line.text, line.content_warning, line.author.handle, line.author.name, *(m.alt for m in line.media)]
    return " ".join(part for part in parts if part)


def _columns(line: Any) -> dict[str, Any]:
    segments = [part.model_dump() for part in line.segments]
    return {
        "kind": line.by,
        "uri": line.uri or f"import:{line.reference}",
        "remote_id": line.remote_id or f"import:{line.reference}",
        "in_reply_to": line.in_reply_to,
        "url": line.url,
        "author": line.author.model_dump(),
        "visibility": line.visibility,
        "lane": line.lane or ("private" if line.visibility == "direct" else "public"),
        "segments": segments or [{"kind": "text", "text": line.text, "href": None}],
        "text": line.text,
        "content_warning": line.content_warning,
        "language": line.language,
        "media": [part.model_dump() for part in line.media],
        "addressed": line.addressed,
        "quotes": line.quotes,
        "posted_at": line.posted_at,
        "received_at": line.received_at or now(),
        "edited_at": line.edited_at,
        "versions": [part.model_dump() for part in line.versions],
        "vanished_at": line.vanished_at,
        "vanished_why": line.vanished_why,
        "backfilled": True,
        "sent_by": line.sent_by,
        "role": line.role,
        "facts": line.facts,
        "created_at": line.created_at or now(),
    }


async def take_notes(batch: Batch) -> None:
    """Make the remarks that are not here; one whose author nobody knows is the importer's."""
    lines = await batch.new("note", batch.with_brand("note"), lambda brand: brand)
    tickets = await batch.known("ticket", [(brand, line.ticket) for _, line, brand in lines])
    agents = await batch.known("agent", [(batch.scope, line.agent) for _, line, _ in lines if line.agent])
    rows, stand = [], []
    for number, line, brand in lines:
        ticket = tickets.get((brand, line.ticket))
        if ticket is None:
            batch.refuse(number, "/ticket", _NO_TICKET)
            continue
        row = {
            "id": new_id("nt"),
            "ticket_id": ticket,
            "agent_id": agents.get((batch.scope, line.agent or ""), batch.job.agent_id),
            "text": line.text,
            "key": f"import:{brand}:{line.reference}",
            "created_at": line.created_at or now(),
        }
        rows.append(row)
        stand.append(((brand, line.reference), row["id"]))
        batch.tally(ticket, brand).notes += 1
    await insert_rows(batch.tx, Note, rows)
    await batch.keep("note", stand)
    await file_words(batch.tx, [(row["id"], row["ticket_id"], row["text"]) for row in rows])
    grown = update(Ticket).where(among(Ticket.id, sorted({row["ticket_id"] for row in rows})))
    if rows:
        raised = grown.values(revision=Ticket.revision + 1).execution_options(synchronize_session=False)
        await batch.tx.execute(raised)
    batch.counted["fresh"] += len(rows)
