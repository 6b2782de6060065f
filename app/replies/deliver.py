"""deliver_due(): claim replies, publish them outside any transaction, write down what became of each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import sentry_sdk
import structlog
from sqlalchemy import select, update

from app.brands.account import account_at_work
from app.brands.health import mark_broken
from app.core import claim as queue
from app.core.clock import now
from app.core.metrics import delivered
from app.core.sentry import spanned, unit
from app.core.trace import mark
from app.core.transaction import transaction
from app.core.wake import wake
from app.ledger.charge import metered
from app.networks.errors import NetworkError, RateLimited, Transient, Unauthorized, Unknown
from app.networks.port import Account, Network, Outgoing, Published, Upload
from app.networks.registry import network
from app.replies.backoff import MOST_TRIES, may_repeat, next_look, next_try
from app.replies.claim_due import PREPARE_LEASE, Claimed, claim_due
from app.replies.hands import Hands
from app.replies.models import Picture, Reply
from app.replies.prepare import Preparing, at_once, keep_prepared, prepared
from app.replies.sent_together import SentTogether
from app.replies.settle import (
    held,
    held_all,
    write_down_delayed,
    write_down_failed,
    write_down_sending,
    write_down_unsure,
)
from app.tickets.models import Message

log = structlog.get_logger()

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


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A reply with all that is needed to let it out."""

    reply: Reply
    adapter: Network
    account: Account
    media: tuple[str, ...] = ()
    preparing: Preparing | None = None
    prepared: Mapping[str, Any] = field(default_factory=dict)


async def deliver_due(most: int = 1) -> bool:
    """Deliver up to `most` replies whose time has come, and see each through; whether there were any."""
    claimed = await claim_due(most)
    await deliver(claimed, SentTogether(), Hands(most))
    return bool(claimed)


async def deliver(claimed: Sequence[Claimed], together: SentTogether, hands: Hands) -> None:
    """Publish the claimed replies, or find out what became of them, each as soon as a hand is free for it.

    What no hand came free for in time is given back. Each goes its own way; one fault is raised at the end.
    """
    until = hands.until()
    leaving: list[_Leaving] = []
    doubtful: list[_Leaving] = []
    for reply, account in claimed:
        adapter = network(account.network)
        try:
            one = _Leaving(reply, adapter, account_at_work(account))
        except Unauthorized as problem:
            await (_not_out if reply.state == "queued" else _not_looked)(reply, problem)
            hands.left(reply)
        else:
            (leaving if reply.state == "queued" else doubtful).append(one)
    illustrated = await _illustrated([one.reply.id for one in leaving])
    plain, asking = await _prepare([one for one in leaving if one.reply.id not in illustrated])
    asking += [one for one in leaving if one.reply.id in illustrated]
    work = [_let_out(plain, together, hands, until)]
    work += [_see(_publish, one, together, hands, until) for one in asking]
    work += [_see(_look, one, together, hands, until) for one in doubtful]
    await _all(work)


async def _all(work: Iterable[Awaitable[None]]) -> None:
    """See all of it through; one fault is raised at the end."""
    for end in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(end, BaseException):
            raise end


async def _see(
    do: Callable[..., Awaitable[None]], one: _Leaving, together: SentTogether, hands: Hands, until: float
) -> None:
    try:
        async with hands.turn:
            taken = await hands.take([one.reply], until)
        if not taken and one.preparing is not None:
            one.preparing.cancel()
        async with metered(one.account):
            await (do(one, together, hands) if taken else _give_back([one.reply]))
    finally:
        hands.left(one.reply)


async def _give_back(waited: Sequence[Reply]) -> None:
    """No hand came free for them in time: others may have one."""
    async with transaction() as tx:
        for reply in await held_all(tx, waited):
            reply.lease_until = None
        await wake(tx, "replies")


async def _illustrated(reply_ids: Sequence[str]) -> set[str]:
    """Which of these replies take pictures along."""
    if not reply_ids:
        return set()
    async with transaction() as tx:
        return set(await tx.scalars(select(Picture.reply_id).where(Picture.reply_id.in_(reply_ids)).distinct()))


async def _prepare(leaving: Sequence[_Leaving]) -> tuple[list[_Leaving], list[_Leaving]]:
    """Let their adapters prepare them: those that are ready now, and those whose adapters ask their networks first."""
    tasks = [_preparing(one) for one in leaving]
    ready, asking = [], []
    for one, task, through in zip(leaving, tasks, await at_once(tasks), strict=True):
        if through:
            ready.append(replace(one, prepared=task.result()))
        else:
            asking.append(replace(one, preparing=task))
    return ready, asking


def _preparing(one: _Leaving) -> Preparing:
    outgoing = replace(_outgoing(one.reply), media_ids=one.media)
    return asyncio.create_task(prepared(one.adapter, one.account, one.reply, outgoing))


async def _publish(one: _Leaving, together: SentTogether, hands: Hands) -> None:
    """Upload its pictures and prepare it, then let it out. It can be cancelled until it leaves."""
    try:
        async with queue.kept(one.reply, PREPARE_LEASE):
            one = replace(one, media=await _upload(one.adapter, one.account, one.reply))
            one = replace(one, prepared=await (one.preparing or _preparing(one)))
    except NetworkError as problem:
        await _not_out(one.reply, problem)
        return
    await _all([_ask(gone, until, together, hands) for gone, until in await _say([one], hands)])


