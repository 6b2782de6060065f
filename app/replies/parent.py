"""Which post an answer goes under, and how widely it may be seen."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, Text, bindparam, literal_column, select, union_all

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.rows import read_rows
from app.networks.answerable import Answerable
from app.networks.registry import network
from app.replies.errors import (
    AnswerByHand,
    AnswerInPrivate,
    NotAnswerable,
    NothingToAnswer,
    NotOnThisNetwork,
    WouldWiden,
)
from app.replies.views import Visibility
from app.tickets.answerable import answerable_of, can_answer, newest_answerable
from app.tickets.models import Message
from app.tickets.views import Lane

Answered = tuple[Any, Answerable]
"""A post, as a row of what is asked of it, and how it can be answered."""
LANES: Final[tuple[Lane, ...]] = ("public", "private")

_LOOKED_AT: Final = 20
"""So many of the customer's newest posts are asked about; one of them nearly always can be answered, if any can."""
_REFUSALS: Final = {"private_only": AnswerInPrivate, "by_hand": AnswerByHand, "no": NotAnswerable}
WIDEST_FIRST: Final[tuple[Visibility, ...]] = ("public", "unlisted", "followers", "direct")


_ASKED: Final = [
    getattr(Message, name)
    for name in (
        "id",
        "account_id",
        "remote_id",
        "kind",
        "lane",
        "visibility",
        "content_warning",
        "role",
        "author",
        "facts",
        "url",
        "posted_at",
        "vanished_at",
    )
]
"""What is asked of a post to know whether and how it can be answered, and what the composer says of it."""


def _of_network(query: Select[Any], network: Any) -> Select[Any]:
    """Posts that an answer on this network can stand under: what was said there and stands, not what was brought."""
    neighbours = select(BrandAccount.id).where(BrandAccount.network == network)
    return query.where(Message.account_id.in_(neighbours), Message.vanished_at.is_(None))


def _candidates(lane: Lane) -> Select[Any]:
    """A customer's newest posts for a lane, those said in it first; nothing private is answered in public."""
    network, ticket_id = bindparam("network", type_=Text()), bindparam("ticket_id", type_=Text())
    query = _of_network(select(*_ASKED, literal_column(f"'{lane}'", Text()).label("for_lane")), network)
    query = query.where(Message.ticket_id == ticket_id, Message.kind == "customer")
    if lane == "public":
        query = query.where(Message.lane != "private")
    order = ((Message.lane == lane).desc(), Message.posted_at.desc(), Message.id.desc())
    return query.order_by(*order).limit(_LOOKED_AT)


# Made once: putting them together anew takes longer than running them.
_OF_LANE: Final[dict[Lane, Any]] = {lane: _candidates(lane) for lane in LANES}
_OF_BOTH: Final = union_all(*(query.subquery().select() for query in _OF_LANE.values()))


async def newest_to_answer(tx: Tx, account: Any, ticket_id: str) -> dict[Lane, Answered | None]:
    """For each lane the customer's newest post that can be answered in it, else their newest; in private rather a private one.

    One statement, however long the ticket is. Null where there is no post that the lane could answer. `account` is a
    BrandAccount, or a row of BARE.
    """
    found = await read_rows(tx, _OF_BOTH, {"network": account.network, "ticket_id": ticket_id})
    at = now()
    return {lane: newest_answerable(account, _in_order(found, lane), at, lane) for lane in LANES}


def _in_order(found: Sequence[Any], lane: Lane) -> list[Any]:
    said = sorted((m for m in found if m.for_lane == lane), key=lambda m: (m.posted_at, m.id), reverse=True)
    return sorted(said, key=lambda m: m.lane != lane)


async def chosen_parent(tx: Tx, account: BrandAccount, ticket_id: str, lane: Lane, parent_id: str | None) -> Message:
    """The post to answer: the one chosen, else the newest that can be. Raises NothingToAnswer and what refuse() raises."""
    if parent_id is None:
        found = (await newest_to_answer(tx, account, ticket_id))[lane]
        parent_id = None if found is None else found[0].id
    chosen = _of_network(select(Message), account.network).where(
        Message.id == parent_id, Message.ticket_id == ticket_id
    )
    message: Message | None = await tx.scalar(chosen)
    if message is None or (lane == "public" and message.lane == "private"):
        raise NothingToAnswer(field="parent_id")
    refuse(account, answerable_of(account, message, now(), lane), lane)
    return message


def refuse(account: BrandAccount, answerable: Answerable, lane: str) -> None:
    """Refuse what the network does not allow, with the reason as an i18n key and the way to answer by hand.

    Raises NotOnThisNetwork, AnswerInPrivate, AnswerByHand or NotAnswerable.
    """
    if can_answer(answerable, lane):
        if lane not in network(account.network).can:
            raise NotOnThisNetwork(field="lane")
        return
    until = answerable.until.isoformat() if answerable.until else None
    raise _REFUSALS[answerable.how](field="lane", why=answerable.why, until=until, url=answerable.url)


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
