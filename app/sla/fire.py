"""fire_due(): what is due is noticed, and clocks that saw older promises are brought up to the present ones."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import sentry_sdk
import structlog
from sqlalchemy import text

from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import transaction
from app.sla.book import open_book
from app.sla.policy import Traits
from app.sla.react import tell
from app.sla.traits import Case, read_cases
from app.sla.turn import look, take_turn
from app.sla.write_clocks import COLUMNS, Entry, standing_of, terms_of_rows, write_entries

log = structlog.get_logger()

AT_ONCE: Final = 50
_LOOK_AGAIN: Final = timedelta(seconds=0.25)
"""How soon to look again at what is due and held by somebody else just now."""
_FAILED: Final = timedelta(minutes=5)
"""How soon to try a ticket again whose clocks failed."""

# The ticket is locked before its clocks, as every verb does; what a verb holds is left to it for the moment.
_FROM: Final = "from ticket_clocks c join tickets t on t.id = c.ticket_id"
_DUE: Final = text(f"""
select {COLUMNS}, t.brand_id {_FROM}
 where c.next_at <= :at order by c.next_at limit :limit for no key update of t, c skip locked
""")
# Oldest generation first: the index then says at once that there is none, however many clocks are open.
_STALE: Final = text(f"""
select {COLUMNS}, t.brand_id {_FROM}
 where c.open and c.generation < (select generation from promise_head)
 order by c.generation limit :limit for no key update of t, c skip locked
""")  # noqa: S608
_PUT_OFF: Final = text("update ticket_clocks set next_at = :at where ticket_id = any(:ids)")
_LEAVE: Final = text("update ticket_clocks set generation = :generation where ticket_id = any(:ids)")
_NEXT: Final = text("""
select least(
  (select min(next_at) from ticket_clocks where next_at is not null),
  (select cast(:at as timestamptz)
    where (select min(generation) from ticket_clocks where open) < (select generation from promise_head)))
""")


async def fire_due() -> bool:
    """Notice up to fifty breaches and warnings, or hold fifty tickets against changed promises; whether there were any.

    A breach is dated with its due time, however late we noticed.
    """
    async with transaction() as tx:
        rows = list(await tx.execute(_DUE, {"at": now(), "limit": AT_ONCE}))
        if rows:
            await _notice(tx, rows)
        else:
            rows = list(await tx.execute(_STALE, {"limit": AT_ONCE}))
            if rows:
                await _bring_up(tx, rows)
    return bool(rows)


async def next_firing() -> datetime | None:
    """When the next breach or warning falls due; right away while clocks wait to be held against changed promises."""
    at = now()
    async with transaction() as tx:
        due: datetime | None = await tx.scalar(_NEXT, {"at": at})
    return due if due is None or due > at else at + _LOOK_AGAIN


async def _notice(tx: Tx, rows: list[Any]) -> None:
    at, terms = now(), await terms_of_rows(tx, rows)

    def notice(row: Any) -> Entry:
        before = standing_of(row, terms)
        return Entry(Case(row.ticket_id, row.brand_id, None, Traits()), look(before, at), before.generation)

    failed = await _write(tx, rows, notice)
    if failed:
        await tx.execute(_PUT_OFF, {"at": at + _FAILED, "ids": failed})


async def _bring_up(tx: Tx, rows: list[Any]) -> None:
    """Hold clocks against the promises that are in force now; what was consumed stays."""
    at, book = now(), await open_book(tx)
    cases, kept = await read_cases(tx, [row.ticket_id for row in rows]), await terms_of_rows(tx, rows)

    def bring_up(row: Any) -> Entry:
        choice, terms = book.choose(cases[row.ticket_id].traits)
        turn = take_turn(standing_of(row, kept), terms, (), at=at)
        return Entry(cases[row.ticket_id], turn, book.generation, choice)

    failed = await _write(tx, rows, bring_up)
    if failed:
        await tx.execute(_LEAVE, {"generation": book.generation, "ids": failed})


async def _write(tx: Tx, rows: list[Any], turn: Callable[[Any], Entry]) -> list[str]:
    """Take every row's turn and write it down; answer the tickets whose clocks failed, of which we are told."""
    entries, failed = {}, []
    for row in rows:
        try:
            entries[row.ticket_id] = turn(row)
        except Exception as problem:
            failed.append(row.ticket_id)
            log.exception("clock_failed", ticket_id=row.ticket_id)
            sentry_sdk.capture_exception(problem)
    for entry in entries.values():
        tell(tx, entry)
    await write_entries(tx, entries)
    return failed
