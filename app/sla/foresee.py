"""foresee(): the clocks of tickets about to be opened, so that a ticket's row is written once and with its due time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from app.brands.models import Brand, BrandAccount, BrandTeam
from app.core.clock import now
from app.core.db import Tx
from app.core.event import Event
from app.sla.book import Book, open_book
from app.sla.outlook import outlook
from app.sla.policy import Traits
from app.sla.read_log import LogReader
from app.sla.traits import Case
from app.sla.turn import take_turn
from app.sla.write_clocks import Entry
from app.tickets.newcomer import Due, Newcomer
from app.tickets.state import PRIORITIES

_FORESEEN: Final = "clocks_foreseen"
"""Where in a transaction's notes the reaction finds what was foreseen, so that nothing is folded twice."""
_USUAL: Final = PRIORITIES[1]
_TEAMS: Final = select(BrandTeam.team_id).where(BrandTeam.brand_id == bindparam("brand"))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The clocks of one ticket if nothing but these events happens to it before the commit."""

    events: Sequence[Event]
    entry: Entry


async def foresee(tx: Tx, brand: Brand, account: BrandAccount, newcomers: Sequence[Newcomer]) -> dict[str, Due]:
    """What the inbox will sort these tickets by; two statements however many.

    A rule that fails is met again by the reaction at the commit, which reports it.
    """
    if not newcomers:
        return {}
    teams = frozenset(await tx.scalars(_TEAMS, {"brand": brand.id}))
    book = await open_book(tx)
    traits: dict[tuple[str | None, str], Traits] = {}
    found: dict[str, Foreseen] = {}
    for one in newcomers:
        alike = one.language, one.lane
        if alike not in traits:
            traits[alike] = Traits(
                brand=brand.id,
                network=account.network,
                priority=_USUAL,
                teams=teams,
                language=one.language,
                lane=one.lane,
            )
        try:
            foreseen = _fold(one, traits[alike], book)
        except Exception:  # noqa: BLE001, S112 - told by the reaction, where it costs the ticket its clocks
            continue
        if foreseen is not None:
            found[one.ticket_id] = foreseen
    tx.info.setdefault(_FORESEEN, {}).update(found)
    return {key: outlook(one.entry.turn.clocks) for key, one in found.items()}


def take_foreseen(tx: Tx) -> Mapping[str, Foreseen]:
    """What was foreseen in this transaction and not taken yet, by ticket."""
    found: Mapping[str, Foreseen] = tx.info.pop(_FORESEEN, {})
    return found


def _fold(one: Newcomer, traits: Traits, book: Book) -> Foreseen | None:
    """The clocks of a newcomer; nothing when no clock reads a fact of it."""
    reader, at = LogReader(), now()
    facts = [heard for event in one.events if (heard := reader.read(event, at)) is not None]
    if not facts:
        return None
    choice, terms = book.choose(traits)
    case = Case(one.ticket_id, traits.brand or "", None, traits)
    return Foreseen(
        one.events, Entry(case, take_turn(None, terms, facts, at=at), book.generation, choice, foreseen=True)
    )
