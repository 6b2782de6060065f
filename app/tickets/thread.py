"""thread_posts(): a page of posts becomes messages, conversations and tickets, in a fixed number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from app.brands.models import Brand, BrandAccount
from app.core.db import Tx
from app.core.event import Event
from app.core.transaction import record
from app.networks.port import Inbound
from app.tickets.edit_message import take_edits
from app.tickets.events import (
    AnsweredOutside,
    ContextAdded,
    MessageReceived,
    TicketDismissed,
    TicketMoved,
    TicketOpened,
)
from app.tickets.placing import Books, Post, Step, Windows, place
from app.tickets.renew_facts import renew_facts
from app.tickets.standing import refresh_standing
from app.tickets.thread_load import load_books
from app.tickets.thread_write import told_whole, write_adopted, write_cases, write_messages, write_threads

_SERIAL: Final = text("select pg_advisory_xact_lock(hashtextextended(:brand, 7))")
"""Pages of one brand are threaded one after the other: two accounts may hear the same customer at once."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page became: how many posts were new, how many tickets changed by edits, and the tickets touched."""

    new: int
    edited: int
    ticket_ids: frozenset[str]


def lane_of(visibility: str) -> str:
    """Which lane a post belongs to; followers-only posts are still the thread that others read."""
    return "private" if visibility == "direct" else "public"


async def thread_posts(
    tx: Tx,
    brand: Brand,
    account: BrandAccount,
    items: Sequence[Inbound],
    customers: Mapping[str, str],
    *,
    received_at: datetime,
    old: Collection[str] = (),
) -> Taken:
    """Place every post; one that is known already changes nothing unless it was edited.

    `customers` maps authors' remote ids to customers, for those who address the brand and those known from before.
    `old` are the uris of posts said before we listened: they start no promise.
    """
    await tx.execute(_SERIAL, {"brand": brand.id})
    by_uri = {item.uri: item for item in items}
    known, books = await load_books(tx, brand, account, list(by_uri.values()), customers)
    fresh = {i.remote_id: i for u, i in by_uri.items() if u not in known}
    posts = [_post(i, customers.get(i.author.remote_id), old=i.uri in old) for i in fresh.values()]
    windows = Windows(timedelta(seconds=brand.reopen_seconds), timedelta(seconds=brand.join_seconds))
    place(books, posts, windows)

    await write_threads(tx, account, books)
    numbers = await write_cases(tx, brand, account, books, fresh)
    ids = await write_messages(tx, account, books, fresh, received_at) | await write_adopted(tx, books, known)
    again = [i for u, i in by_uri.items() if u in known]
    edited = await take_edits(tx, brand.id, again, known)
    await renew_facts(tx, again, known)
    touched = {c.id for c in books.cases.values() if c.touched or c.new} | edited
    await refresh_standing(tx, touched - told_whole(books))
    for step in books.steps:
        if step.what != "context":
            for fact in _facts(step, books, brand.id, account.id, fresh, numbers, ids, received_at):
                record(tx, fact)
    for fact in _context(books, brand.id, ids):
        record(tx, fact)
    return Taken(len(books.placed), len(edited), frozenset(touched))


def _post(item: Inbound, customer_id: str | None, *, old: bool) -> Post:
    return Post(
        uri=item.uri,
        remote_id=item.remote_id,
        in_reply_to=item.in_reply_to,
        role=item.role,
        author=item.author.remote_id,
        customer_id=customer_id,
        lane=lane_of(item.visibility),
        posted_at=item.posted_at,
        old=old,
    )


def _context(books: Books, brand_id: str, ids: Mapping[str, str]) -> list[Event]:
    """What became known around tickets, one fact each: under a post with hundreds of customers a stray word is near all."""
    near: dict[str, list[str]] = {}
    for step in books.steps:
        if step.what == "context" and step.post is not None:
            near.setdefault(step.ticket_id, []).append(ids[step.post.remote_id])
    return [ContextAdded(brand_id=brand_id, ticket_id=key, message_ids=found) for key, found in near.items()]


def _facts(
    step: Step,
    books: Books,
    brand_id: str,
    account_id: str,
    fresh: Mapping[str, Inbound],
    numbers: Mapping[str, int],
    ids: Mapping[str, str],
    received_at: datetime,
) -> list[Event]:
    """The facts of one step, in order."""
    ticket = {"brand_id": brand_id, "ticket_id": step.ticket_id}
    case = books.cases[step.ticket_id]
    if step.what == "duplicate":
        return [TicketDismissed(**ticket, before=step.before, reason="duplicate")]
    if step.what == "reopened":
        return [TicketMoved(**ticket, before=step.before, to="open", why="customer_wrote")]
    assert step.post is not None
    message = ids.get(step.post.remote_id)
    assert message is not None
    said = {
        "message_id": message,
        "lane": step.post.lane,
        "posted_at": step.post.posted_at,
        "received_at": received_at,
        "backfilled": step.post.old,
    }
    match step.what:
        case "opened":
            opened = TicketOpened(
                **ticket,
                number=numbers[step.ticket_id],
                customer_id=case.customer_id,
                account_id=account_id,
                language=fresh[step.post.remote_id].language,
                backfilled=step.post.old,
                follows_id=case.follows_id,
            )
            return [opened]
        case "received":
            return [MessageReceived(**ticket, **said)]
        case "answered":
            return [AnsweredOutside(**ticket, **said)]
        case "rested":
            return [TicketMoved(**ticket, before=step.before, to="waiting", why="answered_outside")]
    raise ValueError(step.what)
