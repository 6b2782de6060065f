"""Clocks read and written for any number of tickets in a fixed number of statements."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import text

from app.core.clock import now
from app.core.db import Tx
from app.core.rows import as_json, insert_rows
from app.core.value import value
from app.core.wake import wake
from app.sla.fold import next_instant
from app.sla.keep import clocks_from_json, clocks_to_json, to_json
from app.sla.models import TicketClocks, TimerRow
from app.sla.named_terms import read_terms, rows_of_terms, terms_id
from app.sla.outlook import outlook
from app.sla.policy import Choice
from app.sla.terms import Terms
from app.sla.timer import Timer, consumed, over
from app.sla.traits import Case
from app.sla.turn import Standing, Turn
from app.tickets.urgency import set_next_due

NEAR: Final = timedelta(seconds=20)
"""The worker looks by itself at least every 15 seconds; only what is due before that needs a wake-up."""

COLUMNS: Final = "c.ticket_id, c.terms, c.clocks, c.next_at, c.generation, c.passed_over, c.first_terms, c.terms_since"
_HOLD: Final = text(f"""
select {COLUMNS} from ticket_clocks c join tickets t on t.id = c.ticket_id
 where c.ticket_id = any(:ids) order by c.ticket_id for no key update of t, c
""")  # noqa: S608 - names of our own


def _on_conflict(table: type[Any], key: tuple[str, ...]) -> str:
    changing = [column.name for column in table.__table__.columns if column.name not in key]
    return f"on conflict ({', '.join(key)}) do update set " + ", ".join(f"{n} = excluded.{n}" for n in changing)


_WRITTEN: Final = ", ".join(column.name for column in TicketClocks.__table__.columns)
_WRITE: Final = text(f"""
with named as (
  insert into promise_terms (id, body)
  select id, body from jsonb_populate_recordset(null::promise_terms, cast(:terms as jsonb))
  on conflict (id) do nothing
)
insert into ticket_clocks ({_WRITTEN})
select {_WRITTEN} from jsonb_populate_recordset(null::ticket_clocks, cast(:clocks as jsonb))
{_on_conflict(TicketClocks, ("ticket_id",))}
""")  # noqa: S608 - names of our own
"""Clocks with the terms they name, which are nearly always there: a statement of their own would be one for nothing."""
_TIMER_CONFLICT: Final = _on_conflict(TimerRow, ("ticket_id", "metric", "cycle"))


@value(frozen=True, slots=True)
class Entry:
    """One ticket's turn, ready to be written down."""

    case: Case
    turn: Turn
    generation: int
    choice: Choice | None = None
    """The choice of policy made now; None leaves what was noted of it."""
    foreseen: bool = False
    """Whether the ticket's row was written with what this turn makes due."""


async def terms_of_rows(tx: Tx, rows: Iterable[Any]) -> Mapping[str, Terms]:
    """The terms that rows of COLUMNS name, for standing_of()."""
    return await read_terms(tx, {row.terms for row in rows if row.terms is not None})


def standing_of(row: Any, terms: Mapping[str, Terms]) -> Standing:
    """A row of COLUMNS as the clocks it keeps."""
    return Standing(
        clocks=clocks_from_json(row.clocks, terms[row.terms] if row.terms else None),
        next_at=row.next_at,
        generation=row.generation,
        passed_over=tuple(row.passed_over),
        first_terms=row.first_terms,
        terms_since=row.terms_since,
    )


async def hold_clocks(tx: Tx, ticket_ids: Collection[str]) -> dict[str, Any]:
    """The rows of these tickets' clocks, for standing_of(), locked with their tickets.

    Always the ticket first, as every verb does, so that nobody waits for somebody who waits for them.
    """
    rows = await tx.execute(_HOLD, {"ids": sorted(ticket_ids)})
    return {row.ticket_id: row for row in rows}


async def write_entries(tx: Tx, entries: Mapping[str, Entry]) -> None:
    """Write down clocks, decided cycles, terms and what the inbox sorts by; and wake the worker when something is due soon."""
    if not entries:
        return
    # thousands of tickets share a few terms, and to compare terms costs more than to know they are the same
    shared = {id(terms): terms for one in entries.values() for terms in (one.turn.clocks.terms,)}
    names = {key: terms_id(terms) for key, terms in shared.items()}
    rows = [_clocks_row(one, names[id(one.turn.clocks.terms)]) for one in entries.values()]
    await tx.execute(_WRITE, {"terms": as_json(rows_of_terms(shared.values())), "clocks": as_json(rows)})
    timers = [_timer_row(one.case, timer, old) for one in entries.values() for timer, old in one.turn.cycles()]
    await insert_rows(tx, TimerRow, timers, on_conflict=_TIMER_CONFLICT)
    due = {
        key: after
        for key, one in entries.items()
        if not one.foreseen
        and (after := outlook(one.turn.clocks)) != outlook(one.turn.before.clocks if one.turn.before else None)
    }
    await set_next_due(tx, due)
    await _wake(tx, entries, rows)


def _clocks_row(entry: Entry, named: str) -> dict[str, Any]:
    clocks, before = entry.turn.clocks, entry.turn.before
    if entry.choice is not None:
        passed_over = [{"policy_id": policy, "why": why} for policy, why in entry.choice.passed_over]
    else:
        passed_over = list(before.passed_over) if before else []
    return {
        "ticket_id": entry.case.ticket_id,
        "terms": named,
        "clocks": clocks_to_json(clocks),
        "next_at": next_instant(clocks),
        "open": any(timer.open for timer in clocks.timers),
        "generation": entry.generation,
        "policy_id": clocks.terms.policy,
        "passed_over": passed_over,
        "first_terms": before.first_terms if before else named,
        "terms_since": before.terms_since if before else None,
    }


def _timer_row(case: Case, timer: Timer, old: bool) -> dict[str, Any]:
    end = timer.met_at or timer.cancelled_at or now()
    target = timer.promise.target
    return {
        "ticket_id": case.ticket_id,
        "metric": timer.metric,
        "cycle": timer.cycle,
        "brand_id": case.brand_id,
        "policy_id": timer.promise.policy,
        "state": timer.state,
        "started_at": timer.started_at,
        "due_at": timer.due_at,
        "warn_at": timer.warn_at,
        "warned_at": timer.warned_at,
        "submitted_at": timer.submitted_at,
        "met_at": timer.met_at,
        "breached_at": timer.breached_at,
        "detected_at": timer.detected_at,
        "cancelled_at": timer.cancelled_at,
        "cause": timer.cause,
        "target_s": None if target is None else target.total_seconds(),
        "consumed_s": consumed(timer, end).total_seconds(),
        "over_s": over(timer, end).total_seconds(),
        "body": to_json(timer) if old else None,
    }


async def _wake(tx: Tx, entries: Mapping[str, Entry], rows: Iterable[Mapping[str, Any]]) -> None:
    soon = now() + NEAR
    nearer = (
        at
        for one, row in zip(entries.values(), rows, strict=True)
        if (at := row["next_at"]) is not None
        and at <= soon
        and (one.turn.before is None or at != one.turn.before.next_at)
    )
    if next(nearer, None) is not None:
        await wake(tx, "timers")
