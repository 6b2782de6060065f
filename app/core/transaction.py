"""transaction(): the only place that commits; and record(), which notes a fact in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from app.core.db import Noted, Tx, sessions
from app.core.event import Event
from app.core.eventlog import append

Reaction = Callable[[Tx], Awaitable[None]]
"""What else happens at a commit: reads `tx.noted`, changes rows, may record more."""

_reactions: list[Reaction] = []


def react_with(reactions: Sequence[Reaction]) -> None:
    """Set the reactions, in their order; called once, by wiring."""
    _reactions[:] = reactions


def record(tx: Tx, fact: Event, *, agent_id: str | None = None) -> None:
    """Note that something happened; it is in the log if and only if the transaction commits."""
    tx.noted.append(Noted(fact, agent_id))


async def finish(tx: Tx) -> None:
    """Let the reactions run over what was noted, write the facts down and commit."""
    await tx.flush()
    if tx.noted:
        for reaction in _reactions:
            await reaction(tx)
        await tx.flush()
        await append(tx, tx.noted)
    await tx.commit()


@asynccontextmanager
async def transaction() -> AsyncIterator[Tx]:
    """One transaction: returning commits, raising rolls everything back."""
    async with sessions()() as tx:
        yield tx
        await finish(tx)
