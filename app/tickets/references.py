"""What other systems call tickets and messages: how these names are kept, looked up, and found by the search."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select

from app.core.clock import now
from app.core.db import Tx
from app.core.rows import among, insert_rows
from app.tickets.errors import ReferenceInvalid
from app.tickets.models import SearchEntry, TicketReference
from app.tickets.search import file_words

LONGEST: Final = 200
_MESSAGE: Final = "reference:"
_IMPORTED: Final = "import:"
OPENING: Final = "opening:"
"""So begins the key of a message that a ticket was opened with."""


@dataclass(frozen=True, slots=True)
class Given:
    """A name for a ticket: what it is called, where it stands in the other system, and who says so."""

    brand_id: str
    ticket_id: str
    reference: str
    url: str | None = None
    agent_id: str | None = None
    fingerprint: str | None = None


def checked(reference: str, field: str) -> str:
    """The reference as it is, since nobody else may write it otherwise. Raises ReferenceInvalid."""
    if not 1 <= len(reference) <= LONGEST or not reference.isprintable() or reference != reference.strip():
        raise ReferenceInvalid(field=field)
    return reference


def uri_of(ticket_id: str, reference: str) -> str:
    """The key by which a message is known that was brought to this ticket under a name of its own."""
    return f"{_MESSAGE}{ticket_id}:{reference}"


def reference_in(uri: str) -> str | None:
    """What the system calls a message that brought it; null for a post of a network."""
    if uri.startswith(_MESSAGE):
        return uri[len(_MESSAGE) :].partition(":")[2]
    return uri[len(_IMPORTED) :] if uri.startswith(_IMPORTED) else None


async def find_reference(tx: Tx, brand_id: str, reference: str) -> TicketReference | None:
    """Which ticket of the brand has this name."""
    query = select(TicketReference).filter_by(brand_id=brand_id, reference=reference)
    found: TicketReference | None = await tx.scalar(query.execution_options(populate_existing=True))
    return found


async def named_tickets(tx: Tx, reference: str, brand_ids: Collection[str] | None) -> list[str]:
    """The ids of the tickets of this name, of these brands or of all."""
    query = select(TicketReference.ticket_id).where(TicketReference.reference == reference)
    if brand_ids is not None:
        query = query.where(among(TicketReference.brand_id, brand_ids))
    return list(await tx.scalars(query))


async def give_references(tx: Tx, given: Iterable[Given]) -> set[tuple[str, str]]:
    """Let names stand for tickets, as far as they stand for none yet, and find these by them; two statements.

    Answers the (brand id, reference) of those that do now; what another ticket is called stays its name.
    """
    rows = [
        {
            "reference": one.reference,
            "brand_id": one.brand_id,
            "ticket_id": one.ticket_id,
            "url": one.url,
            "agent_id": one.agent_id,
            "fingerprint": one.fingerprint,
            "created_at": now(),
        }
        for one in given
    ]
    conflict = "on conflict (reference, brand_id) do nothing"
    made = await insert_rows(
        tx, TicketReference, rows, on_conflict=conflict, returning="brand_id, reference, ticket_id"
    )
    await file_words(tx, [(_entry(brand, reference), ticket, reference) for brand, reference, ticket in made])
    return {(brand, reference) for brand, reference, _ in made}


async def drop_references(tx: Tx, brand_id: str, references: Sequence[str]) -> None:
    """Let these names stand for nothing; two statements."""
    stood = delete(TicketReference).where(
        TicketReference.brand_id == brand_id, among(TicketReference.reference, references)
    )
    await tx.execute(stood.execution_options(synchronize_session=False))
    entries = [_entry(brand_id, reference) for reference in references]
    found = delete(SearchEntry).where(among(SearchEntry.source_id, entries))
    await tx.execute(found.execution_options(synchronize_session=False))


def _entry(brand_id: str, reference: str) -> str:
    return f"{brand_id}:{reference}"
