"""Rates: how many requests a key may still make this minute, exact over all processes and cheap in each.

A process takes requests from the minute's row a portion at a time, a twentieth of what the key may, and gives them out
itself: together the processes never allow more than the key's rate in a minute of the clock. What a process took and did
not need is lost to the others until the minute is over, which is one portion a process at most.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from app.core.clock import now
from app.core.db import Tx

MINUTE: Final = timedelta(minutes=1)
_PORTIONS: Final = 20
_MOST_KEYS: Final = 1_000
"""Keys a process remembers; then it begins anew, which costs a statement each."""

# A minute that lies far ahead is of a clock that was set back.
_TAKE: Final = text("""
insert into key_minutes as m (key_id, minute, taken) values (:key, :minute, :portion)
    on conflict (key_id) do update set
       taken = :portion + case when excluded.minute > m.minute or m.minute > excluded.minute + interval '2 minutes'
                               then 0 else m.taken end,
       minute = case when m.minute > excluded.minute + interval '2 minutes' then excluded.minute
                     else greatest(m.minute, excluded.minute) end
returning taken
""")
_USED: Final = text("""
update access_keys set last_used_at = :at
 where id = :key and (last_used_at is null or last_used_at < :minute or last_used_at > :at + interval '2 minutes')
""")


@dataclass(slots=True)
class Standing:
    """How a key stands in this process: what it may in a minute, what all have taken, what this process still has."""

    limit: int
    minute: datetime
    taken: int = 0
    left: int = 0

    @property
    def remaining(self) -> int:
        """How many more requests this minute allows, as far as this process knows."""
        return self.left + max(self.limit - self.taken, 0)

    @property
    def spent(self) -> bool:
        """Whether nothing is left of this minute anywhere."""
        return self.remaining == 0

    def give(self) -> bool:
        """Take one of what this process has; false when that is nothing."""
        if self.left == 0:
            return False
        self.left -= 1
        return True

    def resets_in(self) -> int:
        """Whole seconds until the next minute begins, at least one."""
        return max(1, -int(-(self.minute + MINUTE - now()).total_seconds() // 1))


class Rates:
    """What this process knows of the keys that asked it lately, by their fingerprints."""

    def __init__(self) -> None:
        """Begin without having seen any."""
        self._standing: dict[str, Standing] = {}

    def known(self, fingerprint: str) -> Standing | None:
        """The key's standing in the present minute, if this process has one."""
        found = self._standing.get(fingerprint)
        return found if found is not None and found.minute == _minute() else None

    def give(self, fingerprint: str) -> Standing | None:
        """Take one request of what this process still has of the key's minute; null when that is nothing."""
        standing = self.known(fingerprint)
        return standing if standing is not None and standing.give() else None

    async def take(self, tx: Tx, fingerprint: str, key_id: str, limit: int) -> Standing | None:
        """Take one request of the key's minute; null when nothing is left. Commit before the request is carried out."""
        standing = self.known(fingerprint)
        if standing is None:
            standing = await self._begin(tx, fingerprint, key_id, limit)
        if standing.left == 0 and standing.taken < limit:
            await self._fetch(tx, key_id, standing)
        return standing if standing.give() else None

    async def _begin(self, tx: Tx, fingerprint: str, key_id: str, limit: int) -> Standing:
        if len(self._standing) >= _MOST_KEYS:
            self._standing.clear()
        self._standing[fingerprint] = begun = Standing(limit, _minute())
        await tx.execute(_USED, {"key": key_id, "at": now(), "minute": begun.minute})
        return begun

    async def _fetch(self, tx: Tx, key_id: str, standing: Standing) -> None:
        portion = max(1, standing.limit // _PORTIONS)
        taken = await tx.scalar(_TAKE, {"key": key_id, "minute": standing.minute, "portion": portion})
        assert taken is not None
        standing.left += max(0, min(portion, standing.limit - (taken - portion)))
        standing.taken = max(standing.taken, taken)


def _minute() -> datetime:
    return now().replace(second=0, microsecond=0)
