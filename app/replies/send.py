"""send_reply(): compare and send - check the text and what the agent saw, freeze it, queue it under its key."""

import hashlib
from dataclasses import asdict
from datetime import timedelta

import orjson
from sqlalchemy import delete, select

from app.agents.permit import Actor, require
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.settings import settings
from app.core.trace import current
from app.core.transaction import record
from app.core.wake import wake
from app.ledger.queries import refuse_spent
from app.networks.split import MOST_PARTS
from app.replies.errors import (
    AccountNotWorking,
    AlreadyAnswered,
    KeyReused,
    PictureNotFound,
    WouldPublishPrivate,
)
from app.replies.events import ReplyQueued
from app.replies.freeze import freeze
from app.replies.models import Draft, Picture, Reply
from app.replies.parent import chosen_parent
from app.replies.parts import part_key
from app.replies.queries import reply_view, reply_views
from app.replies.state import UNFINISHED
from app.replies.views import ReplyView
from app.replies.wish import Wish
from app.tickets.events import TicketAssigned
from app.tickets.hold import hold_ticket
from app.tickets.models import Message, Ticket
from app.tickets.tell_posts import message_views


async def send_reply(tx: Tx, actor: Actor, ticket_id: str, wish: Wish, key: str) -> ReplyView:
    """Queue an answer; it leaves after the time for undoing. The same key again answers with the first reply.

    What is too long and may be split is queued in parts, the pictures with the first of them, which is the answer.
    Raises AlreadyAnswered (409, with what is new) unless confirmed, and every error of app/replies/errors.py.
    """
    require(actor, "reply")
    ticket = await hold_ticket(tx, actor, "reply", ticket_id, None)
    own_key = f"{actor.agent_id}:{key}"
    fingerprint = _fingerprint(ticket_id, wish)
    known = await tx.scalar(select(Reply).where(Reply.key == own_key))
    if known is not None:
        if known.fingerprint != fingerprint:
            raise KeyReused(field="Idempotency-Key")
        return await reply_view(tx, known)

    account = await tx.get_one(BrandAccount, ticket.account_id)
    if account.state != "working":
        raise AccountNotWorking
    await refuse_spent(tx, account.id, account.network)
    await _refuse_private_text(tx, actor, ticket_id, wish)
    parent = await chosen_parent(tx, account, ticket_id, wish.lane, wish.parent_id)
    pictures = await _pictures(tx, actor, ticket_id, wish.picture_ids)
    parts = freeze(account, parent, wish, pictures, [part_key(own_key, part) for part in range(1, MOST_PARTS + 1)])
    if not wish.confirmed:
        await _compare(tx, ticket_id, wish.seen)

    at = now()
    undo = timedelta(seconds=settings().undo_seconds if wish.undo_seconds is None else wish.undo_seconds)
    ids = [new_id("rp") for _ in parts]
    replies = [
        Reply(
            id=reply_id,
            brand_id=ticket.brand_id,
            ticket_id=ticket_id,
            account_id=account.id,
            parent_id=parent.id,
            agent_id=actor.agent_id,
            key=part_key(own_key, part),
            fingerprint=fingerprint,
            lane=wish.lane,
            text=text,
            outgoing={name: value for name, value in asdict(outgoing).items() if name != "prepared"},
            then=wish.then if part == len(parts) else None,
            group_id=ids[0] if len(parts) > 1 else None,
            part=part,
            parts=len(parts),
            state="queued",
            due_at=at + undo if part == 1 else None,
            created_at=at,
            tries=0,
            attempts=0,
            revision=1,
            trace=current(),
        )
        for part, (reply_id, (text, outgoing)) in enumerate(zip(ids, parts, strict=True), 1)
    ]
    tx.add_all(replies)
    await tx.flush()
    for place, picture in enumerate(pictures):
        picture.reply_id, picture.place = ids[0], place
    await tx.execute(delete(Draft).where(Draft.ticket_id == ticket_id, Draft.agent_id == actor.agent_id))
    await tx.flush()
    views = await reply_views(tx, replies)
    for view in views:
        record(tx, ReplyQueued(brand_id=ticket.brand_id, ticket_id=ticket_id, reply=view), agent_id=actor.agent_id)
    _own_by_answering(tx, actor, ticket)
    await wake(tx, "replies")
    return views[0]


def _fingerprint(ticket_id: str, wish: Wish) -> str:
    """What of a request must be the same under the same key; later fields are part of it only if they are used."""
    asked = asdict(wish) | {"confirmed": False, "seen": None}
    if wish.undo_seconds is None:
        del asked["undo_seconds"]
    if not wish.split:
        del asked["split"]
    return hashlib.sha256(orjson.dumps([ticket_id, asked])).hexdigest()


async def _refuse_private_text(tx: Tx, actor: Actor, ticket_id: str, wish: Wish) -> None:
    """What the agent's draft holds for the private lane cannot leave in public, whatever the console thinks."""
    draft = await tx.get(Draft, (ticket_id, actor.agent_id))
    written_for = draft.body.get("lane") if draft else None
    same = draft is not None and " ".join(str(draft.body.get("text", "")).split()) == " ".join(wish.text.split())
    if wish.lane == "public" and written_for in {"private", "note"} and same and wish.text.strip():
        raise WouldPublishPrivate(field="lane")


async def _pictures(tx: Tx, actor: Actor, ticket_id: str, ids: tuple[str, ...]) -> list[Picture]:
    found = {
        p.id: p
        for p in await tx.scalars(
            select(Picture).where(
                Picture.id.in_(ids),
                Picture.ticket_id == ticket_id,
                Picture.agent_id == actor.agent_id,
                Picture.reply_id.is_(None),
            ),
        )
    }
    if len(found) != len(set(ids)):
        raise PictureNotFound(field="picture_ids")
    return [found[i] for i in dict.fromkeys(ids)]


async def _compare(tx: Tx, ticket_id: str, seen: str | None) -> None:
    """Refuse an answer written against an older state of the conversation. Raises AlreadyAnswered."""
    newer = list(
        await tx.scalars(
            select(Message)
            .where(Message.ticket_id == ticket_id, Message.id > (seen or ""))
            .order_by(Message.posted_at),
        ),
    )
    under_way = list(await tx.scalars(select(Reply).where(Reply.ticket_id == ticket_id, Reply.state.in_(UNFINISHED))))
    if newer or under_way:
        raise AlreadyAnswered(
            newer=[m.model_dump(mode="json") for m in message_views(newer, ticket_id)],
            others=[r.model_dump(mode="json") for r in await reply_views(tx, under_way)],
        )


def _own_by_answering(tx: Tx, actor: Actor, ticket: Ticket) -> None:
    """Who answers what nobody owned owns it; a key owns nothing."""
    if ticket.assignee_id is None and actor.scopes is None:
        ticket.assignee_id = actor.agent_id
        fact = TicketAssigned(
            brand_id=ticket.brand_id, ticket_id=ticket.id, agent_id=actor.agent_id, before_id=None, why="answered"
        )
        record(tx, fact, agent_id=actor.agent_id)
    ticket.revision += 1
