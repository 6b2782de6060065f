"""look_now(): somebody does not want to wait for the next reading."""

from app.agents.permit import Actor, require
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.errors import Conflict
from app.core.wake import wake
from app.ingest.models import Poll
from app.ingest.queries import AccountNotFound, health_of
from app.ingest.views import HealthView


class NotReading(Conflict):
    """This account is not being read; connect it again first."""


async def look_now(tx: Tx, actor: Actor, account_id: str) -> HealthView:
    """Make the account due at once. Raises AccountNotFound, BrandHidden or NotReading."""
    account = await tx.get(BrandAccount, account_id)
    if account is None:
        raise AccountNotFound
    require(actor, "see", account.brand_id)
    poll = await tx.get(Poll, account_id, with_for_update=True)
    if poll is None or poll.due_at is None:
        raise NotReading
    poll.due_at = poll.hinted_at = now()
    await wake(tx, "polls")
    await tx.flush()
    return await health_of(tx, account_id)