async def _let_out(leaving: Sequence[_Leaving], together: SentTogether, hands: Hands, until: float) -> None:
    """Let them leave in their order, as many side by side as hands are free. Only what has a hand is said to leave."""
    waiting = list(leaving)
    asks: list[asyncio.Task[None]] = []
    try:
        while waiting:
            async with hands.turn:
                many = await hands.take([one.reply for one in waiting], until)
                if not many:
                    break
                going, waiting = waiting[:many], waiting[many:]
                out = await _say(going, hands)
            asks += [asyncio.create_task(_ask(one, lease, together, hands)) for one, lease in out]
        if waiting:
            await _give_back([one.reply for one in waiting])
    except asyncio.CancelledError:
        for ask in asks:
            ask.cancel()
        raise
    finally:
        for one in waiting:
            hands.left(one.reply)
        await _all(asks)


async def _say(going: Sequence[_Leaving], hands: Hands) -> list[tuple[_Leaving, datetime]]:
    """Write down, in one transaction, that they leave; those that may, and until when."""
    by_id = {one.reply.id: one for one in going}
    mine: list[Reply] = []
    try:
        async with transaction() as tx:
            still = [r for r in await held_all(tx, [one.reply for one in going]) if r.state in {"queued", "unsure"}]
            until = now() + LEASE
            for reply in still:
                keep_prepared(reply, by_id[reply.id].prepared)
            if still:
                await write_down_sending(tx, still, until)
        mine = still
    finally:
        for gone in by_id.keys() - {reply.id for reply in mine}:
            hands.left(by_id[gone].reply)
    return [(replace(by_id[reply.id], reply=reply), until) for reply in mine]


async def _ask(one: _Leaving, until: datetime, together: SentTogether, hands: Hands) -> None:
    """One request, under the trace of its reply."""
    with unit("deliver", f"deliver {one.account.network}", one.reply.trace):
        async with metered(one.account):
            await _ask_network(one, until, together, hands)


async def _ask_network(one: _Leaving, until: datetime, together: SentTogether, hands: Hands) -> None:
    """One request, under the lease of its reply, and what became of it."""
    reply = one.reply
    try:
        if until - now() < _TIME_TO_ASK:
            return  # this worker stood still so long that another may publish soon: it is left to them
        outgoing = replace(_outgoing(reply), media_ids=one.media)
        mark("reply_leaves", reply_id=reply.id)
        published = await _publishing(one, outgoing)
    except Unknown as problem:
        delivered(one.account.network, type(problem).__name__)
        await _unsure(reply, problem.sentence)
    except NetworkError as problem:
        delivered(one.account.network, type(problem).__name__)
        await _not_out(reply, problem)
    except Exception as fault:
        delivered(one.account.network, "crashed")
        log.exception("publish_crashed", reply_id=reply.id)
        sentry_sdk.capture_exception(fault)
        await _unsure(reply, _LOOKING)
    else:
        delivered(one.account.network, "sent")
        hands.back(reply)
        await together.sent(reply, published, one.account)
    finally:
        hands.left(reply)


@spanned("publish")
async def _publishing(one: _Leaving, outgoing: Outgoing) -> Published:
    return await one.adapter.publish(one.account, outgoing)


def _outgoing(reply: Reply) -> Outgoing:
    frozen = reply.outgoing
    lists = {name: tuple(value) for name, value in frozen.items() if isinstance(value, list)}
    return Outgoing(**{**frozen, **lists})


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


async def _unsure(reply: Reply, sentence: str) -> None:
    async with transaction() as tx:
        mine = await held(tx, reply)
        if mine is not None:
            await write_down_unsure(tx, mine, sentence or _LOOKING, next_look(mine.last_try_at or now(), now()))


async def _take_over(reply: Reply) -> None:
    """Its request may still be on its way if a clock jumped ahead and ended the lease: the grace begins now."""
    async with transaction() as tx:
        mine = await held(tx, reply)
        if mine is not None:
            mine.last_try_at = now()
            await write_down_unsure(tx, mine, _LOOKING, next_look(mine.last_try_at, now()))


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


async def _look(one: _Leaving, together: SentTogether, hands: Hands) -> None:
    """Find out what became of a reply whose answer was lost; only when it is surely not out may it leave again."""
    reply = one.reply
    since = reply.first_attempt_at or reply.created_at
    last = reply.last_try_at or since
    if reply.state == "sending":  # its worker died with it
        await _take_over(reply)
        return
    try:
        async with queue.kept(reply, PREPARE_LEASE):
            outgoing = await _as_it_left(reply)
            found = await one.adapter.find(one.account, outgoing, since)
    except NetworkError as problem:
        await _not_looked(reply, problem)
        return
    another = found is not None and await _is_another(reply, found)
    if found is not None and not another:
        await together.sent(reply, found, one.account)
        return
    safe = one.adapter.repeat_safe(one.account, outgoing)
    again = may_repeat(tries=reply.tries, first_try=since, last_try=last, at=now(), repeat_safe=safe, another=another)
    if again:
        await _publish(one, together, hands)
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
