"""HTTP for tickets: what the inbox asks for, and one line for every verb."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, Field

from app.agents.current import Current
from app.agents.examples import AGENT_ID
from app.core.event import Ask
from app.core.http import IdempotencyKey, Tx
from app.core.http_match import IfMatch, Seen, say_revision, seen_revision
from app.core.http_next import say_next
from app.core.http_once import REPLAYED, Kept
from app.core.http_sparse import (
    Fields,
    json_answer,
    only_of_list,
    only_of_page,
    sparse_page,
    sparse_thing,
    wanted_fields,
)
from app.core.shown import shown
from app.tickets import inbox, queries
from app.tickets.asks import BroughtAsk, EditMessageAsk, MessageAsk, OpenAsk, ReferAsk
from app.tickets.assign import assign_ticket
from app.tickets.bring_message import bring_message
from app.tickets.bring_ticket import bring_ticket
from app.tickets.dismiss import dismiss_ticket
from app.tickets.edit_brought import edit_brought
from app.tickets.label import label_ticket
from app.tickets.move import move_ticket
from app.tickets.note import add_note
from app.tickets.prioritise import prioritise_ticket
from app.tickets.refer import refer_ticket
from app.tickets.references import LONGEST
from app.tickets.state import DismissReason, Priority, State
from app.tickets.views import CountsView, InboxView, LabelView, MessageView, NoteView, TicketCard, TicketView
from app.tickets.withdraw_brought import withdraw_brought

router = APIRouter(prefix="/api/v1", tags=["tickets"], route_class=Kept)

SparseCard = sparse_thing(TicketCard)
SparseInbox = sparse_page(InboxView, "items", SparseCard)
CardFields = Annotated[Fields, Depends(wanted_fields(TicketCard))]
Many = Annotated[list[str], Query(max_length=50)]


class AssignAsk(Ask):
    """Who shall own the ticket; null for nobody."""

    model_config = shown({"agent_id": AGENT_ID, "revision": 7})

    agent_id: str | None
    revision: Seen = None


class MoveAsk(Ask):
    """Where to move it; `until` (UTC) for snoozed."""

    model_config = shown({"to": "snoozed", "until": "2040-03-02T09:00:00Z"})

    to: State
    until: AwareDatetime | None = None
    revision: Seen = None


class DismissAsk(Ask):
    """Why it is no case."""

    model_config = shown({"reason": "praise"})

    reason: DismissReason
    revision: Seen = None


class LabelAsk(Ask):
    """Labels to add and to remove."""

    model_config = shown({"add": ["delivery"], "remove": ["new"]})

    add: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    remove: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    revision: Seen = None


class PrioritiseAsk(Ask):
    """How urgent it is."""

    model_config = shown({"priority": "urgent", "revision": 7})

    priority: Priority
    revision: Seen = None


class NoteAsk(Ask):
    """The remark."""

    model_config = shown({"text": "The carrier says: delivered to a neighbour."})

    text: Annotated[str, Field(max_length=20_000)]


@router.get("/tickets", response_model=InboxView | SparseInbox)
async def list_tickets(
    request: Request,
    response: Response,
    tx: Tx,
    me: Current,
    brand: Many = [],  # noqa: B006 - FastAPI copies defaults
    account: Many = [],  # noqa: B006
    customer: Many = [],  # noqa: B006
    assignee: Many = [],  # noqa: B006
    label: Many = [],  # noqa: B006
    language: Many = [],  # noqa: B006
    priority: Annotated[list[Priority], Query()] = [],  # noqa: B006
    state: Annotated[list[State], Query()] = [],  # noqa: B006
    view: inbox.ViewName = "all_open",
    external_reference: Annotated[str, Query(max_length=LONGEST)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    order: inbox.Order | None = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    fields: CardFields = None,
) -> Response:
    """One page of a view; `assignee=none` finds what nobody owns, `external_reference` what your system calls so."""
    wanted = inbox.Filter(
        view=view,
        brands=brand,
        accounts=account,
        customers=customer,
        assignees=assignee,
        labels=label,
        priorities=priority,
        states=state,
        languages=language,
        reference=external_reference,
        q=q,
        order=order,
    )
    page = await inbox.page_of(tx, me, wanted, cursor=cursor, limit=limit)
    say_next(request, response, cursor=page.next)
    return only_of_page(page.view(), "items", fields, response) if fields else json_answer(page.told(), response)


@router.post("/tickets", operation_id="open_ticket", status_code=201)
async def post_ticket(response: Response, tx: Tx, me: Current, ask: OpenAsk) -> TicketCard:
    """Open a ticket; the same request again is answered with the ticket and opens nothing."""
    card, news = await bring_ticket(tx, me, ask.opening())
    response.headers["Location"] = f"/api/v1/tickets/{card.id}"
    if not news:
        response.headers[REPLAYED] = "true"
    return card


@router.get("/tickets/counts")
async def count_tickets(tx: Tx, me: Current, brand: Many = []) -> CountsView:  # noqa: B006
    """How many tickets each view holds."""
    return await inbox.counts(tx, me, brand)


@router.get("/labels")
async def list_labels(tx: Tx, me: Current) -> list[LabelView]:
    """The words to sort by."""
    del me  # being signed in is enough
    return await inbox.labels(tx)


@router.get("/tickets/by-number/{number}")
async def find_ticket_by_number(
    response: Response, tx: Tx, me: Current, number: Annotated[int, Field(ge=1, le=2**62)]
) -> TicketCard:
    """The ticket with this number."""
    found = await queries.card_by_number(tx, me, number)
    say_revision(response, found)
    return found


@router.get("/tickets/{ticket_id}", response_model=TicketView)
async def get_ticket(response: Response, tx: Tx, me: Current, ticket_id: str, before: str | None = None) -> Response:
    """The open ticket; `before` a message id for older posts."""
    return json_answer(await queries.ticket_told(tx, me, ticket_id, before), response)


@router.get("/tickets/{ticket_id}/card")
async def get_ticket_card(response: Response, tx: Tx, me: Current, ticket_id: str) -> TicketCard:
    """The ticket as a row."""
    found = await queries.ticket_card(tx, me, ticket_id)
    say_revision(response, found)
    return found


@router.get("/customers/{customer_id}/tickets", response_model=list[TicketCard] | list[SparseCard])  # type: ignore[valid-type]
async def list_customer_tickets(
    response: Response, tx: Tx, me: Current, customer_id: str, fields: CardFields = None
) -> list[TicketCard] | Response:
    """A customer's newest 100 tickets; page by page, all of them are in `/tickets?customer=`."""
    found = await queries.customer_cards(tx, me, customer_id)
    return only_of_list(found, fields, response) if fields else found


