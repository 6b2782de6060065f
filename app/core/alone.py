"""Locks by a name, held until the commit: whoever does the same thing to the same named one waits, or goes away."""

from enum import IntEnum
from typing import Final

from sqlalchemy import text

from app.core.db import Tx

_WAIT: Final = text("select pg_advisory_xact_lock(hashtextextended(:name, cast(:purpose as bigint)))")
_TRY: Final = text("select pg_try_advisory_xact_lock(hashtextextended(:name, cast(:purpose as bigint)))")


class Purpose(IntEnum):
    """What is locked; each has a number of its own, so that the same name in two of them does not meet."""

    THREADING = 7
    ONCE = 7146
    PRICE = 7147
    OPENING = 7148


async def hold(tx: Tx, purpose: Purpose, name: str) -> None:
    """Wait until nobody else holds this name, and hold it until the transaction ends."""
    await tx.execute(_WAIT, {"name": name, "purpose": int(purpose)})


async def try_hold(tx: Tx, purpose: Purpose, name: str) -> bool:
    """Hold the name until the transaction ends, unless somebody else does; whether it is ours. Waits for nobody."""
    return bool(await tx.scalar(_TRY, {"name": name, "purpose": int(purpose)}))
