"""What a metric is: a name, the states that pause it, and a pure function from a fact to what its clock does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.core.value import value
from app.sla.facts import HappeningFact
from app.sla.situation import Situation, Unanswered
from app.sla.timer import Timer


@value(frozen=True, slots=True)
class Start:
    """Begin a new cycle at an instant; for a message, with the time we took it in."""

    at: datetime
    received_at: datetime | None = None


@value(frozen=True, slots=True)
class Shift:
    """Begin the running cycle at another instant than thought."""

    at: datetime
    cause: str
    received_at: datetime | None = None


@value(frozen=True, slots=True)
class Meet:
    """The running cycle is fulfilled."""

    at: datetime
    submitted_at: datetime | None = None


@value(frozen=True, slots=True)
class Cancel:
    """The running cycle is taken off, with the reason."""

    at: datetime
    cause: str


@value(frozen=True, slots=True)
class Reopen:
    """What was finished is not: the policy says whether the cycle resumes, a new one starts, or nothing happens."""

    at: datetime
    cause: str


Move = Start | Shift | Meet | Cancel | Reopen


@value(frozen=True, slots=True)
class Scene:
    """What a metric sees of one fact: the ticket before and after it, and its own latest cycle, if there is any."""

    fact: HappeningFact
    before: Situation
    after: Situation
    timer: Timer | None


class Metric(Protocol):
    """One thing measured. A file in `metrics/` with a METRIC of this shape is found; nothing else needs an edit."""

    name: str
    label: str
    pauses: frozenset[str]
    """The ticket states that pause it where the policy does not say."""

    def read(self, scene: Scene) -> Sequence[Move]:
        """Answer what the latest cycle does at a fact, in order; nothing where the fact does not concern it."""
        ...


def start_with(message: Unanswered) -> Start:
    """Begin a cycle with a customer's message."""
    return Start(message.at, message.received_at)


def shift_to(message: Unanswered, cause: str) -> Shift:
    """Begin the running cycle with another message than thought."""
    return Shift(message.at, cause, message.received_at)
