"""start_reading(): a commit reaction that begins, ends or resumes the reading of accounts as they come and go."""

from app.brands.events import AccountConnected, AccountDisconnected
from app.core.clock import now
from app.core.db import Tx
from app.core.wake import wake
from app.ingest.backfill import plan_backfill
from app.ingest.models import Poll
from app.ingest.round_row import begin_rounds, end_rounds


async def start_reading(tx: Tx) -> None:
    """Give every connected account its place in the queue, with its cursor if its sign-in had only broken."""
    for noted in list(tx.noted):
        fact = noted.fact
        if isinstance(fact, AccountConnected):
            poll = await tx.get(Poll, fact.account.id)
            if poll is None:
                poll = Poll(account_id=fact.account.id, attempts=0, failures=0)
                tx.add(poll)
            poll.due_at = poll.line_due_at = now()
            poll.failures, poll.problem = 0, None
            await tx.flush()
            await begin_rounds(tx, fact.account.id)
            if fact.import_days:
                await plan_backfill(tx, fact.account.id, fact.import_days)
            await wake(tx, "polls")
            await wake(tx, "lines")
        elif isinstance(fact, AccountDisconnected):
            await end_rounds(tx, fact.account.id)
            poll = await tx.get(Poll, fact.account.id)
            if poll is not None:
                poll.due_at = poll.line_due_at = poll.live_at = None
                # whoever takes an account off does not listen meanwhile; connecting it again is a first connection
                poll.cursor = poll.started_at = poll.overlap_at = None
