"""tell_posts(): the posts of an open ticket, read in one statement and told ready for JSON, two hundred of them at each opening."""

from bisect import bisect_left
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

from orjson import dumps, loads
from pydantic import TypeAdapter
from sqlalchemy import Select, Text, bindparam, cast, except_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.rows import read_rows
from app.networks.answerable import YES, Answerable
from app.tickets.answerable import answerable_all, answerable_view, can_answer
from app.tickets.models import Message, TicketConversation
from app.tickets.references import reference_in
from app.tickets.views import AuthorView, MediaView, MessageView, VersionView

MOST_MESSAGES: Final = 200
_NONE: Final = "[]"

_DERIVED: Final = {"author", "in_reply_to", "external_reference", "answered_at", "answerable"}
_AS_KEPT: Final = tuple(name for name in MessageView.model_fields if name not in _DERIVED)
_AUTHOR: Final = tuple(AuthorView.model_fields)
_MEDIA: Final = tuple(MediaView.model_fields)
_VIEWS: Final = TypeAdapter(list[MessageView])
_VERSIONS: Final = TypeAdapter(list[VersionView])
_PARSED: Final = ("author", "facts")
_NAMES: Final = (*_AS_KEPT, "in_reply_to", "uri", "remote_id", "account_id", "role", *_PARSED)
_JSON: Final = {"segments", "media", "versions", *_PARSED}
_COLUMNS: Final = [
    cast(getattr(Message, name), Text).label(name) if name in _JSON else getattr(Message, name) for name in _NAMES
]
"""JSON is read as text: most of it says nothing ([] and {}), and of authors there are few, each again in every post."""
_columns_of: Final = attrgetter(*_NAMES)
_as_post: Final[Callable[[Iterable[Any]], Any]] = namedtuple(  # type: ignore[attr-defined]  # noqa: PYI024 - the columns' names
    "_Post", _NAMES
)._make
"""A post as it was read: its columns are asked for by name some 4,000 times a page, for which SQLAlchemy's rows are slow."""


def _thread(*, before: bool) -> Any:
    """Newest first: the ticket's own posts, what stands around them without a ticket, and what they answer.

    Each of the three is found by an index of its own; asked together, with `or`, they would be looked for in all posts.
    None is in two of them, and what the ticket's own posts answer among themselves is not looked for again.
    """
    mine = bindparam("ticket_id", type_=Text())
    threads = select(TicketConversation.conversation_id).where(TicketConversation.ticket_id == mine)
    said = aliased(Message)
    parents: Any = except_(
        select(said.account_id, said.in_reply_to).where(said.ticket_id == mine, said.in_reply_to.is_not(None)),
        select(said.account_id, said.remote_id).where(said.ticket_id == mine),
    )
    posts = select(*_COLUMNS)
    near_by = posts.where(Message.conversation_id.in_(threads))
    own = posts.where(Message.ticket_id == mine)
    around = near_by.where(Message.ticket_id.is_(None))
    answered = near_by.where(
        Message.lane == "public",
        Message.ticket_id != mine,
        tuple_(Message.account_id, Message.remote_id).in_(parents),
    )
    parts = (_newest(part, before=before).subquery().select() for part in (own, around, answered))
    near = union_all(*parts).subquery()
    return select(near).order_by(near.c.posted_at.desc(), near.c.id.desc()).limit(MOST_MESSAGES + 1)


def _newest(part: Select[Any], *, before: bool) -> Select[Any]:
    """As many of these messages as a page can hold, from the newest on or from before a message."""
    if before:
        place = bindparam("before", type_=Text())
        mark = select(Message.posted_at).where(Message.id == place).correlate(None).scalar_subquery()
        part = part.where(tuple_(Message.posted_at, Message.id) < tuple_(mark, place))
    return part.order_by(Message.posted_at.desc(), Message.id.desc()).limit(MOST_MESSAGES + 1)


# Made once: putting them together anew takes as long as reading the posts does.
_NEWEST, _BEFORE = _thread(before=False), _thread(before=True)


