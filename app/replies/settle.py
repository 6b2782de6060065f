"""What became of a reply, written down with its fact; fenced by the claim, so that a late worker settles nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import select, text

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.rows import among, clean, clean_json, insert_rows
from app.core.sentry import spanned
from app.core.transaction import record
from app.core.wake import wake
from app.customers.also_known import Alias, also_known, not_known
from app.networks.port import Published
from app.replies.backoff import next_look
from app.replies.events import ReplyDelayed, ReplyEvent, ReplyFailed, ReplyQueued, ReplySending, ReplySent, ReplyUnsure
from app.replies.models import Reply
from app.replies.parts import release_next
from app.replies.queries import reply_view, reply_views
from app.replies.views import ReplyView
from app.tickets.models import Message, Ticket
from app.tickets.move import apply_move
from app.tickets.search import file_words
from app.tickets.standing import refresh_standing
from app.tickets.state import may_move

T = TypeVar("T", BrandAccount, Message)

_ADOPT: Final = (
    "on conflict (account_id, uri) do update set reply_id = excluded.reply_id, agent_id = excluded.agent_id,"
    " ticket_id = excluded.ticket_id, kind = 'brand',"
    " facts = case when excluded.facts = '{}'::jsonb then messages.facts else excluded.facts end"
    " where messages.reply_id is null or messages.reply_id = excluded.reply_id"
)
"""Reading may have seen the post before we wrote it down. A post that another reply is stays that reply's."""
_ANOTHERS: Final = "The network answered with the post of another reply. This one may be out; we are looking for it."
_TICKETS: Final = select(Ticket.id).where(among(Ticket.id, "ids")).order_by(Ticket.id).with_for_update(key_share=True)
"""In the order in which a page of posts takes them: each message inserted would take its own in turn, and two wait for ever."""
_WATCH: Final = text("update conversations set reread_at = coalesce(reread_at, :at) where id = any(:ids)")
_THEN: Final = {"resolve": "resolved", "wait": "waiting"}


async def held(tx: Tx, claimed: Reply) -> Reply | None:
    """The claimed reply, locked, if it is still this worker's; null when somebody else took it over or it is finished."""
    mine = await held_all(tx, [claimed])
    return mine[0] if mine else None


async def held_all(tx: Tx, claimed: Collection[Reply]) -> list[Reply]:
    """The same for several, in one statement: those that are still this worker's, in the order of their ids."""
    attempts = {reply.id: reply.attempts for reply in claimed}
    found = await tx.scalars(
        select(Reply)
        .where(Reply.id.in_(attempts))
        .order_by(Reply.id)
        .with_for_update()
        .execution_options(populate_existing=True),
    )
    return [reply for reply in found if reply.attempts == attempts[reply.id] and reply.due_at is not None]


async def _say(tx: Tx, reply: Reply, fact: type[ReplyEvent], agent_id: str | None = None) -> ReplyView:
    reply.revision += 1
    await tx.flush()
    view = await reply_view(tx, reply)
    record(
        tx, fact(brand_id=reply.brand_id, ticket_id=reply.ticket_id, reply=view), agent_id=agent_id, trace=reply.trace
    )
    return view


async def _say_all(tx: Tx, replies: Sequence[Reply], fact: type[ReplyEvent], *, by_agent: bool = False) -> None:
    if not replies:
        return
    for reply in replies:
        reply.revision += 1
    await tx.flush()
    for reply, view in zip(replies, await reply_views(tx, replies), strict=True):
        said = fact(brand_id=reply.brand_id, ticket_id=reply.ticket_id, reply=view)
        record(tx, said, agent_id=reply.agent_id if by_agent else None, trace=reply.trace)


async def write_down_sending(tx: Tx, replies: Sequence[Reply], lease_until: datetime) -> None:
    """Their requests are about to leave; from here on only an answer, or finding it, says what became of each."""
    at = now()
    for reply in replies:
        reply.state, reply.tries = "sending", reply.tries + 1
        reply.first_attempt_at = reply.first_attempt_at or at
        reply.last_try_at, reply.lease_until, reply.problem = at, lease_until, None
    await _say_all(tx, replies, ReplySending)


@spanned("settle")
async def write_down_sent(tx: Tx, sent: Sequence[tuple[Reply, Published]]) -> None:
    """The network has the posts: each becomes a message, and its ticket moves on if the agent said so.

    A reply whose post is another reply's already is in doubt: a server, or something before it, that answers a request
    twice has the next one read that answer. The number of statements is the same for one as for many.
    """
    if not sent:
        return
    replies = [reply for reply, _ in sent]
    aliases = await _know_addressees(tx, sent)
    await tx.execute(_TICKETS, {"ids": {r.ticket_id for r in replies}})
    accounts = await _by_id(tx, BrandAccount, {r.account_id for r in replies})
    parents = await _by_id(tx, Message, {r.parent_id for r in replies})
    at = now()
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for reply, published in sent:
        account, parent = accounts[reply.account_id], parents[reply.parent_id]
        sent_at = min(max(published.posted_at, reply.first_attempt_at or at), at)
        rows.setdefault((account.id, published.uri), _message(reply, account, parent, published, sent_at))
    made = dict(await insert_rows(tx, Message, list(rows.values()), on_conflict=_ADOPT, returning="reply_id, id"))
    for reply, published in sent:
        if reply.id in made:
            reply.state, reply.message_id, reply.doubt = "sent", made[reply.id], published.doubt
            reply.sent_at = rows[reply.account_id, published.uri]["posted_at"]
            reply.due_at = reply.lease_until = reply.problem = None
        else:
            await write_down_unsure(tx, reply, _ANOTHERS, next_look(reply.last_try_at or at, at))
    await not_known(tx, set(aliases.values()) - {aliases[reply_id] for reply_id in made if reply_id in aliases})
    replies = [reply for reply in replies if reply.id in made]
    await tx.execute(_WATCH, {"at": at, "ids": sorted({p.conversation_id for p in parents.values()})})
    await file_words(tx, [(str(r.message_id), r.ticket_id, r.text) for r in replies])
    await refresh_standing(tx, {r.ticket_id for r in replies})
    await _say_all(tx, replies, ReplySent, by_agent=True)
    await _say_all(tx, await release_next(tx, replies), ReplyQueued)
    await _then(tx, [r for r in replies if r.then])
    await wake(tx, "replies")


