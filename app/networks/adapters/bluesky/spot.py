"""Where a page of notifications ended, so that the next one begins there and misses none of the same millisecond; pure.

The network's cursor is the time of the last one told, and the next page is strictly below it: what shares that
millisecond would be left out. So a millisecond more is asked for, and what was handed over of it is known by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta
from typing import Final

from app.networks.adapters.bluesky.place import Note
from app.networks.foreign import moment

_STEP: Final = timedelta(milliseconds=1)
_MOST_NAMED: Final = 120
"""A page's worth and more; as a text they fit into what is read of a cursor."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The network's own cursor, and what was handed over of its very instant."""

    cursor: str
    named: tuple[str, ...] = ()

    def at(self) -> datetime | None:
        """When the page ended, where the cursor is a time."""
        return _instant(self.cursor)

    def asked(self) -> str:
        """What to ask with: one millisecond more where the cursor is a time."""
        at = _instant(self.cursor)
        return _written(at + _STEP) if at is not None else self.cursor

    def after(self, handed: Sequence[Note]) -> "Spot":
        """The same with the names of those that share its instant; as it is when none of them is new."""
        at = _instant(self.cursor)
        named = dict.fromkeys((*self.named, *(note.name for note in handed if note.at == at)))
        return Spot(self.cursor, tuple(named)[:_MOST_NAMED])

    def write(self) -> str:
        """As a text."""
        return " ".join((self.cursor, *self.named))


def read_spot(text: str) -> Spot:
    """The spot behind a text; one that is the network's own cursor alone is one too."""
    cursor, *named = text.split(" ")
    return Spot(cursor, tuple(named[:_MOST_NAMED])) if _instant(cursor) is not None else Spot(text)


def _instant(cursor: str) -> datetime | None:
    """The time that a cursor is; None unless it is written just as the network writes times."""
    at = moment(cursor)
    return at if at is not None and at.year < MAXYEAR and _written(at) == cursor else None


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
