"""deliver_due(): claim a reply, publish it outside any transaction, write down what became of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import sentry_sdk
import structlog
from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import aliased

from app.brands.account import account_at_work
from app.brands.health import mark_broken
from app.brands.models import BrandAccount
from app.core import claim as queue
from app.core.clock import now
from app.core.transaction import transaction
from app.networks.errors import NetworkError, RateLimited, Transient, Unauthorized, Unknown
from app.networks.port import Account, Network, Outgoing, Published, Upload
from app.networks.registry import network
from app.replies.backoff import MOST_TRIES, may_repeat, next_look, next_try
from app.replies.models import Picture, Reply
from app.replies.settle import (
    held,
    write_down_delayed,
    write_down_failed,
    write_down_sending,
    write_down_sent,
    write_down_unsure,
)
from app.replies.state import UNFINISHED
from app.tickets.models import Message

log = structlog.get_logger()

PREPARE_LEASE: Final = timedelta(seconds=20)
"""Renewed while pictures are uploaded or a lost reply is looked for; nothing leaves under it."""
LEASE: Final = timedelta(seconds=60)
"""Longer than the 20 s a network has to answer, so that a slow worker cannot publish after its lease."""
_LOOKING: Final = "The network did not answer. The reply may already be out; we are looking for it."
_ASKING: Final = (
    "The network did not answer and the reply was not found. Look at the network, then say whether it is out."
)
_REPEAT_REFUSED: Final = (
    "The network did not answer at first and refused the repeat: {} Look at the network, then say whether it is out."
)
_TIME_TO_ASK: Final = timedelta(seconds=30)
"""What must be left of the lease when a request leaves: more than a network may take to answer."""


def _first_in_line() -> Any:
    """The earliest unfinished reply of its ticket: what was handed over first leaves first."""
    earlier = aliased(Reply)
    return ~exists().where(earlier.ticket_id == Reply.ticket_id, earlier.id < Reply.id, earlier.state.in_(UNFINISHED))


async def deliver_due() -> bool:
    """Deliver one reply whose time has come; whether there was one."""
    async with transaction() as tx:
        due = (Reply.state.in_(UNFINISHED), _first_in_line())
        claimed = await queue.claim(tx, Reply, lease=PREPARE_LEASE, where=due)
        if not claimed:
            return False
        reply = claimed[0]
        account = await tx.get_one(BrandAccount, reply.account_id)
    adapter = network(account.network)
    try:
        opened = account_at_work(account)
    except Unauthorized as problem:
        await (_not_out if reply.state == "queued" else _not_looked)(reply, problem)
        return True
    if reply.state == "queued":
        await _publish(adapter, opened, reply)
    else:
        await _look(adapter, opened, reply)
    return True


async def _publish(adapter: Network, account: Account, reply: Reply) -> None:
    """Upload its pictures, then say that it leaves, then let it leave. It can be cancelled until it leaves."""
    try:
        async with queue.kept(reply, PREPARE_LEASE):
            media = await _upload(adapter, account, reply)
    except NetworkError as problem:
        await _not_out(reply, problem)
        return
    async with transaction() as tx:
        mine = await held(tx, reply)
        if mine is None or mine.state not in {"queued", "unsure"}:
            return
        until = now() + LEASE
        await write_down_sending(tx, mine, until)
        reply = mine
    if until - now() < _TIME_TO_ASK:
        return  # this worker stood still so long that another may publish soon: it is left to them
    outgoing = replace(_outgoing(reply), media_ids=media)
    try:
        published = await adapter.publish(account, outgoing)
    except Unknown as problem:
        await _unsure(reply, problem.sentence)
    except NetworkError as problem:
        await _not_out(reply, problem)
    except Exception as fault:
        log.exception("publish_crashed", reply_id=reply.id)
        sentry_sdk.capture_exception(fault)
        await _unsure(reply, _LOOKING)
    else:
        await _sent(reply, published)


def _outgoing(reply: Reply) -> Outgoing:
    frozen = reply.outgoing
    return Outgoing(**{**frozen, "media_ids": tuple(frozen["media_ids"]), "recipients": tuple(frozen["recipients"])})


async def _upload(adapter: Network, account: Account, reply: Reply) -> tuple[str, ...]:
    """Upload the pictures that are not there yet; each is remembered, so that a crash uploads none twice."""
    async with transaction() as tx:
        pictures = list(await tx.scalars(select(Picture).where(Picture.reply_id == reply.id).order_by(Picture.place)))
    ids = []
    for picture in pictures:
        remote_id = picture.remote_id
        if remote_id is None:
            sending = Upload(picture.data, picture.media_type, picture.alt, picture.filename)
            remote_id = await adapter.upload(account, sending)
            kept = update(Picture).where(Picture.id == picture.id, Picture.reply_id == reply.id)
            async with transaction() as tx:  # taken back meanwhile, it may be described anew or be gone
                await tx.execute(kept.values(remote_id=remote_id).execution_options(synchronize_session=False))
        ids.append(remote_id)
    return tuple(ids)


async def _sent(reply: Reply, published: Published) -> None:
    async with transaction() as tx:
        mine = await held(tx, reply)
        if mine is not None:
            await write_down_sent(tx, mine, published)


async def _unsure(reply: Reply, sentence: str) -> None:
    async with transaction() as tx:
        mine = await held(tx, reply)
        if mine is not None:
            await write_down_unsure(tx, mine, sentence or _LOOKING, next_look(mine.last_try_at or now(), now()))


async def _not_out(reply: Reply, problem: NetworkError) -> None:
    """The network did not take it: later when that can help, else failed in the network's own words.

    A refused repeat says nothing of the attempt before it: that one may be out, and stays in doubt.
    """
    async with transaction() as tx:
        mine = await held(tx, reply)
        if mine is None:
            return
        if isinstance(problem, Unauthorized):
            await mark_broken(tx, mine.account_id, problem.sentence)
        later = isinstance(problem, RateLimited | Transient | Unknown) and mine.tries < MOST_TRIES
        asked = problem.retry_at if isinstance(problem, RateLimited) else None
        due_at = next_try(mine.tries, now(), asked)
        if _in_doubt(mine):
            sentence = _LOOKING if later else _REPEAT_REFUSED.format(problem.sentence)
            await write_down_unsure(tx, mine, sentence, due_at if later else None)
        elif later:
            await write_down_delayed(tx, mine, problem.sentence, due_at)
        else:
            await write_down_failed(tx, mine, problem.sentence)


def _in_doubt(reply: Reply) -> bool:
    """Whether an attempt before the last one got no answer; one that surely failed is forgotten at once."""
    first, last = reply.first_attempt_at, reply.last_try_at
    return reply.state == "unsure" or (first is not None and last is not None and first < last)


async def _look(adapter: Network, account: Account, reply: Reply) -> None:
    """Find out what became of a reply whose answer was lost; only when it is surely not out may it leave again."""
    since = reply.first_attempt_at or reply.created_at
    last = reply.last_try_at or since
    if reply.state == "sending":  # its worker died with it
        await _unsure(reply, _LOOKING)
        return
    try:
        async with queue.kept(reply, PREPARE_LEASE):
            found = await adapter.find(account, await _as_it_left(reply), since)
    except NetworkError as problem:
        await _not_looked(reply, problem)
        return
    if found is not None and not await _is_another(reply, found):
        await _sent(reply, found)
        return
    safe = adapter.repeat_safe(account)
    again = may_repeat(tries=reply.tries, first_try=since, last_try=last, at=now(), repeat_safe=safe)
    if again:
        await _publish(adapter, account, reply)
    elif again is None:
        await _look_later(reply, None, _ASKING)
    else:
        await _look_later(reply, next_look(last, now()), _LOOKING)


async def _as_it_left(reply: Reply) -> Outgoing:
    """What was published, with the pictures it had: the network knows the post by them too."""
    query = select(Picture.remote_id).where(Picture.reply_id == reply.id, Picture.remote_id.is_not(None))
    async with transaction() as tx:
        media = await tx.scalars(query.order_by(Picture.place))
        return replace(_outgoing(reply), media_ids=tuple(str(remote_id) for remote_id in media))


async def _not_looked(reply: Reply, problem: NetworkError) -> None:
    """The network could not be asked where a reply is; it is asked again."""
    asked = problem.retry_at if isinstance(problem, RateLimited) else None
    await _look_later(reply, next_try(reply.attempts, now(), asked), _LOOKING)
    if isinstance(problem, Unauthorized):
        async with transaction() as tx:
            await mark_broken(tx, reply.account_id, problem.sentence)


async def _is_another(reply: Reply, found: Published) -> bool:
    """Whether the post that was found is one we know already: the same words under the same post, sent before."""
    query = select(Message.id).where(
        Message.account_id == reply.account_id, Message.uri == found.uri, Message.reply_id.is_not(None)
    )
    async with transaction() as tx:
        return await tx.scalar(query) is not None


async def _look_later(reply: Reply, due_at: datetime | None, sentence: str) -> None:
    async with transaction() as tx:
        mine = await held(tx, reply)
        if mine is not None:
            await write_down_unsure(tx, mine, sentence, due_at)


async def next_delivery() -> datetime | None:
    """When the next reply that is first in its line falls due."""
    at = func.greatest(Reply.due_at, func.coalesce(Reply.lease_until, Reply.due_at))
    async with transaction() as tx:
        due: datetime | None = await tx.scalar(
            select(func.min(at)).where(Reply.state.in_(UNFINISHED), _first_in_line())
        )
    return due
