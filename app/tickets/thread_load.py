"""What threading must know before it decides: posts, conversations and tickets near a page, in four statements."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, or_, select, union
from sqlalchemy.orm import aliased

from app.brands.models import Brand, BrandAccount
from app.core.db import Tx
from app.core.rows import among
from app.networks.port import Inbound
from app.tickets.edit_message import Known, known
from app.tickets.models import Conversation, Message, Ticket, TicketConversation
from app.tickets.placing import Books, Case, Post, Thread
from app.tickets.state import ACTIVE

# Each way in which something may be near is a branch of its own: no index answers an "or" across tables, and at a
# million tickets a page would read them all.
_POSTS: Final = select(Message.id).where(Message.account_id == bindparam("account"))
_WAITING: Final = (
    select(Message.id)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .where(
        Conversation.account_id == bindparam("account"),
        among(Conversation.missing_parent, "here"),
        Message.kind == "brand",
        Message.ticket_id.is_(None),
    )
)
_MESSAGES: Final = (
    select(Message)
    .where(
        Message.id.in_(
            union(
                _POSTS.where(among(Message.uri, "uris")),
                _POSTS.where(among(Message.remote_id, "remote")),
                _WAITING,
            )
        )
    )
    .execution_options(populate_existing=True)
)
_TALKS: Final = select(Conversation.id).where(Conversation.account_id == bindparam("account"))
_CONVERSATIONS: Final = select(Conversation).where(
    Conversation.id.in_(
        union(
            _TALKS.where(among(Conversation.id, "ids")),
            _TALKS.where(among(Conversation.missing_parent, "remote")),
        )
    )
)
# A ticket is answered by one account: what somebody says on another network does not join it.
_THEIRS: Final = (
    select(Ticket.id)
    .join(BrandAccount, BrandAccount.id == Ticket.account_id)
    .where(
        Ticket.brand_id == bindparam("brand"),
        among(Ticket.customer_id, "customers"),
        or_(Ticket.state.in_(ACTIVE), Ticket.last_message_at >= bindparam("recent")),
        BrandAccount.network == bindparam("network"),
    )
)
_IN_THREADS: Final = (
    select(Ticket.id)
    .join(TicketConversation, TicketConversation.ticket_id == Ticket.id)
    .where(Ticket.brand_id == bindparam("brand"), among(TicketConversation.conversation_id, "threads"))
)


def _named() -> Select[Any]:
    """The ticket that posts are brought to by name, and those that continue it."""
    first = select(Ticket.id).where(Ticket.id == bindparam("into"), Ticket.brand_id == bindparam("brand"))
    line = first.cte("line", recursive=True)
    later = aliased(Ticket)
    after = select(later.id).join(line, later.follows_id == line.c.id).where(later.brand_id == bindparam("brand"))
    return select(line.union(after).c.id)


def _locked(*near: Select[Any]) -> Select[Ticket]:
    return (
        select(Ticket)
        .where(Ticket.id.in_(union(*near)))
        .order_by(Ticket.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


_TICKETS: Final = _locked(_THEIRS, _IN_THREADS)
_BROUGHT: Final = _locked(_IN_THREADS, _named())
_LINKS: Final = (
    select(TicketConversation.ticket_id, func.array_agg(TicketConversation.conversation_id))
    .where(among(TicketConversation.ticket_id, "ids"))
    .group_by(TicketConversation.ticket_id)
)


async def load_books(
    tx: Tx,
    brand: Brand,
    account: BrandAccount,
    items: Sequence[Inbound],
    customers: Mapping[str, str],
    into: str | None = None,
) -> tuple[dict[str, Known], Books]:
    """The known posts by uri, and the books to place the page in; the tickets are locked until the commit.

    `into` is the ticket that the page is brought to by name.
    """
    here = [i.remote_id for i in items]
    remote = [*here, *(i.in_reply_to for i in items if i.in_reply_to)]
    posted = {"account": account.id, "uris": [i.uri for i in items], "here": here, "remote": remote}
    messages = list(await tx.scalars(_MESSAGES, posted))
    uris = {m.uri: known(m) for m in messages}
    posts = {m.remote_id: _known_post(m) for m in messages}
    near = {"account": account.id, "ids": list({m.conversation_id for m in messages}), "remote": remote}
    threads = {c.id: Thread(c.id, c.root, c.missing_parent) for c in await tx.scalars(_CONVERSATIONS, near)}
    asked: dict[str, Any] = {"brand": brand.id, "threads": sorted(threads)}
    if into is not None:
        return uris, Books(posts, threads, await _load_cases(tx, _BROUGHT, asked | {"into": into}))
    since = min((i.posted_at for i in items), default=None)
    recent = None if since is None else since - timedelta(seconds=brand.reopen_seconds)
    asked |= {"customers": sorted(set(customers.values())), "network": account.network, "recent": recent}
    cases = await _load_cases(tx, _TICKETS, asked)
    return uris, Books(posts, threads, cases)


def _known_post(m: Message) -> Post:
    post = Post(m.uri, m.remote_id, m.in_reply_to, "other", "", m.customer_id, m.lane, m.posted_at)
    post.author = str(m.author.get("remote_id", ""))
    post.kind = m.kind  # type: ignore[assignment]
    post.conversation_id, post.ticket_id = m.conversation_id, m.ticket_id
    return post


async def _load_cases(tx: Tx, near: Select[Ticket], asked: Mapping[str, Any]) -> dict[str, Case]:
    """The tickets these posts could belong to, locked in a fixed order."""
    tickets = list(await tx.scalars(near, asked))
    links = await tx.execute(_LINKS, {"ids": [t.id for t in tickets]}) if tickets else ()
    linked: dict[str, list[str]] = {ticket: list(threads) for ticket, threads in links}
    return {
        t.id: Case(
            id=t.id,
            customer_id=t.customer_id,
            conversation_id=t.conversation_id,
            conversations=set(linked.get(t.id, ())),
            state=t.state,
            opened_at=t.opened_at,
            last_customer_at=t.last_customer_at,
            last_answer_at=t.last_answer_at,
            resolved_at=t.resolved_at,
            follows_id=t.follows_id,
            dismissed_into=t.follows_id if t.dismissed == "duplicate" else None,
        )
        for t in tickets
    }
