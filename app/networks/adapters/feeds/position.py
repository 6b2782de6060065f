"""Where we are in a feed: validators, what we know of its items, and its manners; the text of the cursor."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from app.networks.foreign import member, words

_MOST_KNOWN: Final = 2_000


def short(known_as: str) -> str:
    """An identity as the cursor keeps it: 16 letters."""
    return hashlib.sha256(known_as.encode()).hexdigest()[:16]


@dataclass(slots=True)
class Position:
    """What the next question needs; `known` maps an item's identity (short) to what it said (fingerprint)."""

    etag: str | None = None
    modified: str | None = None
    body: str | None = None  # SHA-256 of the newest body that was taken in whole
    known: dict[str, str] = field(default_factory=dict)
    moved: str | None = None  # where permanent redirects lead
    moves: int = 0  # how often in a row
    url: str | None = None  # used instead of the connected address, after three permanent redirects
    hub: str | None = None  # the hub that is asked to tell us of news
    leased: float = 0.0  # until when it promised to, seconds since 1970; 0 when it did not
    hub_at: float = 0.0  # before this time it is not asked again, seconds since 1970

    def text(self) -> str:
        """As the cursor is stored."""
        self.known = dict(list(self.known.items())[-_MOST_KNOWN:])
        return json.dumps({name: value for name, value in asdict(self).items() if value}, separators=(",", ":"))


def position(cursor: str | None) -> Position:
    """Read a cursor of ours."""
    try:
        kept: Any = json.loads(cursor or "{}")
    except ValueError:
        kept = {}
    known = member(kept, "known")
    moves = member(kept, "moves")
    return Position(
        etag=words(member(kept, "etag"), 1_000),
        modified=words(member(kept, "modified"), 200),
        body=words(member(kept, "body"), 64),
        known={str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {},
        moved=words(member(kept, "moved"), 4_000),
        moves=moves if isinstance(moves, int) else 0,
        url=words(member(kept, "url"), 4_000),
        hub=words(member(kept, "hub"), 4_000),
        leased=_seconds(member(kept, "leased")),
        hub_at=_seconds(member(kept, "hub_at")),
    )


def _seconds(said: Any) -> float:
    return said if isinstance(said, int | float) else 0.0
