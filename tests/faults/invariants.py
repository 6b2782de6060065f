"""What must hold after any fault, read from the database, the network and the consoles, never from what we hoped."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from app.core import db
from app.core.db import plain_url
from app.sla.rebuild import rebuild_all
from app.wiring import wire
from tests.faults.console import Console, rest_inbox
from tests.faults.hand import Hand
from tests.faults.load import Ledger
from tests.sandbox.live import Sandbox

_MARK = re.compile(r"(?:answer|said|note)-\d{6}")


@dataclass(frozen=True)
class Books:
    """The database as it stands, and what the network holds."""

    messages: Sequence[dict[str, Any]]
    replies: Sequence[dict[str, Any]]
    notes: Sequence[dict[str, Any]]
    log: dict[str, Any]
    network: Sequence[dict[str, Any]]

    @property
    def published(self) -> dict[str, list[dict[str, Any]]]:
        """What the brand has at the network, by mark."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for post in self.network:
            for mark in _MARK.findall(post["text"]):
                if mark.startswith("answer"):
                    found[mark].append(post)
        return found


def read_books(url: str, sandbox: Sandbox) -> Books:
    """Read everything once."""
    with psycopg.connect(plain_url(url), row_factory=dict_row) as connection:

        def rows(question: str) -> list[dict[str, Any]]:
            return connection.execute(question.encode()).fetchall()

        return Books(
            messages=rows("select id, kind, uri, remote_id, text, ticket_id, reply_id from messages"),
            replies=rows(
                "select id, ticket_id, text, state, due_at, lease_until, tries, message_id, problem from replies order by id"
            ),
            notes=rows("select id, ticket_id, text from notes"),
            log=rows(
                "select count(*) as facts, min(seq) as first, max(seq) as last, count(distinct seq) as numbers,"
                " count(*) filter (where seq is null) as unnumbered, (select seq from event_head) as head from events"
            )[0],
            network=sandbox.posts(),
        )


def unfinished(books: Books, ledger: Ledger) -> str:
    """What is still on its way, in words; empty when all has come to rest."""
    known = {m["remote_id"] for m in books.messages}
    missing = [post for post in ledger.said if post not in known]
    moving = [
        r
        for r in books.replies
        if r["state"] in {"queued", "sending", "unsure"}
        and r["due_at"] is not None
        and not _waits_for_a_person(r, books)
    ]
    told = [f"{len(missing)} posts not in the books"] if missing else []
    told += [
        f"{r['id']} {r['state']} by try {r['tries']}, due {r['due_at']}, leased until {r['lease_until']}, {r['problem']}"
        for r in moving[:5]
    ]
    return ", ".join(told + ([f"{len(moving)} replies under way"] if moving else []))


def _waits_for_a_person(reply: dict[str, Any], books: Books) -> bool:
    """Whether it stands behind a reply of its ticket of which somebody must say whether it is out."""
    return reply["state"] == "queued" and any(
        one["ticket_id"] == reply["ticket_id"]
        and one["id"] < reply["id"]
        and (one["state"], one["due_at"]) == ("unsure", None)
        for one in books.replies
    )


def every_post_is_in_the_books_once(books: Books, ledger: Ledger) -> None:
    """What customers said to the brand: one message each, with a ticket, and nothing that nobody said."""
    counted = Counter(m["uri"] for m in books.messages)
    assert [uri for uri, times in counted.items() if times > 1] == []
    of_customers = {m["remote_id"]: m for m in books.messages if m["kind"] == "customer"}
    assert of_customers.keys() == ledger.said.keys()
    for post, mark in ledger.said.items():
        assert mark in of_customers[post]["text"]
        assert of_customers[post]["ticket_id"] is not None


def every_reply_is_out_once_in_order_or_visibly_not(books: Books, ledger: Ledger) -> Counter[str]:
    """What agents handed over; how many replies ended in which state."""
    replies, published = {r["id"]: r for r in books.replies}, books.published
    assert replies.keys() == ledger.handed.keys(), "a reply was handed over and is not in the books, or the reverse"
    assert set(published) <= set(ledger.handed.values()), "something was published that nobody handed over"
    messages = Counter(m["reply_id"] for m in books.messages if m["reply_id"])
    for reply_id, mark in ledger.handed.items():
        reply, out = replies[reply_id], published.get(mark, [])
        assert reply["text"] == mark
        assert len(out) <= 1, f"{mark} is at the network {len(out)} times"
        match reply["state"]:
            case "sent":
                assert len(out) == 1, f"{mark} is called sent and is not at the network"
                assert messages[reply_id] == 1
            case "failed":
                assert not out, f"{mark} is called failed and is at the network"
                assert reply["problem"], f"{mark} failed without a word"
            case "unsure":  # nobody can know: a person is asked
                assert reply["due_at"] is None
                assert reply["problem"]
            case "queued" if _waits_for_a_person(reply, books):
                assert not out, f"{mark} left before it was known whether the one before it is out"
            case other:
                raise AssertionError(f"{mark} is still {other}")
    _in_order(books, ledger)
    return Counter(r["state"] for r in books.replies)


def _in_order(books: Books, ledger: Ledger) -> None:
    """In each conversation what was handed over first stands first at the network."""
    for handed in ledger.order.values():
        assert handed == sorted(handed), "an agent's replies were numbered in another order than they were handed over"
    place = {mark: n for n, post in enumerate(books.network) for mark in _MARK.findall(post["text"])}
    by_ticket: dict[str, list[int]] = defaultdict(list)
    for reply in books.replies:  # in the order of their ids
        if reply["text"] in place:
            by_ticket[reply["ticket_id"]].append(place[reply["text"]])
    for ticket_id, places in by_ticket.items():
        assert places == sorted(places), f"the replies of {ticket_id} left in another order"


def every_note_is_there_once(books: Books, ledger: Ledger) -> None:
    """A note repeated under its key is one note."""
    assert {n["id"]: n["text"] for n in books.notes} == ledger.noted
    assert len(books.notes) == len(ledger.noted)


def the_log_is_numbered_without_a_gap(books: Books) -> None:
    """1, 2, 3 … n, and the head says n."""
    log = books.log
    assert log["unnumbered"] == 0
    if log["facts"]:
        assert (log["first"], log["last"], log["numbers"]) == (1, log["facts"], log["facts"])
    assert log["head"] == log["facts"]


async def promises_are_what_the_facts_say(url: str) -> None:
    """Every ticket's clocks folded again from the log are those that are written down."""
    said: list[str] = []
    wire()
    db.open_database(url, pool_size=2)
    try:
        different = await rebuild_all(said.append)
    finally:
        await db.close_database()
    assert different == 0, said


async def consoles_hold_what_the_server_says(hand: Hand, consoles: Iterable[Console]) -> int:
    """Each console, brought to the log's end by its frames alone, holds the REST inbox exactly; how many cards."""
    cards, head = await rest_inbox(hand)
    for console in consoles:
        await console.reach(head)
        assert console.cards.keys() == cards.keys()
        for ticket_id, card in cards.items():
            assert console.cards[ticket_id] == card
    return len(cards)
