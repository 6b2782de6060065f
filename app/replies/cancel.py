"""cancel_reply(), retry_reply(), settle_by_hand(): what an agent can still do about a reply handed over."""

from typing import Final

from sqlalchemy import select, text, update

from app.agents.permit import Actor, require, sees
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record
from app.core.wake import wake
from app.ledger.queries import refuse_spent
from app.replies.errors import NotRetryable, NotUnsure, ReplyNotFound, TooLateToCancel
from app.replies.events import ReplyCancelled, ReplyQueued
from app.replies.models import Picture, Reply
from app.replies.parts import group_of
from app.replies.prepare import begin_anew
from app.replies.queries import reply_view, reply_views
from app.replies.settle import write_down_failed, write_down_found
from app.replies.views import ReplyView
from app.tickets.models import Message

_READ_AGAIN: Final = text(
    "update conversations set reread_at = :at where id = (select conversation_id from messages where id = :parent)"
)

_NOT_OUT: Final = ("queued", "failed")


async def _hold(tx: Tx, actor: Actor, reply_id: str) -> Reply:
    reply = await tx.scalar(
        select(Reply).where(Reply.id == reply_id).with_for_update().execution_options(populate_existing=True),
    )
    if reply is None or not sees(actor, reply.brand_id):
        raise ReplyNotFound
    return reply


async def cancel_reply(tx: Tx, actor: Actor, reply_id: str) -> ReplyView:
    """Take a reply back that has not left, or give up a failed one; its pictures can be used again.

    With a part, all parts of its text that have not left are taken back. Raises TooLateToCancel once it may have left.
    """
    require(actor, "reply")
    known = await tx.get(Reply, reply_id)
    if known is None or not sees(actor, known.brand_id):
        raise ReplyNotFound
    group = await group_of(tx, known)
    (reply,) = (one for one in group if one.id == reply_id)
    if reply.state == "cancelled":
        return await reply_view(tx, reply)
    if reply.state not in _NOT_OUT:
        raise TooLateToCancel(state=reply.state)
    back = [one for one in group if one.state in _NOT_OUT]
    views = await reply_views(tx, back)
    for one in back:
        one.state, one.due_at, one.lease_until = "cancelled", None, None
        one.revision += 1
    free = update(Picture).where(Picture.reply_id.in_([one.id for one in back]))
    await tx.execute(free.values(reply_id=None, remote_id=None))
    await tx.flush()
    cancelled = {}
    for one, before in zip(back, views, strict=True):
        view = before.model_copy(update={"state": "cancelled", "due_at": None, "revision": one.revision})
        fact = ReplyCancelled(brand_id=one.brand_id, ticket_id=one.ticket_id, reply=view)
        record(tx, fact, agent_id=actor.agent_id)
        cancelled[one.id] = view
    await wake(tx, "replies")  # what waited behind it may go
    return cancelled[reply_id]


async def retry_reply(tx: Tx, actor: Actor, reply_id: str) -> ReplyView:
    """Queue a failed reply again, at once. Raises NotRetryable or BudgetSpent."""
    require(actor, "reply")
    reply = await _hold(tx, actor, reply_id)
    if reply.state == "queued":
        return await reply_view(tx, reply)
    if reply.state != "failed":
        raise NotRetryable(state=reply.state)
    await refuse_spent(tx, reply.account_id, (await tx.get_one(BrandAccount, reply.account_id)).network)
    return await _queue_again(tx, actor, reply)


async def settle_by_hand(tx: Tx, actor: Actor, reply_id: str, *, published: bool) -> ReplyView:
    """A person looked at the network: an unsure reply is out (it turns up by reading), or it is not. Raises NotUnsure."""
    require(actor, "reply")
    reply = await _hold(tx, actor, reply_id)
    if reply.state != "unsure":
        raise NotUnsure(state=reply.state)
    if not published:
        return await write_down_failed(tx, reply, "", agent_id=actor.agent_id)
    view = await write_down_found(tx, reply, actor.agent_id)
    await tx.execute(_READ_AGAIN, {"at": now(), "parent": reply.parent_id})
    for kind in ("rereads", "replies"):  # the post turns up, and what waited behind it may go
        await wake(tx, kind)
    return view


async def _queue_again(tx: Tx, actor: Actor, reply: Reply) -> ReplyView:
    reply.state, reply.due_at, reply.lease_until, reply.problem = "queued", now(), None, None
    reply.tries, reply.first_attempt_at = 0, None
    parent = await tx.get_one(Message, reply.parent_id)
    begin_anew(reply, parent.facts)
    reply.revision += 1
    # A network forgets pictures that no post came to use: they are uploaded anew.
    await tx.execute(update(Picture).where(Picture.reply_id == reply.id).values(remote_id=None))
    await tx.flush()
    view = await reply_view(tx, reply)
    record(tx, ReplyQueued(brand_id=reply.brand_id, ticket_id=reply.ticket_id, reply=view), agent_id=actor.agent_id)
    await wake(tx, "replies")
    return view
