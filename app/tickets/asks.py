"""The shapes of what other systems bring: tickets, messages, and what they call a ticket."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from app.core.event import Ask
from app.core.http_match import Seen
from app.core.shown import shown
from app.customers.brought_customer import Named
from app.tickets import examples
from app.tickets.bring_message import By
from app.tickets.bring_ticket import Opening
from app.tickets.brought import Said
from app.tickets.references import LONGEST
from app.tickets.state import Priority
from app.tickets.views import Lane

Reference = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Language = Annotated[str | None, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$", max_length=35)]
Web = Annotated[
    str | None, Field(max_length=2000, pattern=r"^https?://\S+$", description="an address people can follow")
]


class CustomerAsk(Ask):
    """Who asks: by your own `reference` for them, which stays theirs, or by their `id` here; or both, to join them."""

    id: Annotated[str | None, Field(max_length=64)] = None
    reference: Reference | None = None
    handle: Short | None = None
    name: Short | None = None
    url: Web = None

    def named(self) -> Named:
        """As the customers' verb wants it."""
        return Named(self.id, self.reference, self.handle, self.name, self.url)


class SaidAsk(Ask):
    """What was said; `said_at` is now unless told, `place` says in words where, as in "contact form"."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    said_at: AwareDatetime | None = None
    language: Language = None
    url: Web = None
    place: Short | None = None
    lane: Lane = "private"

    def said(self) -> Said:
        """As the verbs want it."""
        return Said(self.text, self.said_at, self.language, self.url, self.place, self.lane)


class OpenAsk(Ask):
    """A ticket with its first message; within the brand `external_reference` is its name for good."""

    model_config = shown(examples.OPENING)

    brand_id: Annotated[str, Field(max_length=64)]
    external_reference: Reference
    url: Annotated[Web, Field(description="where it stands in your system")] = None
    customer: CustomerAsk
    message: SaidAsk
    labels: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    priority: Priority = "normal"

    def opening(self) -> Opening:
        """As the verb wants it."""
        return Opening(
            self.brand_id,
            self.external_reference,
            self.customer.named(),
            self.message.said(),
            self.url,
            self.labels,
            self.priority,
        )


class MessageAsk(SaidAsk):
    """A message of the ticket's customer, or an answer that the brand gave elsewhere; named once for each ticket."""

    model_config = shown(examples.ANSWER_ELSEWHERE)

    external_reference: Reference
    by: By = "customer"


class BroughtAsk(Ask):
    """A message that was brought, by what you called it; without a reference the one that opened the ticket."""

    model_config = shown(examples.TAKEN_BACK)

    external_reference: Reference | None = None
    revision: Seen = None


class EditMessageAsk(BroughtAsk):
    """What it says now; `edited_at` is now unless told."""

    model_config = shown(examples.CORRECTED)

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    language: Language = None
    edited_at: AwareDatetime | None = None


class ReferenceAsk(Ask):
    """What your system calls the ticket, and where it stands there."""

    reference: Reference
    url: Web = None


class ReferAsk(Ask):
    """References to add and to remove."""

    model_config = shown(examples.CASE)

    add: Annotated[tuple[ReferenceAsk, ...], Field(max_length=20)] = ()
    remove: Annotated[tuple[Reference, ...], Field(max_length=20)] = ()
    revision: Seen = None
