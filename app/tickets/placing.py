"""Where a post belongs: which conversation, and which ticket it opens, joins or reopens; pure.

The decision does not depend on the order of arrival: what a late parent joins together ends as if it had come first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from app.core.ids import new_id
from app.core.value import value
from app.tickets.state import ACTIVE, woken_by_customer

Kind = Literal["customer", "brand", "other"]
Addressed = frozenset({"mention", "quote", "direct"})
NEW: Final = "new"
"""Where a post goes that was brought to open a ticket of its own, whatever else its customer asks."""


@dataclass(slots=True)
class Thread:
    """A conversation as far as placing needs it."""

    id: str
    root: str
    missing_parent: str | None
    new: bool = False
    changed: bool = False
    merged_into: str | None = None


@dataclass(slots=True)
class Case:
    """A ticket as far as placing needs it."""

    id: str
    customer_id: str
    conversation_id: str
    conversations: set[str]
    state: str
    opened_at: datetime
    last_customer_at: datetime
    last_answer_at: datetime | None = None
    resolved_at: datetime | None = None
    follows_id: str | None = None
    new: bool = False
    dismissed_into: str | None = None
    touched: bool = False


@dataclass(slots=True)
class Post:
    """A message as far as placing needs it."""

    uri: str
    remote_id: str
    in_reply_to: str | None
    role: str  # of networks.port.Role
    author: str  # remote_id of the author
    customer_id: str | None
    lane: str
    posted_at: datetime
    old: bool = False  # said before we listened: it starts no promise
    into: str | None = None  # the ticket it was brought to by name, or NEW; null: as its conversation says
    kind: Kind = "other"
    conversation_id: str = ""
    ticket_id: str | None = None


@value(frozen=True, slots=True)
class Step:
    """What placing one post did, in order; thread.py makes facts of it."""

    what: Literal["opened", "reopened", "received", "answered", "rested", "context", "duplicate"]
    ticket_id: str
    post: Post | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Windows:
    """The brand's settings."""

    reopen: timedelta
    join: timedelta


@dataclass(slots=True)
class Books:
    """What we know already, and what placing adds to it."""

    posts: dict[str, Post]  # by remote_id
    threads: dict[str, Thread]  # by id
    cases: dict[str, Case]  # by id
    steps: list[Step] = field(default_factory=list)
    placed: list[Post] = field(default_factory=list)
    adopted: list[Post] = field(default_factory=list)  # answers of the brand that were known before what they answer

    def thread_missing(self, remote_id: str) -> Thread | None:
        """The conversation that waits for this post as its parent."""
        return next((t for t in self.threads.values() if t.missing_parent == remote_id and not t.merged_into), None)

    def thread_kept(self, thread: Thread) -> str | None:
        """Where a conversation that is gone went, however many joins later; null when it is not gone."""
        into = thread.merged_into
        while into is not None and (further := self.threads[into].merged_into) is not None:
            into = further
        return into

    def case_kept(self, case: Case) -> str | None:
        """Which ticket a duplicate was of, in the end; null when it is none."""
        into = case.dismissed_into
        while into in self.cases and (further := self.cases[into].dismissed_into) is not None:
            into = further
        return into

    def cases_in(self, thread_id: str) -> list[Case]:
        """The tickets that work on a conversation, oldest first."""
        found = [c for c in self.cases.values() if thread_id in c.conversations and not c.dismissed_into]
        return sorted(found, key=lambda c: (c.opened_at, c.id))


def parents_first(posts: Iterable[Post]) -> list[Post]:
    """The posts by time, but never a child before its parent, whatever their clocks say."""
    waiting = {p.remote_id: p for p in sorted(posts, key=lambda p: (p.posted_at, p.remote_id))}
    ordered: list[Post] = []
    for start in list(waiting.values()):
        chain: list[Post] = []
        post: Post | None = start
        while post is not None and waiting.pop(post.remote_id, None) is not None:
            chain.append(post)
            post = waiting.get(post.in_reply_to or "")
        ordered.extend(reversed(chain))
    return ordered


