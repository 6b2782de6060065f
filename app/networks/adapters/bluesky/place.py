"""How far an account has been read, as the text of its cursor: notifications by time and by name, messages by their log; pure.

The network tells the newest first and files late, so a time alone is no cursor: `known` names what was handed over.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from app.networks.foreign import identifier, member, moment, plausible, raw, words

LATE: Final = timedelta(minutes=15)
"""So much later than others a notification may be filed."""
MOST_KNOWN: Final = 1_000
"""As many as one walk looks at. When more come within LATE, only so many of the newest can still be told from new ones."""


@dataclass(frozen=True, slots=True)
class Note:
    """A notification as it came, when it was filed, and a short name that is only its own."""

    name: str
    at: datetime
    content: Any


@dataclass(frozen=True, slots=True)
class Place:
    """What was read: all from `born` (None: the beginning) to `mark`, of which `known` are named; none below `low` is new.

    While more than one walk lies between, `gap` is the network's own cursor in it; at its end what `top` and `fresh`
    say becomes true. `log` and `looked` are the same for private messages.
    """

    born: datetime | None = None
    low: datetime | None = None
    mark: datetime | None = None
    known: tuple[str, ...] = ()
    gap: str | None = None
    top: datetime | None = None
    fresh: tuple[str, ...] = ()
    fresh_low: datetime | None = None
    log: str | None = None
    looked: datetime | None = None

    def floor(self) -> datetime | None:
        """Down to where a walk has to go."""
        late = self.mark - LATE if self.mark is not None else None
        return max((one for one in (self.born, self.low, late) if one is not None), default=None)

    def is_new(self, note: Note) -> bool:
        """Whether this was not handed over yet."""
        if note.name in self.known:
            return False
        return all(note.at >= bound for bound in (self.born, self.low) if bound is not None)

    def write(self) -> str:
        """The cursor."""
        moments = {"b": self.born, "l": self.low, "m": self.mark, "t": self.top, "fl": self.fresh_low, "k": self.looked}
        said: dict[str, Any] = {name: at.isoformat() for name, at in moments.items() if at is not None}
        texts = {"n": " ".join(self.known), "f": " ".join(self.fresh), "g": self.gap, "c": self.log}
        return json.dumps(said | {name: text for name, text in texts.items() if text}, separators=(",", ":"))


def read_place(cursor: str) -> Place:
    """The place behind a cursor; one that cannot be read is the beginning: all there is comes once more."""
    try:
        said = json.loads(cursor)
    except (ValueError, RecursionError):
        said = None
    return Place(
        born=moment(member(said, "b")),
        low=moment(member(said, "l")),
        mark=moment(member(said, "m")),
        known=_names(member(said, "n")),
        gap=identifier(member(said, "g")),
        top=moment(member(said, "t")),
        fresh=_names(member(said, "f")),
        fresh_low=moment(member(said, "fl")),
        log=identifier(member(said, "c")),
        looked=moment(member(said, "k")),
    )


def to_note(notification: Any, now: datetime, instead: datetime | None = None) -> Note:
    """A notification with its name; `instead` is its time when it tells none that can be."""
    uri, reason = identifier(member(notification, "uri")), words(member(notification, "reason"), 60)
    named = f"{uri} {reason}" if uri else raw(notification)
    name = blake2b(named.encode(), digest_size=6).hexdigest()
    told = moment(member(notification, "indexedAt"))
    return Note(name, plausible(told, now + LATE, instead or now), notification)


def _names(said: Any) -> tuple[str, ...]:
    return tuple(said.split()[:MOST_KNOWN]) if isinstance(said, str) else ()
