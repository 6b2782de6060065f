"""The facts clocks read: what happened to one ticket, never a row of it."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
)

from app.sla.terms import Terms


def _only_text(value: Any) -> Any:
    if not isinstance(value, str | datetime):
        raise ValueError("a time is text like 2026-03-04T10:00:00Z")  # noqa: TRY004 - pydantic turns only this into an error
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _in_utc(at: datetime) -> datetime:
    if not 1970 <= at.year <= 9000:
        raise ValueError("a time lies between the years 1970 and 9000")
    return at.astimezone(UTC)


def _name(kind: str) -> Any:
    return Field(default=None, validation_alias=AliasChoices(kind, "id", f"{kind}_id"))


Instant = Annotated[AwareDatetime, BeforeValidator(_only_text), AfterValidator(_in_utc)]
TicketState = Literal["open", "waiting", "on_hold", "snoozed", "resolved", "closed"]


class HappeningFact(BaseModel):
    """The part all facts share: when it happened, by the network's time where the network knows it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    at: Instant

    @property
    def known_at(self) -> datetime:
        """When we learned of it."""
        return self.at


class CustomerMessage(HappeningFact):
    """The customer wrote: `at` is the network's time, `received_at` is when we took it in."""

    type: Literal["customer_message"] = "customer_message"
    message: str | None = _name("message")
    received_at: Instant | None = None

    @property
    def known_at(self) -> datetime:
        """When we took it in, which may be long after it was written."""
        return max(self.at, self.received_at or self.at)


class ReplySubmitted(HappeningFact):
    """An agent handed a reply over for sending."""

    type: Literal["reply_submitted"] = "reply_submitted"
    reply: str | None = _name("reply")


class ReplyAccepted(HappeningFact):
    """The network accepted a reply of ours; `automatic` when no person wrote it."""

    type: Literal["reply_accepted"] = "reply_accepted"
    reply: str | None = _name("reply")
    automatic: bool = False


class ReplyDropped(HappeningFact):
    """A submitted reply will not be sent: it was cancelled, or it failed for good."""

    type: Literal["reply_dropped"] = "reply_dropped"
    reply: str | None = _name("reply")


class Note(HappeningFact):
    """An inside remark; no clock cares, but the log may hold it."""

    type: Literal["note"] = "note"


class Moved(HappeningFact):
    """The ticket went to another state."""

    type: Literal["moved"] = "moved"
    to: TicketState
    cause: str | None = None


class PolicyChanged(HappeningFact):
    """Other terms hold from now on, because policy, priority, team or calendar changed; `cause` says which."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    type: Literal["policy_changed"] = "policy_changed"
    terms: Terms
    cause: Literal["policy_change", "priority_change", "team_change", "calendar_change"] = "policy_change"


class MessageVanished(HappeningFact):
    """A customer's message was deleted or hidden upstream; without a name it is all that were unanswered."""

    type: Literal["message_vanished"] = "message_vanished"
    message: str | None = _name("message")


class Dismissed(HappeningFact):
    """The ticket was put away as spam or otherwise not for us; moving it to another state takes that back."""

    type: Literal["dismissed"] = "dismissed"
    cause: str = "dismissed"


class TimePassed(HappeningFact):
    """We looked at the clocks: what was due by then is noticed then."""

    type: Literal["time_passed"] = "time_passed"


Fact = Annotated[
    CustomerMessage
    | ReplySubmitted
    | ReplyAccepted
    | ReplyDropped
    | Note
    | Moved
    | PolicyChanged
    | MessageVanished
    | Dismissed
    | TimePassed,
    Field(discriminator="type"),
]
FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
"""Reads any fact but `policy_changed` from JSON; that one is made in code, from terms."""
