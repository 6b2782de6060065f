"""Which post an answer goes under, and how widely it may be seen."""

from typing import Any, Final

from sqlalchemy import Select, select

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
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

Answered = tuple[Message, Answerable]

_LOOKED_AT: Final = 20
"""So many of the customer's newest posts are asked about; one of them nearly always can be answered, if any can."""
_REFUSALS: Final = {"private_only": AnswerInPrivate, "by_hand": AnswerByHand, "no": NotAnswerable}
WIDEST_FIRST: Final[tuple[Visibility, ...]] = ("public", "unlisted", "followers", "direct")


def _here(account: BrandAccount) -> Select[Any]:
    """Posts that an answer of this account can stand under: of its network, and not what was brought from elsewhere."""
    neighbours = select(BrandAccount.id).where(BrandAccount.network == account.network)
    return select(Message).where(Message.account_id.in_(neighbours), Message.vanished_at.is_(None))


async def newest_to_answer(tx: Tx, account: BrandAccount, ticket_id: str, lane: Lane) -> Answered | None:
    """The customer's newest post that can be answered in a lane, else their newest; in the private lane rather a private one.

    One statement, however long the ticket is. Null when there is no post that the lane could answer.
    """
    query = (
        _here(account)
        .where(Message.ticket_id == ticket_id, Message.kind == "customer")
        .order_by((Message.lane == lane).desc(), Message.posted_at.desc(), Message.id.desc())
        .limit(_LOOKED_AT)
    )
    rows = [m for m in await tx.scalars(query) if not (lane == "public" and m.lane == "private")]
    return newest_answerable(account, rows, now(), lane)


async def chosen_parent(tx: Tx, account: BrandAccount, ticket_id: str, lane: Lane, parent_id: str | None) -> Message:
    """The post to answer: the one chosen, else the newest that can be. Raises NothingToAnswer and what refuse() raises."""
    if parent_id is None:
        found = await newest_to_answer(tx, account, ticket_id, lane)
    else:
        message = await tx.scalar(_here(account).where(Message.id == parent_id, Message.ticket_id == ticket_id))
        found = (message, answerable_of(account, message, now(), lane)) if message is not None else None
    if found is None or (lane == "public" and found[0].lane == "private"):
        raise NothingToAnswer(field="parent_id")
    refuse(account, found[1], lane)
    return found[0]


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
