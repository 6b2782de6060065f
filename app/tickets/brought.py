"""What other systems bring, as posts: who said it, when, in which words; and when it cannot be so."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.core.rows import clean
from app.networks.html import plain
from app.networks.plain import read_plain
from app.networks.port import Author, Inbound, Role
from app.tickets.errors import NothingSaid, SaidInTheFuture, SaidTooLongAgo
from app.tickets.views import Lane

_CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""So far ahead of ours another system's clock may be."""
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as another system tells it."""

    text: str
    said_at: datetime | None = None
    language: str | None = None
    url: str | None = None
    place: str | None = None
    lane: Lane = "private"


def brought_post(
    said: Said, author: Author, role: Role, *, uri: str, received_at: datetime, under: str | None = None
) -> Inbound:
    """The message as a post, known by its uri; `under` is the remote id of what it continues.

    Raises NothingSaid, SaidInTheFuture, SaidTooLongAgo.
    """
    segments = read_plain(said.text)
    if not segments:
        raise NothingSaid(field="text")
    said_at = not_ahead(said.said_at or received_at, received_at, "said_at")
    if said_at < _EARLIEST:
        raise SaidTooLongAgo(field="said_at")
    return Inbound(
        uri=uri,
        remote_id=uri,
        author=author,
        role=role,
        segments=segments,
        text=plain(segments),
        posted_at=said_at,
        visibility="direct" if said.lane == "private" else "public",
        url=said.url,
        in_reply_to=under,
        language=said.language,
        sent_by=clean(said.place) if said.place else None,
    )


def not_ahead(at: datetime, here: datetime, field: str) -> datetime:
    """When it was by our clock: never after now, which is `here`. Raises SaidInTheFuture where clocks cannot differ so much."""
    if at > here + _CLOCKS_DIFFER:
        raise SaidInTheFuture(field=field)
    return min(at, here)
