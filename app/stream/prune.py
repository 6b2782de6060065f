"""prune(): drop the cards of events older than a week, and what expired; the facts stay for ever."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from app.access.once import forget_old_answers
from app.agents.guesses import forget_old_guesses
from app.agents.sign_in import drop_expired_sign_ins
from app.core.clock import now
from app.core.transaction import transaction

KEPT: Final = timedelta(days=7)
_BATCH: Final = 5_000
_EVERY: Final = timedelta(hours=1)

_PRUNE: Final = text("""
with old as (
  select id, seq from events
   where seq > (select pruned from event_head) and seq <= (select pruned from event_head) + :batch and at < :before
), cut as (update events e set card = null from old where e.id = old.id and e.card is not null)
update event_head set pruned = greatest(pruned, coalesce((select max(seq) from old), 0))
returning pruned, (select count(*) from old)
""")


async def prune() -> bool:
    """Drop the cards of one batch, and sign-ins, guesses and kept answers that are over; whether there may be more."""
    async with transaction() as tx:
        row = (await tx.execute(_PRUNE, {"before": now() - KEPT, "batch": _BATCH})).one()
        await drop_expired_sign_ins(tx)
        await forget_old_guesses(tx)
        await forget_old_answers(tx)
    return bool(row[1] == _BATCH)


async def next_prune() -> datetime | None:
    """In an hour; nothing depends on it."""
    return now() + _EVERY