async def read_thread(tx: Tx, ticket_id: str, before: str | None) -> tuple[list[Any], bool]:
    """A ticket's newest 200 posts, or the 200 before a message, newest first, and whether there are earlier ones."""
    rows = await read_rows(tx, _NEWEST if before is None else _BEFORE, {"ticket_id": ticket_id, "before": before})
    return _read(rows[:MOST_MESSAGES]), len(rows) > MOST_MESSAGES


def _read(rows: Iterable[Sequence[Any]]) -> list[Any]:
    """Posts of rows; what is said in the same words in many of them is parsed once."""
    known: dict[str, Any] = {}
    for *_, author, facts in rows:
        for said in (author, facts):
            if said not in known:
                known[said] = loads(said)
    return [_as_post((*row[:-2], known[row[-2]], known[row[-1]])) for row in rows]


def answers_to(accounts: Mapping[str, BrandAccount], asking: Sequence[Any]) -> dict[str, Answerable]:
    """Whether and how each of these posts can be answered, asked of the network it was said on; newest first as given."""
    at = now()
    told: dict[str, Answerable] = {}
    for account_id, account in accounts.items():
        said = [m for m in asking if m.account_id == account_id]
        told |= {m.id: answer for m, answer in zip(said, answerable_all(account, said, at), strict=True)}
    return told


def newest_of(posts: Iterable[Any], answers: Mapping[str, Answerable], accounts: Collection[str]) -> Answerable | None:
    """Of the newest post, heard by one of these accounts, that can be answered, else of the newest; null: there is none."""
    own = [answers[m.id] for m in posts if m.id in answers and m.account_id in accounts]
    return next((a for a in own if can_answer(a, "private")), next(iter(own), None))


def message_views(messages: Iterable[Message], ticket_id: str) -> list[MessageView]:
    """Messages as the console shows them, oldest first, which is how they are given."""
    rows = [[_in_a_row(*pair) for pair in zip(_NAMES, _columns_of(m), strict=True)] for m in messages]
    return _VIEWS.validate_python(_told(_read(rows), ticket_id, {}))


def _in_a_row(name: str, value: Any) -> Any:
    return dumps(value).decode() if name in _JSON else value


def tell_posts(newest_first: Sequence[Any], ticket_id: str, answers: Mapping[str, Answerable]) -> list[dict[str, Any]]:
    """Posts ready for JSON as MessageView describes them, oldest first; `answers` is by message id, where it was asked."""
    return _told(newest_first[::-1], ticket_id, answers)


def _told(rows: Sequence[Any], ticket_id: str, answerable: Mapping[str, Answerable]) -> list[dict[str, Any]]:
    by_remote = {m.remote_id: m.id for m in rows}
    answers = [m.posted_at for m in rows if m.kind == "brand" and m.ticket_id == ticket_id and not m.vanished_at]
    return [_shown(m, by_remote, answers if m.ticket_id == ticket_id else (), answerable.get(m.id, YES)) for m in rows]


def _shown(m: Any, by_remote: Mapping[str, str], answers: Sequence[Any], answerable: Answerable) -> dict[str, Any]:
    place = bisect_left(answers, m.posted_at) if m.kind == "customer" else len(answers)
    shown: dict[str, Any] = dict(zip(_AS_KEPT, m, strict=False))
    author = m.author
    shown["author"] = {name: author.get(name) for name in _AUTHOR}
    shown["segments"] = [{"kind": s["kind"], "text": s["text"], "href": s.get("href")} for s in loads(m.segments)]
    shown["media"] = [] if m.media == _NONE else [{name: one.get(name) for name in _MEDIA} for one in loads(m.media)]
    versions = () if m.versions == _NONE else _VERSIONS.validate_json(m.versions)
    shown["versions"] = [one.model_dump() for one in versions]
    shown["in_reply_to"] = by_remote.get(m.in_reply_to or "")
    shown["external_reference"] = reference_in(m.uri)
    shown["answered_at"] = answers[place] if place < len(answers) else None
    shown["answerable"] = None if answerable is YES or answerable == YES else answerable_told(answerable)
    return shown


def answerable_told(answerable: Answerable) -> dict[str, Any]:
    """The adapter's answer ready for JSON."""
    return answerable_view(answerable).model_dump()
