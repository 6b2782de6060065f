"""The clock was set back: what was to leave leaves soon, and what is in doubt is looked for as if it had just left."""

from datetime import timedelta

from app.core.clock import now
from app.core.db import Tx
from app.core.set_back import bring_forward
from app.core.settings import settings
from app.core.wake import wake
from app.replies import deliver
from app.replies.models import Reply
from app.replies.state import UNFINISHED


async def deliver_by_new_clock(tx: Tx) -> None:
    """Plan all unfinished replies anew: none waits longer than one handed over now, nor is held longer than a lease."""
    at = now()
    limits = {
        "due_at": at + timedelta(seconds=settings().undo_seconds),
        "lease_until": at + deliver.LEASE,
        "first_attempt_at": at,
        "last_try_at": at,
    }
    await bring_forward(tx, Reply, limits, Reply.state.in_(UNFINISHED))
    await wake(tx, "replies")
