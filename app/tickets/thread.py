"""thread_posts(): a page of posts becomes messages, conversations and tickets, in a fixed number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.brands.models import Brand, BrandAccount
from app.core.alone import Purpose, hold
from app.core.db import Tx
from app.core.event import Event
from app.core.transaction import record
from app.networks.port import Inbound
from app.tickets.edit_message import take_edits
from app.tickets.newcomer import Newcomer, foreseen
from app.tickets.placing import Post, Windows, place
from app.tickets.renew_facts import renew_facts
from app.tickets.standing import refresh_standing
from app.tickets.thread_facts import Teller
from app.tickets.thread_load import load_books
from app.tickets.thread_write import (
    first_standings,
    message_ids,
    write_adopted,
    write_cases,
    write_messages,
    write_threads,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page became: how many posts were new, how many tickets changed by edits, and the tickets touched."""

    new: int
    edited: int
    ticket_ids: frozenset[str]


async def hold_brand(tx: Tx, brand_id: str) -> None:
    """Wait until nobody else threads posts of this brand, and let nobody begin until the commit.

    Two accounts may hear the same customer at once.
    """
    await hold(tx, Purpose.THREADING, brand_id)


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
    into: str | None = None,
    agent_id: str | None = None,
) -> Taken:
    """Place every post; one that is known already changes nothing unless it was edited.

    `customers` maps authors' remote ids to customers, for those who address the brand and those known from before.
    `old` are the uris of posts said before we listened: they start no promise. `into` is the ticket they are brought
    to by name, or NEW for one of their own, and `agent_id` who brings them. What is promised for tickets about to be
    opened is asked before their rows are written, so that none is inserted to be updated in the same transaction.
    """
    await hold_brand(tx, brand.id)
    by_uri = {item.uri: item for item in items}
    known, books = await load_books(tx, brand, account, list(by_uri.values()), customers, into)
    fresh = {i.remote_id: i for u, i in by_uri.items() if u not in known}
    posts = [_post(i, customers.get(i.author.remote_id), old=i.uri in old, into=into) for i in fresh.values()]
    windows = Windows(timedelta(seconds=brand.reopen_seconds), timedelta(seconds=brand.join_seconds))
    place(books, posts, windows)

    ids = message_ids(books, known)
    teller = Teller(books, brand.id, account.id, fresh, ids, received_at)
    facts = [teller.tell(step) for step in books.steps]
    standings = first_standings(books, fresh)
    events: dict[str, list[Event]] = {key: [] for key in standings}
    for fact in facts:
        if fact is not None and fact.ticket_id in events:
            events[fact.ticket_id].append(fact)
    coming = [Newcomer(key, one["language"], one["lane"], events[key]) for key, one in standings.items()]
    due = await foreseen(tx, brand, account, coming)

    await write_threads(tx, account, books)
    numbers = await write_cases(tx, brand, account, books, fresh, standings, due)
    await write_messages(tx, account, books, fresh, ids, received_at)
    await write_adopted(tx, books, known)
    again = [i for u, i in by_uri.items() if u in known]
    edited = await take_edits(tx, brand.id, again, known)
    await renew_facts(tx, again, known)
    touched = {c.id for c in books.cases.values() if c.touched or c.new} | edited
    await refresh_standing(tx, touched - standings.keys())
    for step, fact in zip(books.steps, facts, strict=True):
        if step.what == "opened":
            record(tx, teller.opened(step, numbers[step.ticket_id]), agent_id=agent_id)
        elif fact is not None:
            record(tx, fact, agent_id=agent_id)
    for near in teller.context():
        record(tx, near)
    return Taken(len(books.placed), len(edited), frozenset(touched))


def _post(item: Inbound, customer_id: str | None, *, old: bool, into: str | None) -> Post:
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
        into=into,
    )