@router.post("/tickets/{ticket_id}/assign", operation_id="assign_ticket")
async def post_assign(tx: Tx, me: Current, ticket_id: str, ask: AssignAsk, if_match: IfMatch = None) -> TicketCard:
    """Give the ticket to somebody, or to nobody."""
    return await assign_ticket(tx, me, ticket_id, ask.agent_id, seen_revision(ask.revision, if_match))


@router.post("/tickets/{ticket_id}/move", operation_id="move_ticket")
async def post_move(tx: Tx, me: Current, ticket_id: str, ask: MoveAsk, if_match: IfMatch = None) -> TicketCard:
    """Open, wait, hold, snooze, resolve."""
    until: datetime | None = ask.until
    return await move_ticket(tx, me, ticket_id, ask.to, seen_revision(ask.revision, if_match), until=until)


@router.post("/tickets/{ticket_id}/dismiss", operation_id="dismiss_ticket")
async def post_dismiss(tx: Tx, me: Current, ticket_id: str, ask: DismissAsk, if_match: IfMatch = None) -> TicketCard:
    """Close it as no case."""
    return await dismiss_ticket(tx, me, ticket_id, ask.reason, seen_revision(ask.revision, if_match))


@router.post("/tickets/{ticket_id}/labels", operation_id="label_ticket")
async def post_labels(tx: Tx, me: Current, ticket_id: str, ask: LabelAsk, if_match: IfMatch = None) -> TicketCard:
    """Add and remove labels."""
    return await label_ticket(tx, me, ticket_id, ask.add, ask.remove, seen_revision(ask.revision, if_match))


@router.post("/tickets/{ticket_id}/priority", operation_id="prioritise_ticket")
async def post_priority(
    tx: Tx, me: Current, ticket_id: str, ask: PrioritiseAsk, if_match: IfMatch = None
) -> TicketCard:
    """More or less urgent."""
    return await prioritise_ticket(tx, me, ticket_id, ask.priority, seen_revision(ask.revision, if_match))


@router.post("/tickets/{ticket_id}/messages", operation_id="add_message", status_code=201)
async def post_message(response: Response, tx: Tx, me: Current, ticket_id: str, ask: MessageAsk) -> MessageView:
    """Add what the customer said, or what the brand answered elsewhere; the same reference again changes nothing."""
    message, news = await bring_message(tx, me, ticket_id, ask.said(), ask.by, ask.external_reference)
    if not news:
        response.headers[REPLAYED] = "true"
    return message


@router.post("/tickets/{ticket_id}/messages/edit", operation_id="edit_message")
async def post_edit(
    response: Response, tx: Tx, me: Current, ticket_id: str, ask: EditMessageAsk, if_match: IfMatch = None
) -> MessageView:
    """Correct a message that was brought; what it said before is kept, and the same text again changes nothing."""
    message, news = await edit_brought(
        tx,
        me,
        ticket_id,
        ask.external_reference,
        ask.text,
        language=ask.language,
        edited_at=ask.edited_at,
        revision=seen_revision(ask.revision, if_match),
    )
    if not news:
        response.headers[REPLAYED] = "true"
    return message


@router.post("/tickets/{ticket_id}/messages/withdraw", operation_id="withdraw_message")
async def post_withdraw(
    response: Response, tx: Tx, me: Current, ticket_id: str, ask: BroughtAsk, if_match: IfMatch = None
) -> MessageView:
    """Take back a message that was brought; a tombstone stays, and what was promised for it alone is called off."""
    seen = seen_revision(ask.revision, if_match)
    message, news = await withdraw_brought(tx, me, ticket_id, ask.external_reference, revision=seen)
    if not news:
        response.headers[REPLAYED] = "true"
    return message


@router.post("/tickets/{ticket_id}/references", operation_id="refer_ticket")
async def post_references(tx: Tx, me: Current, ticket_id: str, ask: ReferAsk, if_match: IfMatch = None) -> TicketCard:
    """Add and remove what other systems call the ticket."""
    add = [(one.reference, one.url) for one in ask.add]
    return await refer_ticket(tx, me, ticket_id, add, ask.remove, seen_revision(ask.revision, if_match))


@router.post("/tickets/{ticket_id}/notes", operation_id="add_note", status_code=201)
async def post_note(tx: Tx, me: Current, ticket_id: str, ask: NoteAsk, key: IdempotencyKey) -> NoteView:
    """Write an inside remark."""
    return await add_note(tx, me, ticket_id, ask.text, key)
