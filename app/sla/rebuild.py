"""rebuild_timers(): the log folded again; closed cycles stay as they are unless a lead wants them anew, and the difference is shown."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import delete, select, text, tuple_

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import EventRow
from app.core.transaction import record, transaction
from app.sla.book import Book, open_book
from app.sla.compare import Difference, compare
from app.sla.describe_clock import describe
from app.sla.events import PromiseChanged, TimerBreached, TimerChanged, TimerWarned
from app.sla.facts import PolicyChanged, TimePassed
from app.sla.fold import Clocks, Folded, begin, fold
from app.sla.keep import from_json
from app.sla.models import TimerRow
from app.sla.named_terms import read_terms, terms_id
from app.sla.queries import names_of
from app.sla.read_log import TELLING, LogReader
from app.sla.terms import Terms
from app.sla.timer import Timer
from app.sla.traits import Case, read_cases
from app.sla.turn import Standing, Turn
from app.sla.views import DifferenceView
from app.sla.write_clocks import Entry, hold_clocks, standing_of, terms_of_rows, write_entries
from app.tickets.models import Ticket
from app.tickets.queries import see_ticket

AT_ONCE: Final = 100
_OURS: Final = {str(one.model_fields["type"].default): one for one in (PromiseChanged, TimerBreached, TimerWarned)}
_HOLD_TICKETS: Final = text("select id from tickets where id = any(:ids) order by id for no key update")

Cycles = dict[tuple[str, int], Timer]


@dataclass(frozen=True, slots=True)
class Told:
    """A ticket's log as far as clocks read it: each fact and when it was recorded, in order."""

    facts: Sequence[tuple[Any, Any]]
    terms: Mapping[str, Terms]


async def rebuild_timers(tx: Tx, ticket_ids: Collection[str], *, anew: bool = False) -> dict[str, list[Difference]]:
    """Fold the log of these tickets again and write the clocks down; answer what is different, by ticket.

    The terms are those that held at the time, and closed cycles stay frozen; `anew` takes the terms that hold now
    as if they had from the start, for closed cycles too.
    """
    await tx.execute(_HOLD_TICKETS, {"ids": sorted(ticket_ids)})
    held = await hold_clocks(tx, ticket_ids)
    cases, book = await read_cases(tx, ticket_ids), await open_book(tx)
    kept = await terms_of_rows(tx, held.values())
    standing = {key: standing_of(row, kept) for key, row in held.items()}
    told = await _read_logs(tx, standing, ticket_ids)
    old = await _cycles(tx, standing)
    entries: dict[str, Entry] = {}
    different: dict[str, list[Difference]] = {}
    for key, case in cases.items():
        entry, cycles = _refold(case, standing.get(key), told[key], book, anew=anew)
        if entry is None:
            continue
        before = old.get(key, {})
        if not anew:
            cycles = _freeze(before, cycles)
            entry = _with_latest(entry, cycles)
        found = compare(_promised(before), _promised(cycles))
        entries[key] = entry
        if found:
            different[key] = found
            _say(tx, case, found)
    await _drop(tx, different)
    await write_entries(tx, entries)
    return different


async def rebuild_all(report: Callable[[str], None], *, anew: bool = False) -> int:
    """Rebuild every ticket, a hundred in a transaction, reporting each difference; how many tickets were different."""
    after, seen, different = "", 0, 0
    while True:
        async with transaction() as tx:
            query = select(Ticket.id, Ticket.number).where(Ticket.id > after).order_by(Ticket.id).limit(AT_ONCE)
            numbers: dict[str, int] = {row.id: row.number for row in await tx.execute(query)}
            found = await rebuild_timers(tx, numbers, anew=anew) if numbers else {}
        if not numbers:
            return different
        after, seen, different = max(numbers), seen + len(numbers), different + len(found)
        for key, differences in found.items():
            for one in differences:
                report(f"#{numbers[key]} {one.metric} {one.cycle}: {', '.join(one.fields)}")
        report(f"{seen} tickets looked at, {different} different")


async def rebuild_ticket(tx: Tx, actor: Actor, ticket_id: str, *, anew: bool) -> list[DifferenceView]:
    """Rebuild one ticket's clocks and show the difference; only leads may. Raises TicketNotFound."""
    require(actor, "edit_promises")
    await see_ticket(tx, actor, ticket_id)
    found = (await rebuild_timers(tx, [ticket_id], anew=anew)).get(ticket_id, [])
    names = await names_of(tx, [one for pair in found for one in (pair.before, pair.after) if one is not None])
    at = now()
    return [
        DifferenceView(
            metric=one.metric,
            cycle=one.cycle,
            fields=list(one.fields),
            before=describe(one.before, at, names, current=False) if one.before else None,
            after=describe(one.after, at, names, current=False) if one.after else None,
        )
        for one in found
    ]


