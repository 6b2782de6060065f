"""Whether and how a post can be answered on its network: the question the house asks, and an adapter's answer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from app.core.value import value

How = Literal["yes", "private_only", "by_hand", "no"]
"""From here; from here but only in private; only by a person on the network itself; not at all."""


@value(frozen=True, slots=True)
class Asked:
    """A post of our books that somebody would answer, as the adapter once handed it over."""

    remote_id: str
    author_remote_id: str
    role: str
    visibility: str
    posted_at: datetime
    url: str | None = None
    vanished: bool = False
    facts: dict[str, Any] = field(default_factory=dict)  # Inbound.facts of this post, as last read
    lane: Literal["public", "private"] | None = None
    """How it would be answered, where a network has other rules for each; None: in any way at all."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """How a post can be answered now; `why` names the network's word, "answer.<network>.<key>", or one of the house, "answer.vanished"."""

    how: How = "yes"
    why: str | None = None
    until: datetime | None = None  # UTC; from then on it is different
    url: str | None = None  # where a person goes to answer by hand
    notes: tuple[str, ...] = ()  # names of words, said beside a yes


YES = Answerable()