def place(books: Books, posts: Iterable[Post], windows: Windows) -> None:
    """Give each post its conversation and its ticket; `books` then holds what changed."""
    for post in parents_first(posts):
        if post.remote_id in books.posts:
            continue
        thread = _thread_of(books, post)
        post.conversation_id = thread.id
        books.posts[post.remote_id] = post
        books.placed.append(post)
        _give_ticket(books, post, thread, windows)
        _adopt_answers(books, post)


def _thread_of(books: Books, post: Post) -> Thread:
    parent = books.posts.get(post.in_reply_to or "")
    waiting = books.thread_missing(post.remote_id)
    if parent is not None:
        thread = books.threads[parent.conversation_id]
        if waiting is not None and waiting.id != thread.id:
            _join_threads(books, waiting, thread)
        return thread
    sibling = books.thread_missing(post.in_reply_to) if post.in_reply_to else None
    if waiting is not None:
        waiting.changed = True
        if sibling is not None and sibling.id != waiting.id:
            _join_threads(books, waiting, sibling)
            return sibling
        waiting.root, waiting.missing_parent = post.remote_id, post.in_reply_to
        return waiting
    if sibling is not None:
        return sibling
    thread = Thread(new_id("cv"), post.remote_id, post.in_reply_to, new=True)
    books.threads[thread.id] = thread
    return thread


def _join_threads(books: Books, gone: Thread, kept: Thread) -> None:
    """Two conversations turned out to be one; of two tickets of one customer the later is a duplicate of the earlier."""
    gone.merged_into, gone.missing_parent, gone.changed = kept.id, None, True
    for post in books.posts.values():
        if post.conversation_id == gone.id:
            post.conversation_id = kept.id
    for case in books.cases.values():
        if gone.id in case.conversations:
            case.conversations.discard(gone.id)
            case.conversations.add(kept.id)
            case.touched = True
            if case.conversation_id == gone.id:
                case.conversation_id = kept.id
    first: dict[str, Case] = {}
    for case in books.cases_in(kept.id):
        if case.state not in ACTIVE:
            continue
        earlier = first.setdefault(case.customer_id, case)
        if earlier is not case:
            _dismiss_duplicate(books, case, earlier)


def _dismiss_duplicate(books: Books, case: Case, earlier: Case) -> None:
    before, case.state, case.dismissed_into = case.state, "closed", earlier.id
    case.touched = earlier.touched = True
    earlier.conversations |= case.conversations
    earlier.last_customer_at = max(earlier.last_customer_at, case.last_customer_at)
    answers = [c.last_answer_at for c in (earlier, case) if c.last_answer_at is not None]
    earlier.last_answer_at = max(answers, default=None)
    for post in books.posts.values():
        if post.ticket_id == case.id:
            post.ticket_id = earlier.id
    books.steps.append(Step("duplicate", case.id, before=before))
    unanswered = earlier.last_answer_at is None or earlier.last_answer_at < earlier.last_customer_at
    if before in {"open", "on_hold"} and unanswered and woken_by_customer(earlier.state):
        # what waited for us in the duplicate waits here now, and must not rest out of sight
        books.steps.append(Step("reopened", earlier.id, before=earlier.state))
        earlier.state = "open"


def _give_ticket(books: Books, post: Post, thread: Thread, windows: Windows) -> None:
    if post.role == "own":
        post.kind = "brand"
        parent = books.posts.get(post.in_reply_to or "")
        post.ticket_id = post.into or (parent.ticket_id if parent else None)
        if post.ticket_id and post.ticket_id in books.cases:
            if post.into:
                books.cases[post.ticket_id].conversations.add(thread.id)
            _answered(books, post, books.cases[post.ticket_id])
        return
    case = _brought_to(books, post, windows) if post.into else _case_for(books, post, thread, windows)
    if case is None and post.role not in Addressed:
        for near in books.cases_in(thread.id):
            books.steps.append(Step("context", near.id, post))
        return
    assert post.customer_id is not None
    post.kind = "customer"
    if case is None or case.state == "closed" or _too_late(case, post, windows):
        case = _open(books, post, thread, follows=case)
    case.conversations.add(thread.id)
    case.touched = True
    post.ticket_id = case.id
    before = case.state
    case.last_customer_at = max(case.last_customer_at, post.posted_at)
    books.steps.append(Step("received", case.id, post))
    answered = case.last_answer_at is not None and case.last_answer_at >= post.posted_at
    if woken_by_customer(case.state) and not answered:
        case.state, case.resolved_at = "open", None
        books.steps.append(Step("reopened", case.id, post, before=before))


