"""Time bent for tests, inside the product's own processes: shorter waits, and a machine's clock that jumps."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import uuid_utils

from app.core import clock, ids
from app.ingest import line, poll, reread
from app.replies import backoff, deliver


def quicken(pace: float) -> None:
    """Shorten what a death makes others wait for - leases, and the grace for looking - all alike."""
    for module, names in (
        (deliver, ("LEASE", "PREPARE_LEASE", "_TIME_TO_ASK")),
        (backoff, ("GRACE", "LOOK_SOON", "FIRST", "LONGEST")),
        (poll, ("LEASE",)),
        (reread, ("LEASE",)),
        (line, ("LEASE", "_FIRST_PAUSE", "_LONGEST_PAUSE")),
    ):
        for name in names:
            setattr(module, name, getattr(module, name) * pace)
    line._LOOK_SECONDS *= pace  # type: ignore[misc]


def follow_clock(path: Path) -> None:
    """Let the process live on a machine whose clock is ahead by as many seconds as the file says, at every look."""

    def ahead() -> timedelta:
        return timedelta(seconds=float(path.read_text() or "0"))

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + ahead()

    def uuid7(*, nanoseconds: int | None = None) -> uuid_utils.UUID:
        if nanoseconds is None:
            nanoseconds = int(Jumping.now().timestamp() * 1_000_000) * 1000
        return uuid_utils.uuid7(nanoseconds=nanoseconds)

    clock.datetime = Jumping  # type: ignore[misc]
    ids.uuid7 = uuid7  # type: ignore[assignment]
