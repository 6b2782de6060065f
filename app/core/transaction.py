"""transaction(): the only place that commits; and record(), which notes a fact in it."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from app.core.db import Noted, Tx, sessions
from app.core.event import Event
from app.core.eventlog import append
from app.core.sentry import spanned
from app.core.trace import mark

Reaction = Callable[[Tx], Awaitable[None]]
"""What else happens at a commit: reads `tx.noted`, changes rows, may record more."""

_reactions: list[Reaction] = []


def react_with(reactions: Sequence[Reaction]) -> None:
    """Set the reactions, in their order; called once, by wiring."""
    _reactions[:] = reactions


def record(tx: Tx, fact: Event, *, agent_id: str | None = None, trace: str | None = None) -> None:
    """Note that something happened; it is in the log if and only if the transaction commits.

    `trace` is given where one transaction settles the work of several; else it is the present one.
    """
    tx.noted.append(Noted(fact, agent_id, trace=trace))


@spanned("commit")
async def finish(tx: Tx) -> None:
    """Let the reactions run over what was noted, write the facts down and commit."""
    await tx.flush()
    if tx.noted:
        for reaction in _reactions:
            await reaction(tx)
        await tx.flush()
        await append(tx, tx.noted)
    await tx.commit()
    if tx.noted:
        _mark_committed(tx.noted)


def _mark_committed(noted: Sequence[Noted]) -> None:
    """Say which facts are in the log now, a line for each trace."""
    by_trace: dict[str | None, Counter[str]] = {}
    for one in noted:
        by_trace.setdefault(one.trace, Counter())[one.fact.type] += 1
    for trace, facts in by_trace.items():
        mark("committed", trace=trace, facts=dict(facts))


@asynccontextmanager
async def transaction() -> AsyncIterator[Tx]:
    """One transaction: returning commits, raising rolls everything back."""
    async with sessions()() as tx:
        yield tx
        await finish(tx)


@asynccontextmanager
async def glance() -> AsyncIterator[Tx]:
    """For a single statement that reads: one round trip, without those of BEGIN and COMMIT. What it changes, it changes at once."""
    async with sessions()() as tx:
        await tx.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield tx