def _adopt_answers(books: Books, parent: Post) -> None:
    """The brand's answers that were known before the post they answer belong to its ticket too."""
    if parent.ticket_id not in books.cases:
        return
    for post in books.posts.values():
        if post.in_reply_to == parent.remote_id and post.kind == "brand" and post.ticket_id is None:
            post.ticket_id = parent.ticket_id
            books.adopted.append(post)
            _answered(books, post, books.cases[parent.ticket_id])
            _adopt_answers(books, post)


def _too_late(case: Case, post: Post, windows: Windows) -> bool:
    return (
        case.state == "resolved" and case.resolved_at is not None and post.posted_at - case.resolved_at > windows.reopen
    )


def _brought_to(books: Books, post: Post, windows: Windows) -> Case | None:
    """The ticket a post was brought to by name; of one that is over, the last of those that continue it."""
    case = books.cases.get(post.into or "")
    passed: set[str] = set()
    while case is not None and (case.state == "closed" or _too_late(case, post, windows)):
        passed.add(case.id)
        later = [c for c in books.cases.values() if c.follows_id == case.id and c.id not in passed]
        if not later:
            break
        case = max(later, key=lambda c: (c.opened_at, c.id))
    return case


def _case_for(books: Books, post: Post, thread: Thread, windows: Windows) -> Case | None:
    """The customer's ticket this post continues; for a post that addresses nobody only when it answers us or themselves."""
    if post.customer_id is None:
        return None
    mine = [c for c in books.cases_in(thread.id) if c.customer_id == post.customer_id]
    if post.role not in Addressed:
        parent = books.posts.get(post.in_reply_to or "")
        continues = parent is not None and (parent.kind == "brand" or parent.author == post.author)
        return mine[-1] if mine and continues else None
    if mine:
        return mine[-1]
    others = sorted(
        (
            c
            for c in books.cases.values()
            if c.customer_id == post.customer_id and not c.dismissed_into and c.state != "closed"
        ),
        key=lambda c: (c.last_customer_at, c.id),
    )
    if post.lane == "private":
        active = [c for c in others if c.state in ACTIVE]
        recent = [c for c in others if c.state == "resolved" and not _too_late(c, post, windows)]
        fitting = active or recent
        return fitting[-1] if fitting else None
    if post.in_reply_to is None and windows.join:
        close = [c for c in others if c.state in ACTIVE and abs(post.posted_at - c.last_customer_at) <= windows.join]
        return close[-1] if close else None
    return None


def _open(books: Books, post: Post, thread: Thread, *, follows: Case | None) -> Case:
    assert post.customer_id is not None
    case = Case(
        id=new_id("tk"),
        customer_id=post.customer_id,
        conversation_id=thread.id,
        conversations={thread.id},
        state="open",
        opened_at=post.posted_at,
        last_customer_at=post.posted_at,
        follows_id=follows.id if follows else None,
        new=True,
    )
    books.cases[case.id] = case
    books.steps.append(Step("opened", case.id, post))
    return case


def _answered(books: Books, post: Post, case: Case) -> None:
    """The brand answered outside Mentiondesk; when that is the newest word, the ticket waits for the customer."""
    case.touched = True
    case.last_answer_at = max(case.last_answer_at or post.posted_at, post.posted_at)
    books.steps.append(Step("answered", case.id, post))
    if case.state == "open" and post.posted_at >= case.last_customer_at:
        case.state = "waiting"
        books.steps.append(Step("rested", case.id, post, before="open"))
