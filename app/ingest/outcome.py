"""What a reading's failure means for the account: wait, try again later, or tell the lead."""

from datetime import datetime, timedelta
from typing import Final

from app.brands.health import mark_broken
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record
from app.ingest.events import HealthChanged
from app.ingest.models import SILENT_AFTER, Poll
from app.ingest.queries import health_of
from app.networks.errors import NetworkError, RateLimited, Unauthorized

_LONGEST: Final = timedelta(minutes=10)
_LIMITED: Final = timedelta(seconds=60)


def pause_after(failures: int, problem: NetworkError) -> datetime:
    """When to ask again: the network's own word, else 2, 4, 8 … seconds up to ten minutes."""
    if isinstance(problem, RateLimited):
        return max(problem.retry_at or now() + _LIMITED, now() + timedelta(seconds=1))
    return now() + min(timedelta(seconds=2 ** min(failures, 10)), _LONGEST)


async def note_failure(tx: Tx, poll: Poll, brand_id: str, problem: NetworkError) -> None:
    """Write down that reading failed; the cursor stays where it was. A refused sign-in breaks the account."""
    poll.failures += 1
    poll.problem = problem.sentence
    poll.asked_at = now()
    poll.lease_until = None
    if isinstance(problem, Unauthorized):
        poll.due_at = poll.line_due_at = poll.live_at = None
        await mark_broken(tx, poll.account_id, problem.sentence)
    else:
        poll.due_at = pause_after(poll.failures, problem)
    await tx.flush()
    if poll.failures == SILENT_AFTER or poll.due_at is None:
        record(tx, HealthChanged(brand_id=brand_id, health=await health_of(tx, poll.account_id)))
