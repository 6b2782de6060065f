"""claim_due(): which replies leave next, in the order of their tickets, without one account keeping the others waiting."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from app.brands.models import BrandAccount
from app.core import claim as queue
from app.core.clock import now
from app.core.transaction import transaction
from app.replies.models import Reply
from app.replies.state import UNFINISHED

PREPARE_LEASE: Final = timedelta(seconds=20)
"""Longer than a reply may wait for a hand, and renewed while pictures are uploaded or a lost reply is looked for; nothing leaves under it."""
_LOOKED_AT: Final = 4
"""Times as many due replies are looked at as are wanted, so that one account's many do not hide the others'."""

Claimed = tuple[Reply, BrandAccount]


def _first_in_line() -> Any:
    """The earliest unfinished reply of its ticket: what was handed over first leaves first.

    A part behind one that failed holds up nothing but the parts behind itself.
    """
    earlier = aliased(Reply)
    return ~exists().where(
        earlier.ticket_id == Reply.ticket_id,
        earlier.id < Reply.id,
        earlier.state.in_(UNFINISHED),
        or_(earlier.state != "queued", earlier.due_at.is_not(None)),
    )


async def claim_due(most: int, under_way: Mapping[str, int] | None = None, each: int | None = None) -> list[Claimed]:
    """Claim up to `most` replies that are due and first in their line, with their accounts.

    Of one account at most `each`, with those that are `under_way` already: a network that is slow for one account does
    not keep the others waiting. Rows that were looked at and not chosen are free again at once.
    """
    known = Counter(under_way or {})
    full = [account_id for account_id, count in known.items() if each is not None and count >= each]
    due = (Reply.state.in_(UNFINISHED), _first_in_line())
    free = or_(Reply.lease_until.is_(None), Reply.lease_until <= now())
    near = (
        select(Reply.id, Reply.account_id)
        .where(Reply.due_at <= now(), free, Reply.account_id.not_in(full), *due)
        .order_by(Reply.due_at)
        .limit(most if each is None else most * _LOOKED_AT)
        .with_for_update(key_share=True, skip_locked=True, of=Reply)
    )
    async with transaction() as tx:
        chosen: list[str] = []
        for reply_id, account_id in await tx.execute(near):
            if len(chosen) < most and (each is None or known[account_id] < each):
                known[account_id] += 1
                chosen.append(reply_id)
        if not chosen:
            return []
        where = (Reply.id.in_(chosen), *due)
        claimed = await queue.claim(tx, Reply, lease=PREPARE_LEASE, limit=len(chosen), where=where)
        found = await tx.scalars(select(BrandAccount).where(BrandAccount.id.in_({r.account_id for r in claimed})))
        accounts = {account.id: account for account in found}
    return [(reply, accounts[reply.account_id]) for reply in claimed]


async def next_delivery(but: Sequence[str] = ()) -> datetime | None:
    """When the next reply that is first in its line falls due, those of some accounts left out."""
    at = func.greatest(Reply.due_at, func.coalesce(Reply.lease_until, Reply.due_at))
    query = select(func.min(at)).where(Reply.state.in_(UNFINISHED), _first_in_line(), Reply.account_id.not_in(but))
    async with transaction() as tx:
        due: datetime | None = await tx.scalar(query)
    return due