def _refold(case: Case, before: Standing | None, told: Told, book: Book, *, anew: bool) -> tuple[Entry | None, Cycles]:
    """The ticket's clocks from its log; nothing when no clock ever read a fact of it."""
    choice, terms = book.choose(case.traits)
    fresh = anew or before is None
    clocks = begin(terms if fresh else told.terms[before.first_terms])  # type: ignore[union-attr]
    since = before.terms_since if before else None
    reader, cycles, read = LogReader(), Cycles(), 0
    for fact, at in told.facts:
        moment = reader.read(fact, at)
        if isinstance(fact, PromiseChanged):
            counts = not fresh and (since is None or at > since)
            moment = PolicyChanged(at=at, terms=told.terms[fact.terms], cause=fact.cause) if counts else None
        elif isinstance(fact, TimerBreached | TimerWarned):
            moment = _noticing(fact, clocks)
        if moment is not None:
            step = fold(clocks, moment)
            clocks, read = step.clocks, read + 1
            cycles |= {(one.metric, one.cycle): one for one in step.changed}
    if not read:
        return None, {}
    standing = replace(before or Standing(begin(terms)), first_terms=terms_id(terms)) if fresh else before
    assert standing is not None
    if anew:
        standing = replace(standing, terms_since=now())
    turn = Turn(standing, Folded(clocks, tuple(cycles.values())))
    return Entry(case, turn, book.generation if fresh else standing.generation, choice if fresh else None), cycles


def _noticing(fact: TimerBreached | TimerWarned, clocks: Clocks) -> TimePassed | None:
    """The worker's look at the clocks; None when a fact before it made the breach known."""
    now_open = next((one for one in clocks.timers if (one.metric, one.cycle) == (fact.metric, fact.cycle)), None)
    if now_open is None or not now_open.open:
        return None
    if isinstance(fact, TimerWarned):
        return TimePassed(at=fact.warned_at)
    return TimePassed(at=fact.detected_at) if now_open.breached_at is None else None


def _freeze(old: Cycles, new: Cycles) -> Cycles:
    """The new cycles, but those that were closed before as they were."""
    return new | {key: one for key, one in old.items() if not one.open}


def _with_latest(entry: Entry, cycles: Cycles) -> Entry:
    """The same turn with other cycles."""
    latest = {one.metric: one for one in entry.turn.clocks.timers}
    for (metric, _), one in sorted(cycles.items()):
        latest[metric] = one
    clocks = replace(entry.turn.clocks, timers=tuple(latest.values()))
    return replace(entry, turn=replace(entry.turn, folded=Folded(clocks, tuple(cycles.values()))))


def _promised(cycles: Cycles) -> Iterable[Timer]:
    return (one for one in cycles.values() if one.promised)


def _say(tx: Tx, case: Case, found: Iterable[Difference]) -> None:
    for one in found:
        due_at = one.after.due_at if one.after else None
        fact = TimerChanged(
            **case.named, metric=one.metric, cycle=one.cycle, what="rebuilt", due_at=due_at, cause="rebuilt"
        )
        record(tx, fact)


async def _read_logs(tx: Tx, standing: Mapping[str, Standing], ticket_ids: Collection[str]) -> dict[str, Told]:
    kinds = {**TELLING, **_OURS}
    query = (
        select(EventRow.ticket_id, EventRow.type, EventRow.at, EventRow.fact)
        .where(EventRow.ticket_id.in_(ticket_ids), EventRow.type.in_(kinds), EventRow.seq.is_not(None))
        .order_by(EventRow.seq)
    )
    facts: dict[str, list[tuple[Any, Any]]] = {key: [] for key in ticket_ids}
    for ticket_id, kind, at, fact in await tx.execute(query):
        facts[ticket_id].append((kinds[kind].model_validate(fact), at))
    wanted = {one.first_terms for one in standing.values()}
    wanted |= {fact.terms for one in facts.values() for fact, _ in one if isinstance(fact, PromiseChanged)}
    terms = await read_terms(tx, wanted)
    return {key: Told(one, terms) for key, one in facts.items()}


async def _cycles(tx: Tx, standing: Mapping[str, Standing]) -> dict[str, Cycles]:
    """Every cycle as it is written down now, the unpromised ones too as far as they are kept."""
    found: dict[str, Cycles] = {
        key: {(one.metric, one.cycle): one for one in held.clocks.timers} for key, held in standing.items()
    }
    query = select(TimerRow.ticket_id, TimerRow.body).where(
        TimerRow.ticket_id.in_(standing), TimerRow.body.is_not(None)
    )
    for ticket_id, body in await tx.execute(query):
        timer = from_json(body)
        found[ticket_id][timer.metric, timer.cycle] = timer
    return found


async def _drop(tx: Tx, different: Mapping[str, list[Difference]]) -> None:
    """Forget the cycles that never were."""
    gone = [(key, one.metric, one.cycle) for key, found in different.items() for one in found if one.after is None]
    if gone:
        named = tuple_(TimerRow.ticket_id, TimerRow.metric, TimerRow.cycle)
        await tx.execute(delete(TimerRow).where(named.in_(gone)).execution_options(synchronize_session=False))
