"""go_on_by_new_clock(): imports and exports under way do not wait for a clock that was set back."""

from sqlalchemy import update

from app.core.clock import now
from app.core.db import Tx
from app.core.wake import wake
from app.transfer.models import Job


async def go_on_by_new_clock(tx: Tx) -> None:
    """Let every job under way go on at once; a lease by the old clock might last for hours."""
    waiting = update(Job).where(Job.state.in_(("queued", "running")), Job.due_at > now())
    leased = update(Job).where(Job.state.in_(("queued", "running")), Job.lease_until > now())
    for statement in (waiting.values(due_at=now()), leased.values(lease_until=None)):
        await tx.execute(statement.execution_options(synchronize_session=False))
    await wake(tx, "jobs")
