"""What threading must know before it decides: posts, conversations and tickets near a page, in four statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from app.brands.models import Brand, BrandAccount
from app.core.db import Tx
from app.networks.port import Inbound
from app.tickets.edit_message import Known, known
from app.tickets.models import Conversation, Message, Ticket, TicketConversation
from app.tickets.placing import Books, Case, Post, Thread
from app.tickets.state import ACTIVE


async def load_books(
    tx: Tx, brand: Brand, account: BrandAccount, items: Sequence[Inbound], customers: Mapping[str, str]
) -> tuple[dict[str, Known], Books]:
    """The known posts by uri, and the books to place the page in; the tickets are locked until the commit."""
    remote = {i.remote_id for i in items} | {i.in_reply_to for i in items if i.in_reply_to}
    waiting = select(Conversation.id).where(
        Conversation.account_id == account.id, Conversation.missing_parent.in_({i.remote_id for i in items})
    )
    early = and_(Message.conversation_id.in_(waiting), Message.kind == "brand", Message.ticket_id.is_(None))
    found = await tx.execute(
        select(Message)
        .where(
            Message.account_id == account.id,
            or_(Message.uri.in_([i.uri for i in items]), Message.remote_id.in_(remote), early),
        )
        .execution_options(populate_existing=True),
    )
    messages = list(found.scalars())
    uris = {m.uri: known(m) for m in messages}
    posts = {m.remote_id: _known_post(m) for m in messages}
    near = await tx.scalars(
        select(Conversation).where(
            Conversation.account_id == account.id,
            or_(
                Conversation.id.in_({m.conversation_id for m in messages}),
                Conversation.missing_parent.in_(remote),
            ),
        ),
    )
    threads = {c.id: Thread(c.id, c.root, c.missing_parent) for c in near}
    cases = await _load_cases(tx, brand, set(customers.values()), set(threads), [i.posted_at for i in items])
    return uris, Books(posts, threads, cases)


def _known_post(m: Message) -> Post:
    post = Post(m.uri, m.remote_id, m.in_reply_to, "other", "", m.customer_id, m.lane, m.posted_at)
    post.author = str(m.author.get("remote_id", ""))
    post.kind = m.kind  # type: ignore[assignment]
    post.conversation_id, post.ticket_id = m.conversation_id, m.ticket_id
    return post


async def _load_cases(
    tx: Tx, brand: Brand, customer_ids: set[str], thread_ids: set[str], times: list[datetime]
) -> dict[str, Case]:
    """The tickets these posts could belong to, locked in a fixed order."""
    oldest = min(times, default=None)
    recent = (
        Ticket.last_message_at >= oldest - timedelta(seconds=brand.reopen_seconds)
        if oldest
        else Ticket.state.in_(ACTIVE)
    )
    in_threads = select(TicketConversation.ticket_id).where(TicketConversation.conversation_id.in_(thread_ids))
    wanted = (
        select(Ticket.id)
        .where(
            Ticket.brand_id == brand.id,
            or_(
                Ticket.id.in_(in_threads),
                Ticket.customer_id.in_(customer_ids) & or_(Ticket.state.in_(ACTIVE), recent),
            ),
        )
        .order_by(Ticket.id)
    )
    tickets = list(
        await tx.scalars(
            select(Ticket)
            .where(Ticket.id.in_(wanted))
            .order_by(Ticket.id)
            .with_for_update()
            .execution_options(populate_existing=True),
        ),
    )
    links = await tx.execute(
        select(TicketConversation.ticket_id, func.array_agg(TicketConversation.conversation_id))
        .where(TicketConversation.ticket_id.in_([t.id for t in tickets]))
        .group_by(TicketConversation.ticket_id),
    )
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
        )
        for t in tickets
    }
