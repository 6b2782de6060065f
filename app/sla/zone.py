"""From what a wall clock shows in a zone to the one instant in UTC, clock-change nights included."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.core.reason import reason
from app.sla.errors import BadValue

_SECOND = timedelta(seconds=1)


def find_zone(key: str, place: str = "tz") -> ZoneInfo:
    """Answer the IANA zone of that name; BadValue naming the place when the zone database has none."""
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        why = reason("no_such_zone", name=key)
        raise BadValue(place, f"there is no time zone named {key!r}.", why) from None


def day_in(zone: str, at: datetime) -> date:
    """Answer the date a wall calendar in the zone shows at that instant."""
    return at.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=8192)
def instant_of(zone: str, day: date, second: int) -> datetime:
    """Answer the UTC instant at which a clock in the zone shows `second` seconds after midnight of the day.

    A time shown twice means its first showing; a time that is skipped means the moment of the jump, so that
    a window never gets longer than what the wall clock really passes through. Seconds may exceed a day.
    """
    wall = datetime.combine(day, time()) + timedelta(seconds=second)
    tz = ZoneInfo(zone)
    first, second_showing = (wall.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second_showing.utcoffset()
    if before is None or after is None or before >= after:
        return first.astimezone(UTC)
    return _jump_between(tz, (wall - after).replace(tzinfo=UTC), (wall - before).replace(tzinfo=UTC))


def _jump_between(tz: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """Find, to the second, where the offset changes; it has not changed at `early` and has at `late`."""
    old = early.astimezone(tz).utcoffset()
    while late - early > _SECOND:
        middle = early + timedelta(seconds=(late - early) // _SECOND // 2)
        if middle.astimezone(tz).utcoffset() == old:
            early = middle
        else:
            late = middle
    return late
