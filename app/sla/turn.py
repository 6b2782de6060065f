"""One ticket's turn: its clocks before, the terms that hold now, the facts, and its clocks after; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from app.core.value import value
from app.sla.facts import HappeningFact, PolicyChanged
from app.sla.fold import Clocks, Folded, begin, fold_all, pass_time
from app.sla.terms import Terms
from app.sla.timer import Timer

Cause = Literal["policy_change", "priority_change", "team_change", "calendar_change"]


@value(frozen=True, slots=True)
class Standing:
    """The clocks of one ticket as they were read."""

    clocks: Clocks
    next_at: datetime | None = None
    generation: int = 0
    passed_over: tuple[dict[str, Any], ...] = ()
    first_terms: str = ""
    terms_since: datetime | None = None


@value(frozen=True, slots=True)
class Turn:
    """What became of one ticket's clocks; `changed_for` is the cause when other terms hold from now on."""

    before: Standing | None
    folded: Folded
    changed_for: Cause | None = None

    @property
    def clocks(self) -> Clocks:
        """The clocks as they stand now."""
        return self.folded.clocks

    def cycles(self) -> Iterable[tuple[Timer, bool]]:
        """The promised cycles to write down, each with whether a later one took its place.

        Those that are decided, or were until now; one that runs or is paused stands in the ticket's clocks alone.
        """
        latest = {one.metric: one.cycle for one in self.clocks.timers}
        touched = {(one.metric, one.cycle): one for one in self.folded.changed}
        old = self.before.clocks.timers if self.before else ()
        replaced = {(one.metric, one.cycle): one for one in old if one.cycle < latest.get(one.metric, 0)}
        written = {(one.metric, one.cycle) for one in old if one.decided}
        for key, timer in (replaced | touched).items():
            past = timer.cycle < latest.get(timer.metric, 0)
            if timer.promised and (past or timer.decided or key in written):
                yield timer, past


def take_turn(
    before: Standing | None, terms: Terms, facts: Sequence[HappeningFact], *, at: datetime, hint: Cause | None = None
) -> Turn:
    """Fold the facts; when other terms hold than before, they do from `at` on and the facts already fall under them.

    `hint` is the cause when the facts say one, else it is told from the difference.
    """
    if before is None:
        return Turn(None, fold_all(begin(terms), facts))
    old = before.clocks.terms
    if terms == old:
        return Turn(before, fold_all(before.clocks, facts))
    cause = hint or _cause(old, terms)
    change = PolicyChanged(at=at, terms=terms, cause=cause)
    return Turn(before, fold_all(before.clocks, [change, *facts]), cause)


def look(before: Standing, now: datetime) -> Turn:
    """Notice what is due or to be warned of by now."""
    return Turn(before, pass_time(before.clocks, now))


def _cause(old: Terms, new: Terms) -> Cause:
    return "calendar_change" if replace(old, calendar=new.calendar, why=new.why) == new else "policy_change"
