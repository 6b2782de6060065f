"""react(): a commit reaction; what happened to tickets moves their clocks, a page of eighty in as many statements as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sentry_sdk
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from app.core.db import Noted, Tx
from app.core.event import Event
from app.sla.book import Book, open_book
from app.sla.events import MessageJoined, PromiseChanged
from app.sla.facts import HappeningFact
from app.sla.foresee import Foreseen, take_foreseen
from app.sla.named_terms import terms_id
from app.sla.outlook import outlook
from app.sla.read_log import LOOK_AGAIN, LogReader
from app.sla.say import say
from app.sla.terms import Terms
from app.sla.traits import Case, read_cases
from app.sla.turn import Cause, take_turn
from app.sla.write_clocks import Entry, hold_clocks, standing_of, terms_of_rows, write_entries
from app.tickets.events import TicketAssigned, TicketDismissed, TicketOpened, TicketPrioritised
from app.tickets.urgency import set_next_due

log = structlog.get_logger()

_DONE: Final = "clocks_moved"
"""Where in a transaction's notes the reading stopped, so that reacting twice moves no clock twice."""


@dataclass(slots=True)
class Story:
    """What one transaction says of one ticket, in order."""

    first: Noted
    reader: LogReader = field(default_factory=LogReader)
    facts: list[HappeningFact] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    """What these facts were read from, and what else may change which policy holds, but for the ticket's opening."""
    hint: Cause | None = None
    duplicate: bool = False
    """Whether the house closed it into the ticket it follows."""

    def went_as(self, foreseen: Foreseen | None) -> bool:
        """Whether nothing happened but what was foreseen."""
        return foreseen is not None and list(map(id, self.events)) == list(map(id, foreseen.events))


async def react(tx: Tx) -> None:
    """Move the clocks of every ticket that something happened to, and record what they did.

    Never breaks what the agent did: when the engine fails, its own changes are undone, and we are told. A database that
    fails - away, full, in a deadlock - is no failure of the engine: then nothing is kept, and all of it is tried again.
    """
    stories = _stories(tx.noted[tx.info.get(_DONE, 0) :])
    foreseen = take_foreseen(tx)
    if stories:
        noted = list(tx.noted)
        try:
            async with tx.begin_nested():
                joined = await _move(tx, stories, foreseen)
                if joined:
                    await _move(tx, _stories(joined), {})
        except (OperationalError, InterfaceError):
            raise
        except Exception as problem:
            tx.noted[:] = noted
            log.exception("clocks_failed", tickets=sorted(stories))
            sentry_sdk.capture_exception(problem)
            await set_next_due(tx, dict.fromkeys(foreseen, outlook(None)))
    tx.info[_DONE] = len(tx.noted)


def _stories(noted: Sequence[Noted]) -> dict[str, Story]:
    stories: dict[str, Story] = {}
    for one in noted:
        fact, key = one.fact, one.fact.ticket_id
        if key is None:
            continue
        story = stories.get(key) or Story(one)
        heard = story.reader.read(fact, one.at)
        if heard is None and not isinstance(fact, LOOK_AGAIN):
            continue
        stories[key] = story
        if heard is not None:
            story.facts.append(heard)
        if not isinstance(fact, TicketOpened):
            story.events.append(fact)
        if isinstance(fact, TicketPrioritised):
            story.hint = "priority_change"
        elif isinstance(fact, TicketAssigned):
            story.hint = story.hint or "team_change"
        elif isinstance(fact, TicketDismissed):
            story.duplicate = fact.reason == "duplicate" and one.agent_id is None
    return stories


async def _move(tx: Tx, stories: dict[str, Story], foreseen: Mapping[str, Foreseen]) -> list[Noted]:
    """Move the clocks; answer what of it concerns tickets into which duplicates were closed."""
    certain = {key for key, story in stories.items() if story.went_as(foreseen.get(key))}
    turned = await _turn(tx, {key: story for key, story in stories.items() if key not in certain})
    entries = {
        key: foreseen[key].entry if key in certain else turned[key]
        for key in stories
        if key in certain or key in turned
    }
    for key, entry in entries.items():
        tell(tx, entry, at=stories[key].first)
    await write_entries(tx, entries)
    closed = [entry for key, entry in entries.items() if stories[key].duplicate]
    joined = [Noted(fact, None) for entry in closed for fact in _waiting(entry)]
    tx.noted.extend(joined)
    return joined


async def _turn(tx: Tx, stories: Mapping[str, Story]) -> dict[str, Entry]:
    """What becomes of the clocks of these tickets, as they are kept."""
    held = await hold_clocks(tx, stories) if stories else {}
    wanted = [key for key, story in stories.items() if story.facts or key in held]
    if not wanted:
        return {}
    terms = await terms_of_rows(tx, held.values())
    cases, book = await read_cases(tx, wanted), await open_book(tx)
    entries = {}
    for key in wanted:
        if key in cases:
            entry = _entry(cases[key], stories[key], held.get(key), terms, book)
            if entry is not None:
                entries[key] = entry
    return entries


def _waiting(entry: Entry) -> Iterator[MessageJoined]:
    """The messages that nobody answered in a duplicate; from now on they wait in the ticket it was closed into."""
    into = entry.case.follows_id
    for one in entry.turn.clocks.situation.unanswered:
        if into is not None and one.message is not None:
            yield MessageJoined(
                brand_id=entry.case.brand_id,
                ticket_id=into,
                message_id=one.message,
                posted_at=one.at,
                received_at=one.received_at,
            )


def _entry(case: Case, story: Story, row: Any, kept: Mapping[str, Terms], book: Book) -> Entry | None:
    """One ticket's turn; None when nothing changed, or when its clocks failed, of which we are told."""
    try:
        choice, terms = book.choose(case.traits)
        before = None if row is None else standing_of(row, kept)
        turn = take_turn(before, terms, story.facts, at=story.first.at, hint=story.hint)
    except Exception as problem:
        log.exception("clock_failed", ticket_id=case.ticket_id)
        sentry_sdk.capture_exception(problem)
        return None
    if not story.facts and not turn.changed_for:
        return None
    return Entry(case, turn, book.generation, choice)


def tell(tx: Tx, entry: Entry, *, at: Noted | None = None) -> None:
    """Record what a turn did. A change of terms goes before the fact `at`, which already falls under the new ones."""
    turn = entry.turn
    if turn.changed_for is not None:
        changed = PromiseChanged(
            **entry.case.named,
            policy_id=turn.clocks.terms.policy,
            policy=entry.choice.policy.name if entry.choice and entry.choice.policy else None,
            why=list(turn.clocks.terms.why),
            cause=turn.changed_for,
            terms=terms_id(turn.clocks.terms),
        )
        place = len(tx.noted) if at is None else tx.noted.index(at)
        tx.noted.insert(place, Noted(changed, None, at=at.at if at else None))
    before = turn.before.clocks.timers if turn.before else ()
    for fact in say(entry.case.named, before, turn.folded):
        tx.noted.append(Noted(fact, None))
