"""How soon a breach is noticed among a million running clocks, and that looking for it costs what is due, not what is open."""

import asyncio
import time
from bisect import bisect_left
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from sqlalchemy import text

from app.core import db
from app.core.clock import now
from app.core.loop import run_loop
from app.core.transaction import transaction
from app.sla.fire import AT_ONCE, fire_due, next_firing
from bench.figures import Figure, at_most, percentile, within
from bench.stock import copied

MANY: Final = 1_000_000
FEW: Final = 10_000
"""Tickets; nearly half of them have three running clocks each."""
_DUE: Final = 10_000
_SECONDS: Final = 60.0
_AHEAD: Final = 10.0
_BURST: Final = 500
_BURSTS: Final = 3
"""Four of them fit into the clocks that run among the few."""

# The first clock of so many tickets falls due one after the other from a moment on: in the clocks as they are kept, and
# in the time at which the worker must look. None of them is warned of before.
_FALL_DUE: Final = text("""
with chosen as materialized (
  select c.ticket_id,
         cast(:since as timestamptz) + row_number() over (order by c.ticket_id) * cast(:apart as interval) as due_at
    from ticket_clocks c
   where c.open and c.next_at > cast(:since as timestamptz) + interval '1 hour'
     and c.clocks -> 'timers' -> 0 ? 'due_at'
     and not c.clocks -> 'timers' -> 0 ?| array['breached_at', 'met_at', 'cancelled_at']
   limit :many
)
update ticket_clocks c
   set next_at = chosen.due_at,
       clocks = jsonb_set(c.clocks #- '{timers,0,warn_at}', '{timers,0,due_at}', to_jsonb(chosen.due_at))
  from chosen where c.ticket_id = chosen.ticket_id
""")
_NOTICED: Final = text(
    "select at, cast(fact ->> 'breached_at' as timestamptz) as due_at from events"
    " where type = 'timer.breached' and seq > :since order by seq"
)
_CLAIM: Final = text("""
update ticket_clocks set next_at = null where ticket_id in (
  select ticket_id from ticket_clocks where next_at <= :at order by next_at limit :limit for update skip locked)
returning ticket_id
""")


async def measure() -> list[Figure]:
    """How late breaches are noticed, how many a second, and how that depends on the number of clocks that run."""
    async with copied(FEW):
        few = await _bursts(_notice_burst)
    async with copied(MANY):
        many = await _bursts(_notice_burst)
        claimed = await _bursts(_claim_burst)
        late = await _minute()
    return [
        at_most("noticed after the due time, p99", percentile(late, 99), "s", 1),
        Figure("noticed after the due time, p50", percentile(late, 50), "s"),
        Figure("noticed when all are due at once", 1 / many, "timers/s", 1 / claimed),
        within("one due timer among a million running", many * 1e6, "us", few * 1e6, 1.3),
    ]


async def _minute() -> list[float]:
    """The product's own loop, while so many clocks fall due one after the other; how many seconds late each was seen."""
    since = await _newest()
    begins = now() + timedelta(seconds=_AHEAD)
    await _let_fall_due(_DUE, begins, timedelta(seconds=_SECONDS / _DUE))
    ends = begins + timedelta(seconds=_SECONDS)
    stop, over, committed = asyncio.Event(), asyncio.Event(), list[datetime]()

    async def step() -> bool:
        did = await fire_due()
        committed.append(now())
        if not did and committed[-1] > ends:
            over.set()
        return did

    loop = asyncio.create_task(run_loop("timers", step, next_firing, asyncio.Event(), stop))
    await over.wait()
    stop.set()
    await loop
    async with db.engine().connect() as connection:
        rows = list(await connection.execute(_NOTICED, {"since": since}))
    if len(rows) != _DUE:
        raise RuntimeError(f"{len(rows)} breaches were noticed, not {_DUE}.")
    # recorded inside a transaction, known to others when it has committed
    known = [committed[bisect_left(committed, row.at)] for row in rows]
    return [(at - row.due_at).total_seconds() for at, row in zip(known, rows, strict=True)]


async def _bursts(work: Callable[[], Awaitable[int]]) -> float:
    """Seconds per timer when many are due at once: the median of some bursts after one that warms up."""
    took = []
    for _ in range(_BURSTS + 1):
        await _let_fall_due(_BURST, now() - timedelta(seconds=1), timedelta(0))
        began, done = time.perf_counter(), 0
        while got := await work():
            done += got
        took.append((time.perf_counter() - began) / _BURST)
        if done < _BURST:
            raise RuntimeError("Not all that was due was done.")
    return median(took[1:])


async def _notice_burst() -> int:
    return AT_ONCE if await fire_due() else 0


async def _claim_burst() -> int:
    async with transaction() as tx:
        return len(list(await tx.execute(_CLAIM, {"at": now(), "limit": AT_ONCE})))


async def _let_fall_due(many: int, since: datetime, apart: timedelta) -> None:
    async with db.engine().begin() as connection:
        await connection.execute(_FALL_DUE, {"many": many, "since": since, "apart": apart})


async def _newest() -> Any:
    async with db.engine().connect() as connection:
        return await connection.scalar(text("select seq from event_head"))
