"""Made-up conversations as pure placing sees them, and the ways in which they can reach us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from app.tickets.placing import Books, Post, Windows, parents_first, place

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
BRAND = "acme"
CUSTOMERS = ("nora", "omar")


def minute(n: float) -> datetime:
    return START + timedelta(minutes=n)


def said(
    key: str,
    author: str,
    at: float,
    under: str | None = None,
    *,
    role: str | None = None,
    lane: str = "public",
    known: bool = True,
) -> Post:
    """A post; `known` says that its author is a customer of ours."""
    role = role or ("own" if author == BRAND else "mention")
    customer = f"cu-{author}" if author != BRAND and known else None
    return Post(f"uri/{key}", key, under, role, author, customer, lane, minute(at))


def windows(*, reopen: float = 10_000, join: float = 0) -> Windows:
    return Windows(timedelta(minutes=reopen), timedelta(minutes=join))


def empty() -> Books:
    return Books({}, {}, {})


def hear(books: Books, posts: Sequence[Post], rules: Windows) -> Books:
    """Take in one page: copies, since placing writes into what it is given."""
    books.steps.clear()
    books.placed.clear()
    books.adopted.clear()
    fresh = [
        Post(p.uri, p.remote_id, p.in_reply_to, p.role, p.author, p.customer_id, p.lane, p.posted_at) for p in posts
    ]
    place(books, fresh, rules)
    return books


def tickets(books: Books) -> set[frozenset[str]]:
    """Which posts lie together in a ticket."""
    found: dict[str, set[str]] = {}
    for post in books.posts.values():
        if post.ticket_id:
            found.setdefault(post.ticket_id, set()).add(post.remote_id)
    return {frozenset(group) for group in found.values()}


def conversations(books: Books) -> set[frozenset[str]]:
    """Which posts lie together in a conversation."""
    found: dict[str, set[str]] = {}
    for post in books.posts.values():
        found.setdefault(post.conversation_id, set()).add(post.remote_id)
    return {frozenset(group) for group in found.values()}


@dataclass(frozen=True)
class Arrival:
    """The posts of some conversations, and the pages in which they come."""

    posts: tuple[Post, ...]
    pages: tuple[tuple[Post, ...], ...]


def with_ancestors(page: Sequence[Post], everything: Sequence[Post]) -> list[Post]:
    """The page with everything above its posts that can still be found, as ingest asks for it."""
    by_key = {p.remote_id: p for p in everything}
    found = {p.remote_id: p for p in page}
    for post in page:
        above = by_key.get(post.in_reply_to or "")
        while above is not None and above.remote_id not in found:
            found[above.remote_id] = above
            above = by_key.get(above.in_reply_to or "")
    return list(found.values())


@st.composite
def talks(draw: st.DrawFn, *, authors: Sequence[str] = (*CUSTOMERS, BRAND), lost: bool = True) -> tuple[Post, ...]:
    """Some posts: each alone, under an earlier one, or under one that nobody will ever see. Clocks may disagree."""
    posts: list[Post] = []
    for n in range(draw(st.integers(1, 10))):
        under: list[str | None] = [None, *(p.remote_id for p in posts)]
        if lost:
            under += ["lost-0", "lost-1"]
        posts.append(
            said(f"p{n}", draw(st.sampled_from(authors)), draw(st.integers(0, 500)), draw(st.sampled_from(under)))
        )
    return tuple(posts)


@st.composite
def arrivals(draw: st.DrawFn, *, order: str = "any", **more: object) -> Arrival:
    """Any order, any pages; each page preceded by what stands above its posts, or not. Or by `time`, parents first."""
    posts = draw(talks(**more))
    rest = parents_first(posts) if order == "time" else draw(st.permutations(posts))
    pages: list[tuple[Post, ...]] = []
    while rest:
        size = draw(st.integers(1, len(rest)))
        page, rest = rest[:size], rest[size:]
        asks = order == "any" and draw(st.booleans())
        pages.append(tuple(with_ancestors(page, posts) if asks else page))
    return Arrival(posts, tuple(pages))
