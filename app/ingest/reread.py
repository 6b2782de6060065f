"""reread_due(): read an open ticket's conversation again, for edits, deletions and replies that notify nobody."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select, true, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from app.brands.account import account_at_work
from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.settings import settings
from app.core.transaction import transaction
from app.ingest.budget import out_of_budget
from app.ingest.models import Poll
from app.ingest.outcome import note_failure
from app.ingest.receive import receive
from app.ledger.charge import charged, metered
from app.ledger.months import month_ends
from app.networks.errors import Gone, NetworkError, RateLimited, Unauthorized
from app.networks.port import Account, Inbound, Network
from app.networks.registry import network
from app.tickets.models import Conversation, Message, Ticket, TicketConversation
from app.tickets.state import ACTIVE
from app.tickets.vanish import vanish_messages

LEASE: Final = timedelta(seconds=60)
_CHECKS: Final = 20
"""So many posts missing from a thread are asked for one by one at a time; the rest at the next reading."""
_PAUSES: Final = (
    (timedelta(hours=1), timedelta(minutes=2)),
    (timedelta(days=1), timedelta(minutes=15)),
)
_LONG_PAUSE: Final = timedelta(minutes=60)


async def reread_due() -> bool:
    """Read one conversation again whose time has come; whether there was one."""
    async with transaction() as tx:
        claimed = await _claim(tx)
        if claimed is None:
            return False
        conversation, account, brand = claimed
        if "reread" not in network(account.network).can:
            conversation.reread_at = conversation.reread_lease = None
            return True
        if await out_of_budget(tx, account):
            await _wait_for_month(tx, conversation)
            return True
        known = list(
            await tx.scalars(
                select(Message)
                .where(Message.conversation_id == conversation.id, Message.vanished_at.is_(None))
                .order_by(Message.posted_at, Message.id),
            ),
        )
    try:
        opened = account_at_work(account)
        async with metered(opened):
            await _reread(opened, conversation, account, brand, known)
    except NetworkError as problem:
        await _postpone(conversation, account, brand, problem)
    return True


async def _reread(
    opened: Account, conversation: Conversation, account: BrandAccount, brand: Brand, known: list[Message]
) -> None:
    seen, gone = await _look(network(account.network), opened, known)
    async with charged(opened) as tx:
        before = {i.uri for i in seen if i.posted_at < account.connected_at}
        if seen:
            await receive(tx, brand, account, seen, received_at=now(), old=before)
        if gone:
            await vanish_messages(tx, brand.id, gone, why="deleted", at=now())
        await _plan(tx, conversation.id)


async def _wait_for_month(tx: Tx, conversation: Conversation) -> None:
    """Nothing of its account is read again before its budget begins anew, or a lead raises it."""
    conversation.reread_lease = None
    held_back = update(Poll).where(Poll.account_id == conversation.account_id).values(reread_free_at=month_ends(now()))
    await tx.execute(held_back.execution_options(synchronize_session=False))


def _first_of_each_account() -> LateralFromClause:
    """The conversation that each account has to read first, found by index: what waits behind it costs nothing."""
    waiting = aliased(Conversation)
    free = or_(waiting.reread_lease.is_(None), waiting.reread_lease <= now())
    return (
        select(waiting.id, waiting.reread_at)
        .where(waiting.account_id == Poll.account_id, waiting.reread_at.is_not(None), free)
        .order_by(waiting.reread_at)
        .limit(1)
        .correlate(Poll)
        .lateral("first")
    )


async def _claim(tx: Tx) -> tuple[Conversation, BrandAccount, Brand] | None:
    """A conversation whose account is free now: each account is asked at a pace its network allows."""
    free = or_(Conversation.reread_lease.is_(None), Conversation.reread_lease <= now())
    first = _first_of_each_account()
    conversation = await tx.scalar(
        select(Conversation)
        .select_from(Poll)
        .join(first, onclause=true())
        .join(Conversation, Conversation.id == first.c.id)
        .where(
            Conversation.reread_at <= now(),
            free,
            Poll.due_at.is_not(None),
            or_(Poll.reread_free_at.is_(None), Poll.reread_free_at <= now()),
        )
        .order_by(Conversation.reread_at)
        .limit(1)
        # both rows or none, and neither is waited for: a reading holds its account's row and then wants conversations
        .with_for_update(of=[Conversation, Poll], key_share=True, skip_locked=True),
    )
    if conversation is None:
        return None
    conversation.reread_lease = now() + LEASE
    await tx.execute(
        update(Poll)
        .where(Poll.account_id == conversation.account_id)
        .values(reread_free_at=now() + timedelta(seconds=settings().reread_pace_seconds))
        .execution_options(synchronize_session=False),
    )
    account = await tx.get_one(BrandAccount, conversation.account_id)
    return conversation, account, await tx.get_one(Brand, account.brand_id)


async def _look(adapter: Network, account: Account, known: list[Message]) -> tuple[list[Inbound], list[str]]:
    """The thread as it is now, and the ids of our messages that are certainly gone."""
    gone: list[str] = []
    seen: dict[str, Inbound] = {}
    for anchor in known:
        try:
            thread = await adapter.thread(account, anchor.remote_id)
        except Gone:
            gone.append(anchor.id)
            continue
        post = thread.post or await adapter.post(account, anchor.remote_id)
        seen = {p.remote_id: p for p in (*thread.ancestors, post, *thread.descendants)}
        break
    missing = [m for m in known if m.remote_id not in seen and m.id not in gone]
    for message in missing[:_CHECKS]:
        try:
            post = await adapter.post(account, message.remote_id)
            seen[post.remote_id] = post
        except Gone:
            gone.append(message.id)
    return list(seen.values()), gone


async def _plan(tx: Tx, conversation_id: str) -> None:
    """When to read again: often while people talk, hourly later, not at all once no open ticket needs it."""
    newest = await tx.scalar(
        select(func.max(Ticket.last_message_at))
        .join(TicketConversation, TicketConversation.ticket_id == Ticket.id)
        .where(TicketConversation.conversation_id == conversation_id, Ticket.state.in_(ACTIVE)),
    )
    pause = None
    if newest is not None:
        pause = next((p for age, p in _PAUSES if now() - newest < age), _LONG_PAUSE)
    await tx.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(reread_at=now() + pause if pause else None, reread_lease=None)
        .execution_options(synchronize_session=False),
    )


async def _postpone(conversation: Conversation, account: BrandAccount, brand: Brand, problem: NetworkError) -> None:
    later = now() + timedelta(minutes=2)
    async with transaction() as tx:
        if isinstance(problem, Unauthorized):
            poll = await tx.get(Poll, account.id, with_for_update=True, populate_existing=True)
            if poll is not None and poll.due_at is not None:
                await note_failure(tx, poll, brand.id, problem)
        if isinstance(problem, RateLimited):
            later = max(problem.retry_at or later, later)
            await tx.execute(
                update(Poll)
                .where(Poll.account_id == account.id)
                .values(reread_free_at=later)
                .execution_options(synchronize_session=False),
            )
        await tx.execute(
            update(Conversation)
            .where(Conversation.id == conversation.id)
            .values(reread_at=later, reread_lease=None)
            .execution_options(synchronize_session=False),
        )


async def next_reread() -> datetime | None:
    """When the next conversation may be read again; one under a lease that runs out is found by the next look."""
    first = _first_of_each_account()
    at = func.greatest(first.c.reread_at, func.coalesce(Poll.reread_free_at, first.c.reread_at))
    async with transaction() as tx:
        due: datetime | None = await tx.scalar(
            select(func.min(at)).select_from(Poll).join(first, onclause=true()).where(Poll.due_at.is_not(None)),
        )
    return due
