"""cancel_reply(), retry_reply(), settle_by_hand(): what an agent can still do about a reply handed over."""

from typing import Final

from sqlalchemy import select, text, update

from app.agents.permit import Actor, require, sees
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record
from app.core.wake import wake
from app.replies.errors import NotRetryable, NotUnsure, ReplyNotFound, TooLateToCancel
from app.replies.events import ReplyCancelled, ReplyQueued, ReplySent
from app.replies.models import Picture, Reply
from app.replies.prepare import begin_anew
from app.replies.queries import reply_view
from app.replies.settle import write_down_failed
from app.replies.views import ReplyView
from app.tickets.models import Message

_READ_AGAIN: Final = text(
    "update conversations set reread_at = :at where id = (select conversation_id from messages where id = :parent)"
)


async def _hold(tx: Tx, actor: Actor, reply_id: str) -> Reply:
    reply = await tx.scalar(
        select(Reply).where(Reply.id == reply_id).with_for_update().execution_options(populate_existing=True),
    )
    if reply is None or not sees(actor, reply.brand_id):
        raise ReplyNotFound
    return reply


async def cancel_reply(tx: Tx, actor: Actor, reply_id: str) -> ReplyView:
    """Take a reply back that has not left, or give up a failed one; its pictures can be used again.

    Raises TooLateToCancel once it may have left.
    """
    require(actor, "reply")
    reply = await _hold(tx, actor, reply_id)
    if reply.state == "cancelled":
        return await reply_view(tx, reply)
    if reply.state not in {"queued", "failed"}:
        raise TooLateToCancel(state=reply.state)
    view = await reply_view(tx, reply)
    reply.state, reply.due_at, reply.lease_until = "cancelled", None, None
    reply.revision += 1
    await tx.execute(update(Picture).where(Picture.reply_id == reply_id).values(reply_id=None, remote_id=None))
    await tx.flush()
    view = view.model_copy(update={"state": "cancelled", "due_at": None, "revision": reply.revision})
    fact = ReplyCancelled(brand_id=reply.brand_id, ticket_id=reply.ticket_id, reply=view)
    record(tx, fact, agent_id=actor.agent_id)
    await wake(tx, "replies")  # what waited behind it may go
    return view


async def retry_reply(tx: Tx, actor: Actor, reply_id: str) -> ReplyView:
    """Queue a failed reply again, at once. Raises NotRetryable."""
    require(actor, "reply")
    reply = await _hold(tx, actor, reply_id)
    if reply.state == "queued":
        return await reply_view(tx, reply)
    if reply.state != "failed":
        raise NotRetryable(state=reply.state)
    return await _queue_again(tx, actor, reply)


async def settle_by_hand(tx: Tx, actor: Actor, reply_id: str, *, published: bool) -> ReplyView:
    """A person looked at the network: an unsure reply is out (it turns up by reading), or it is not. Raises NotUnsure."""
    require(actor, "reply")
    reply = await _hold(tx, actor, reply_id)
    if reply.state != "unsure":
        raise NotUnsure(state=reply.state)
    if not published:
        return await write_down_failed(tx, reply, "", agent_id=actor.agent_id)
    reply.state, reply.sent_at = "sent", reply.last_try_at
    reply.due_at, reply.lease_until = None, None
    reply.revision += 1
    await tx.flush()
    await tx.execute(_READ_AGAIN, {"at": now(), "parent": reply.parent_id})
    for kind in ("rereads", "replies"):  # the post turns up, and what waited behind it may go
        await wake(tx, kind)
    view = await reply_view(tx, reply)
    record(tx, ReplySent(brand_id=reply.brand_id, ticket_id=reply.ticket_id, reply=view), agent_id=actor.agent_id)
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
