"""A text that leaves in parts: each waits for the one before it, and answers the post that became of it."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select, tuple_

from app.core.clock import now
from app.core.db import Tx
from app.replies.models import Reply
from app.tickets.models import Message


def part_key(key: str, part: int) -> str:
    """The key of a part of the text that was handed over under a key; no key of an agent begins as these do."""
    return key if part == 1 else f"part {part} of {key}"


async def group_of(tx: Tx, reply: Reply) -> list[Reply]:
    """All parts of the text that this reply is a part of, in their order, locked; the reply alone when it is whole.

    Ask before the reply itself is locked: whoever writes down what became of a part locks that one and then the next.
    """
    whole = Reply.id == reply.id if reply.group_id is None else Reply.group_id == reply.group_id
    query = select(Reply).where(whole).order_by(Reply.id).with_for_update()
    return list(await tx.scalars(query.execution_options(populate_existing=True)))


async def release_next(tx: Tx, out: Collection[Reply]) -> list[Reply]:
    """The parts behind these, which are out, fall due; each answers the post before it as that is known now.

    Of a part that only a person found no post is known: what follows goes under the same post as that part.
    """
    before = {(reply.group_id, reply.part + 1): reply for reply in out if reply.part < reply.parts}
    if not before:
        return []
    query = (
        select(Reply)
        .where(tuple_(Reply.group_id, Reply.part).in_(list(before)), Reply.state == "queued", Reply.due_at.is_(None))
        .order_by(Reply.id)
        .with_for_update()
    )
    following = list(await tx.scalars(query.execution_options(populate_existing=True)))
    posts = await _posts(tx, [reply.message_id for reply in before.values() if reply.message_id])
    for reply in following:
        last = before[reply.group_id, reply.part]
        under, parent = posts.get(last.message_id or "", (last.parent_id, _parent(last.outgoing)))
        reply.parent_id, reply.outgoing = under, {**reply.outgoing, **parent}
        reply.due_at = now()
    return following


async def _posts(tx: Tx, message_ids: Collection[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    query = select(Message.id, Message.remote_id, Message.facts).where(Message.id.in_(message_ids))
    found = await tx.execute(query) if message_ids else ()
    return {i: (i, {"in_reply_to": remote_id, "parent_facts": facts}) for i, remote_id, facts in found}


def _parent(outgoing: Mapping[str, Any]) -> dict[str, Any]:
    return {name: outgoing[name] for name in ("in_reply_to", "parent_facts") if name in outgoing}
