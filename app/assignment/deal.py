"""deal(): several tickets at once, each given as if the one before had already been; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.assignment.strategy import Candidate, Choose


@dataclass(frozen=True, slots=True)
class Seat:
    """A candidate, and the brands their teams work for."""

    candidate: Candidate
    brand_ids: frozenset[str]


def deal(
    tickets: Sequence[tuple[str, str]], seats: Sequence[Seat], chooses: Mapping[str, Choose], at: datetime
) -> tuple[dict[str, str], dict[str, datetime]]:
    """Give tickets (id and brand) in their order; who got which, and when each agent was last given one.

    A brand without an entry in `chooses` gives nothing. Tickets of one moment are a microsecond apart, so that their
    order is remembered.
    """
    sitting = {seat.candidate.agent_id: seat for seat in sorted(seats, key=lambda s: s.candidate.agent_id)}
    given: dict[str, str] = {}
    last: dict[str, datetime] = {}
    for turn, (ticket_id, brand_id) in enumerate(tickets):
        choose = chooses.get(brand_id)
        able = [seat.candidate for seat in sitting.values() if brand_id in seat.brand_ids]
        chosen = choose(able) if choose is not None else None
        if chosen is None:
            continue
        when = at + timedelta(microseconds=turn)
        given[ticket_id] = chosen.agent_id
        last[chosen.agent_id] = when
        busier = replace(chosen, open_tickets=chosen.open_tickets + 1, last_given_at=when)
        sitting[chosen.agent_id] = replace(sitting[chosen.agent_id], candidate=busier)
    return given, last