async def _know_addressees(tx: Tx, sent: Sequence[tuple[Reply, Published]]) -> dict[str, str]:
    """Keep the other ids that networks told of customers; the identities made, by reply. Before tickets, as pages do."""
    told = {reply.id: out.addressee for reply, out in sent if out.addressee is not None}
    if not told:
        return {}
    whose = (
        select(Reply.id, Ticket.customer_id, BrandAccount.network, BrandAccount.server)
        .join(Ticket, Ticket.id == Reply.ticket_id)
        .join(BrandAccount, BrandAccount.id == Reply.account_id)
        .where(among(Reply.id, told))
    )
    aliases = {row.id: Alias(row.customer_id, row.network, row.server, told[row.id]) for row in await tx.execute(whose)}
    made = await also_known(tx, list(dict.fromkeys(aliases.values())))
    return {reply_id: made[alias] for reply_id, alias in aliases.items() if alias in made}


async def _by_id(tx: Tx, table: type[T], ids: Collection[str]) -> dict[str, T]:
    found = await tx.scalars(select(table).where(table.id.in_(ids)))
    return {one.id: one for one in found}


async def _then(tx: Tx, replies: Sequence[Reply]) -> None:
    """Resolve or wait, unless the customer has said something since that nobody has answered."""
    if not replies:
        return
    found = await tx.scalars(
        select(Ticket)
        .where(Ticket.id.in_({r.ticket_id for r in replies}))
        .order_by(Ticket.id)
        .with_for_update()
        .execution_options(populate_existing=True),
    )
    tickets = {ticket.id: ticket for ticket in found}
    for reply in replies:
        ticket = tickets[reply.ticket_id]
        to: Any = _THEN[reply.then or "wait"]
        if not ticket.waiting and may_move(ticket.state, to):
            apply_move(tx, ticket, to, "with_reply", agent_id=reply.agent_id)
    await tx.flush()


def _message(
    reply: Reply, account: BrandAccount, parent: Message, published: Published, sent_at: datetime
) -> dict[str, Any]:
    segments = published.segments
    return {
        "id": new_id("ms"),
        "account_id": account.id,
        "conversation_id": parent.conversation_id,
        "ticket_id": reply.ticket_id,
        "kind": "brand",
        "uri": published.uri,
        "remote_id": published.remote_id,
        "in_reply_to": parent.remote_id,
        "url": published.url,
        "author": {
            "remote_id": account.remote_id,
            "handle": account.handle,
            "name": account.name,
            "url": account.url,
            "avatar_url": account.avatar_url,
        },
        "visibility": reply.outgoing["visibility"],
        "lane": reply.lane,
        "segments": [{"kind": s.kind, "text": clean(s.text), "href": s.href} for s in segments]
        or [{"kind": "text", "text": reply.outgoing["text"], "href": None}],
        "text": clean(published.text) or reply.outgoing["text"],
        "content_warning": reply.outgoing["content_warning"],
        "language": reply.outgoing["language"],
        "media": [],
        "addressed": list(reply.outgoing["recipients"]),
        "posted_at": sent_at,
        "received_at": now(),
        "versions": [],
        "backfilled": False,
        "reply_id": reply.id,
        "agent_id": reply.agent_id,
        "role": "own",
        "facts": clean_json(published.facts),
        "created_at": now(),
    }


async def write_down_found(tx: Tx, reply: Reply, agent_id: str) -> ReplyView:
    """A person saw the post; it becomes a message when it is read. The part behind it may go."""
    reply.state, reply.sent_at = "sent", reply.last_try_at
    reply.due_at, reply.lease_until = None, None
    view = await _say(tx, reply, ReplySent, agent_id)
    await _say_all(tx, await release_next(tx, [reply]), ReplyQueued)
    return view


async def write_down_delayed(tx: Tx, reply: Reply, sentence: str, due_at: datetime) -> None:
    """Surely not out; it is tried again at `due_at`, as if for the first time."""
    reply.state, reply.problem, reply.due_at, reply.lease_until = "queued", sentence, due_at, None
    reply.first_attempt_at = None
    await _say(tx, reply, ReplyDelayed)


async def write_down_unsure(tx: Tx, reply: Reply, sentence: str, due_at: datetime | None) -> None:
    """It may be out: we look for it at `due_at`, or, with null, a person must."""
    known = reply.state == "unsure" and reply.problem == sentence and (reply.due_at is None) == (due_at is None)
    reply.state, reply.problem, reply.due_at, reply.lease_until = "unsure", sentence, due_at, None
    if not known:
        await _say(tx, reply, ReplyUnsure)


async def write_down_failed(tx: Tx, reply: Reply, sentence: str, *, agent_id: str | None = None) -> ReplyView:
    """Surely not out, and not tried again by itself."""
    reply.state, reply.problem, reply.due_at, reply.lease_until = "failed", sentence or None, None, None
    view = await _say(tx, reply, ReplyFailed, agent_id)
    await wake(tx, "replies")
    return view
