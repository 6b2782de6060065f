"""What the metrics must know of a ticket, carried from fact to fact: its state, who waits since when, who answered."""

from dataclasses import replace
from datetime import datetime

from app.core.value import value
from app.sla import facts

ENDED = frozenset({"resolved", "closed"})
DISMISSED = "dismissed"


@value(frozen=True, slots=True)
class Unanswered:
    """A customer's message that nobody answered yet."""

    at: datetime
    received_at: datetime | None = None
    message: str | None = None


@value(frozen=True, slots=True)
class Submitted:
    """A reply on its way: handed over, not yet accepted."""

    at: datetime
    reply: str | None = None


@value(frozen=True, slots=True)
class Answer:
    """A reply the network accepted, and when the agent had submitted it."""

    at: datetime
    submitted_at: datetime | None = None


@value(frozen=True, slots=True, kw_only=True)
class Situation:
    """How one ticket stands between two facts."""

    state: str = "open"
    opening: Unanswered | None = None
    active_since: datetime | None = None
    dismissed_at: datetime | None = None
    unanswered: tuple[Unanswered, ...] = ()
    submitted: tuple[Submitted, ...] = ()
    first_answer: Answer | None = None
    last_answer: Answer | None = None
    answers: int = 0

    @property
    def active(self) -> bool:
        """Whether we still owe the ticket something: neither resolved nor closed nor dismissed."""
        return self.state not in ENDED and self.state != DISMISSED

    @property
    def oldest(self) -> Unanswered | None:
        """The message that waits longest; None when all are answered or the ticket was dismissed."""
        return self.unanswered[0] if self.unanswered and self.state != DISMISSED else None


def advance(before: Situation, fact: facts.HappeningFact, *, count_automatic: bool) -> Situation:
    """Answer the situation after a fact; whether automatic replies count is the policy's word."""
    after = before
    match fact:
        case facts.CustomerMessage():
            after = _hear(before, fact)
        case facts.ReplySubmitted():
            after = replace(before, submitted=(*before.submitted, Submitted(fact.at, fact.reply)))
        case facts.ReplyAccepted():
            after = _answer(before, fact, counts=count_automatic or not fact.automatic)
        case facts.ReplyDropped():
            after = _settle(replace(before, submitted=_without(before.submitted, fact.reply)[1]))
        case facts.Moved():
            after = _move(before, fact)
        case facts.MessageVanished():
            kept = tuple(one for one in before.unanswered if fact.message not in {None, one.message})
            after = replace(before, unanswered=kept)
        case facts.Dismissed():
            after = replace(before, state=DISMISSED, dismissed_at=fact.at)
    return after


def _hear(before: Situation, fact: facts.CustomerMessage) -> Situation:
    """Note a message; a closed ticket stays as it is, because what follows belongs to another one."""
    twice = fact.message is not None and any(one.message == fact.message for one in before.unanswered)
    if before.state == "closed" or twice:
        return before
    heard = Unanswered(fact.at, fact.received_at, fact.message)
    first = before.opening is None or fact.at < before.opening.at
    opening = heard if first else before.opening
    return replace(
        before,
        opening=opening,
        active_since=before.active_since or fact.at,
        unanswered=tuple(sorted((*before.unanswered, heard), key=lambda one: one.at)),
    )


def _answer(before: Situation, fact: facts.ReplyAccepted, *, counts: bool) -> Situation:
    """Note an accepted reply: it answers what was written until then, if a reply of its kind counts."""
    if fact.automatic and fact.reply is None:
        submitted_at, left = None, before.submitted
    else:
        submitted_at, left = _without(before.submitted, fact.reply)
    after = replace(before, submitted=left)
    if counts and before.opening is not None and before.opening.at <= fact.at:
        answer = Answer(fact.at, submitted_at)
        after = replace(
            after,
            unanswered=tuple(one for one in before.unanswered if one.at > fact.at),
            first_answer=before.first_answer or answer,
            last_answer=answer,
            answers=before.answers + 1,
        )
    return _settle(after)


def _move(before: Situation, fact: facts.Moved) -> Situation:
    after = replace(before, state=fact.to)
    if after.active and not before.active:
        after = replace(after, active_since=fact.at)
    return _settle(after)


def _settle(after: Situation) -> Situation:
    """Let nobody wait on a finished ticket, except for an answer that was submitted and is still on its way out."""
    if after.state not in ENDED:
        return after
    sent = max((one.at for one in after.submitted), default=None)
    return replace(after, unanswered=tuple(one for one in after.unanswered if sent is not None and one.at <= sent))


def _without(submitted: tuple[Submitted, ...], reply: str | None) -> tuple[datetime | None, tuple[Submitted, ...]]:
    """Take a reply off those on their way, by its name or, without one, the oldest; answer when it was submitted."""
    for number, one in enumerate(submitted):
        if reply in {None, one.reply}:
            return one.at, submitted[:number] + submitted[number + 1 :]
    return None, submitted
