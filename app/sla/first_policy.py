"""first_policy(): a commit reaction; whoever sets up the first brand has promises from the first post on."""

from typing import Final

from sqlalchemy import text

from app.brands.events import BrandChanged
from app.core.db import Tx
from app.core.ids import new_id
from app.sla.asks import CalendarAsk, PolicyAsk, TargetAsk, WarnAsk
from app.sla.check import check_calendar, check_policy
from app.sla.models import CalendarRow, PolicyRow

_HOUR: Final = 3600
_USUAL: Final = {"first_reply": _HOUR, "next_reply": 2 * _HOUR, "resolution": 48 * _HOUR, "update": 24 * _HOUR}
_SHARES: Final = ((None, 1.0), ("high", 0.5), ("urgent", 0.25))
_WARN_PERCENT: Final = 75
_ONLY_ONCE: Final = text(
    "insert into promise_head (one, generation) values (true, 1) on conflict (one) do nothing returning generation"
)


async def first_policy(tx: Tx) -> None:
    """With the first brand come an always-open calendar and a policy, once; a lead changes or deletes them at will.

    They are part of setting the brand up and no facts of their own: no console looks yet.
    """
    if any(isinstance(one.fact, BrandChanged) and one.fact.brand.revision == 1 for one in tx.noted):
        await ensure_default(tx)


async def ensure_default(tx: Tx) -> bool:
    """Make the usual calendar and policy unless promises were ever made here; whether they were made now."""
    if await tx.scalar(_ONLY_ONCE) is None:
        return False
    values, _ = check_calendar(CalendarAsk(name="24/7", tz="UTC", always=True))
    calendar = CalendarRow(id=new_id("ca"), name="24/7", **values)
    tx.add(calendar)
    await tx.flush()
    targets = [
        TargetAsk(metric=metric, priority=priority, seconds=seconds * share, warn=WarnAsk(percent=_WARN_PERCENT))
        for metric, seconds in _USUAL.items()
        for priority, share in _SHARES
    ]
    usual = check_policy(PolicyAsk(name="Standard", targets=targets, calendar_id=calendar.id))
    tx.add(PolicyRow(id=new_id("po"), place=1, **usual))
    await tx.flush()
    return True
