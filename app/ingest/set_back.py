"""The clock was set back: every account is due now, and no lease or pause lasts longer than it would have."""

from datetime import datetime

from sqlalchemy import func, or_, select

from app.core.clock import now
from app.core.db import Tx
from app.core.set_back import bring_forward
from app.core.wake import wake
from app.ingest import line, poll, reread, round_row
from app.ingest.models import Backfill, Poll, Round
from app.tickets.models import Conversation


async def newest_reading(tx: Tx) -> datetime | None:
    """When an account was last asked, by whatever clock there was."""
    newest: datetime | None = await tx.scalar(select(func.max(Poll.asked_at)))
    return newest


async def read_by_new_clock(tx: Tx) -> None:
    """Plan all reading anew. Asking too early is harmless; a network that wants a pause says so again."""
    at = now()
    limits = dict.fromkeys(("due_at", "asked_at", "heard_at", "hinted_at", "live_at", "reread_free_at"), at)
    await bring_forward(
        tx,
        Poll,
        limits | {"lease_until": at + poll.LEASE, "line_due_at": at + line.LEASE, "overlap_at": at + poll.OVERLAP},
    )
    await bring_forward(tx, Backfill, {"due_at": at, "lease_until": at + poll.LEASE}, Backfill.due_at.is_not(None))
    soon = {"due_at": at + round_row.EVERY, "lease_until": at + round_row.LEASE}
    await bring_forward(tx, Round, soon, Round.due_at.is_not(None))
    await bring_forward(
        tx,
        Conversation,
        {"reread_at": at, "reread_lease": at + reread.LEASE},
        or_(Conversation.reread_at > at, Conversation.reread_lease > at),
    )
    for kind in ("polls", "rereads", "backfills", "rounds"):
        await wake(tx, kind)
