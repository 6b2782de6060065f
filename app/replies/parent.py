"""Which post an answer goes under, and how widely it may be seen."""

from typing import Final

from sqlalchemy import select

from app.core.db import Tx
from app.replies.errors import NothingToAnswer, WouldWiden
from app.replies.views import Visibility
from app.tickets.models import Message

WIDEST_FIRST: Final[tuple[Visibility, ...]] = ("public", "unlisted", "followers", "direct")


async def newest_to_answer(tx: Tx, ticket_id: str, lane: str) -> Message | None:
    """The customer's newest post in a lane; in the private lane, when there is none, their newest public one."""
    query = (
        select(Message)
        .where(Message.ticket_id == ticket_id, Message.kind == "customer", Message.vanished_at.is_(None))
        .order_by((Message.lane == lane).desc(), Message.posted_at.desc(), Message.id.desc())
        .limit(1)
    )
    found = await tx.scalar(query)
    if found is None or (lane == "public" and found.lane == "private"):
        return None
    return found


async def chosen_parent(tx: Tx, ticket_id: str, lane: str, parent_id: str | None) -> Message:
    """The post to answer: the one chosen, else the newest. Raises NothingToAnswer."""
    if parent_id is None:
        found = await newest_to_answer(tx, ticket_id, lane)
    else:
        found = await tx.scalar(
            select(Message).where(
                Message.id == parent_id, Message.ticket_id == ticket_id, Message.vanished_at.is_(None)
            ),
        )
    if found is None or (lane == "public" and found.lane == "private"):
        raise NothingToAnswer(field="parent_id")
    return found


def visibilities(parent: str, lane: str) -> list[Visibility]:
    """What an answer to a post of this visibility may have, the default first; never wider than the parent's."""
    if lane == "private":
        return ["direct"]
    widest = WIDEST_FIRST.index(parent)
    return [v for v in WIDEST_FIRST[widest:] if v != "direct"]


def allowed_visibility(parent: str, lane: str, asked: str | None) -> Visibility:
    """The visibility asked for, or the default. Raises WouldWiden."""
    may = visibilities(parent, lane)
    if asked is None:
        return may[0]
    if asked not in may:
        raise WouldWiden(field="visibility")
    return asked
