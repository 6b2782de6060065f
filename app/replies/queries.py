"""Replies, drafts and pictures read back as views, and what the composer must know before the first key."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from app.agents.permit import Actor, sees
from app.brands.account import BARE
from app.brands.models import BrandAccount
from app.core.db import Tx
from app.core.rows import among, read_rows
from app.ledger.queries import prices_now
from app.networks.cost import PRIVATE, PUBLIC, WITH_LINK
from app.networks.port import Network
from app.networks.reasons import why_of
from app.networks.registry import networks
from app.replies.models import Draft, Picture, Reply
from app.replies.parent import LANES, Answered, newest_to_answer, visibilities
from app.replies.views import DraftView, LaneOptions, PictureView, ReplyCostView, ReplyOptions, ReplyView
from app.tickets.answerable import answerable_view, can_answer, listens_only
from app.tickets.errors import TicketNotFound
from app.tickets.models import Message, Ticket
from app.tickets.queries import see_ticket
from app.tickets.views import Lane

# made once, since putting them together anew takes longer than running them
_DRAFT: Final = select(Draft.saved_at, Draft.body).where(
    Draft.ticket_id == bindparam("ticket_id"), Draft.agent_id == bindparam("agent_id")
)
_NEWEST: Final = select(func.max(Message.id)).where(Message.ticket_id == bindparam("ticket_id")).scalar_subquery()
_ACCOUNT: Final = (
    select(
        Ticket.brand_id,
        *BARE,
        BrandAccount.state,
        _NEWEST.label("newest"),
    )
    .join(BrandAccount, BrandAccount.id == Ticket.account_id)
    .where(Ticket.id == bindparam("ticket_id"))
)
"""The account that a ticket is answered from, and the ticket's newest message."""
_PICTURES: Final = (
    select(
        Picture.reply_id,
        Picture.id,
        Picture.filename,
        Picture.media_type,
        Picture.alt,
        func.length(Picture.data),
    )
    .where(among(Picture.reply_id, "ids"))
    .order_by(Picture.place, Picture.id)
)
_REPLIES: Final = select(Reply).where(Reply.ticket_id == bindparam("ticket_id")).order_by(Reply.id)


async def reply_views(tx: Tx, replies: Sequence[Reply]) -> list[ReplyView]:
    """Replies as the console shows them, with their pictures; one statement."""
    pictures: dict[str, list[PictureView]] = {}
    if replies:
        found = await read_rows(tx, _PICTURES, {"ids": [r.id for r in replies]})
        for reply_id, key, filename, media_type, alt, size in found:
            view = PictureView(id=key, filename=filename, media_type=media_type, alt=alt, size=size)
            pictures.setdefault(reply_id, []).append(view)
    return [
        ReplyView(
            id=r.id,
            ticket_id=r.ticket_id,
            agent_id=r.agent_id,
            parent_id=r.parent_id,
            lane=r.lane,
            visibility=r.outgoing["visibility"],
            text=r.text,
            content_warning=r.outgoing["content_warning"],
            state=r.state,
            created_at=r.created_at,
            due_at=r.due_at,
            tries=r.tries,
            problem=r.problem,
            **why_of(r.problem),
            doubt=r.doubt,
            message_id=r.message_id,
            sent_at=r.sent_at,
            pictures=pictures.get(r.id, []),
            then=r.then,
            group_id=r.group_id,
            part=r.part,
            parts=r.parts,
            revision=r.revision,
        )
        for r in replies
    ]


async def reply_view(tx: Tx, reply: Reply) -> ReplyView:
    """One reply as the console shows it."""
    return (await reply_views(tx, [reply]))[0]


async def replies_of(tx: Tx, actor: Actor, ticket_id: str) -> list[ReplyView]:
    """A ticket's replies in the order they were handed over. Raises TicketNotFound."""
    await see_ticket(tx, actor, ticket_id)
    rows = await tx.scalars(_REPLIES, {"ticket_id": ticket_id})
    return await reply_views(tx, list(rows))


async def unsent_pictures(tx: Tx, actor: Actor, ticket_id: str) -> list[PictureView]:
    """The actor's pictures that no reply took along yet, oldest first. Raises TicketNotFound."""
    await see_ticket(tx, actor, ticket_id)
    found = await tx.execute(
        select(Picture.id, Picture.filename, Picture.media_type, Picture.alt, func.length(Picture.data))
        .where(Picture.ticket_id == ticket_id, Picture.agent_id == actor.agent_id, Picture.reply_id.is_(None))
        .order_by(Picture.id),
    )
    return [PictureView(id=i, filename=name, media_type=kind, alt=alt, size=size) for i, name, kind, alt, size in found]


async def draft_of(tx: Tx, actor: Actor, ticket_id: str) -> DraftView | None:
    """The actor's own draft on a ticket. Raises TicketNotFound."""
    await see_ticket(tx, actor, ticket_id)
    found = await read_rows(tx, _DRAFT, {"ticket_id": ticket_id, "agent_id": actor.agent_id})
    row = next(iter(found), None)
    return DraftView(ticket_id=ticket_id, saved_at=row.saved_at, **row.body) if row else None


async def reply_options(tx: Tx, actor: Actor, ticket_id: str) -> ReplyOptions:
    """Whether and how each lane can be answered now. Raises TicketNotFound."""
    account = next(iter(await read_rows(tx, _ACCOUNT, {"ticket_id": ticket_id})), None)
    if account is None or not sees(actor, account.brand_id):
        raise TicketNotFound
    adapter = networks().get(account.network)
    prices = await prices_now(tx, account.network)
    answered = await newest_to_answer(tx, account, ticket_id)
    return ReplyOptions(
        account_id=account.id,
        listens_only=adapter is None or listens_only(adapter),
        newest_message_id=account.newest,
        lanes=[_lane(account, adapter, lane, answered[lane], _cost(prices, lane)) for lane in LANES],
    )


def _cost(prices: Mapping[str, int], lane: Lane) -> ReplyCostView | None:
    micros = prices.get(PUBLIC if lane == "public" else PRIVATE)
    if micros is None:
        return None
    dearer = prices.get(WITH_LINK, micros) if lane == "public" else micros
    return ReplyCostView(micros=micros, with_link_micros=max(micros, dearer))


def _lane(
    account: Any, adapter: Network | None, lane: Lane, found: Answered | None, cost: ReplyCostView | None
) -> LaneOptions:
    parent, answerable = found or (None, None)
    why = None
    if account.state != "working":
        why = "account_broken"
    elif adapter is not None and lane not in adapter.can and not listens_only(adapter):
        why = "not_on_this_network"
    elif parent is None:
        why = "nothing_to_answer"
    shown = answerable_view(answerable) if answerable else None
    if adapter is None or parent is None or answerable is None or why or not can_answer(answerable, lane):
        return LaneOptions(
            lane=lane,
            allowed=False,
            why_not=why,
            answerable=shown,
            parent_id=None,
            to_handle=None,
            prefix="",
            visibilities=[],
            content_warning=None,
            cost=None,
        )
    handle = str(parent.author["handle"])
    may = visibilities(parent.visibility, lane)
    return LaneOptions(
        lane=lane,
        allowed=True,
        why_not=None,
        answerable=shown,
        parent_id=parent.id,
        to_handle=handle,
        prefix=adapter.compose(handle, [], "", may[0], own=account.handle),
        visibilities=may,
        content_warning=parent.content_warning if "content_warning" in adapter.can else None,
        cost=cost,
    )
