"""read_lines(): the next lines of an uploaded file from a byte on, however its pieces were cut."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from app.core.db import Tx
from app.transfer.read_line import LONGEST

_STRETCH: Final = 256_000
_MOST_BYTES: Final = 2_000_000

# substring() of bytes counts from 1
_READ: Final = text("""
select substring(data from cast(:at - begins + 1 as integer) for :want)
  from job_pieces where job_id = :job and begins <= :at and begins + size > :at
""")


@dataclass(frozen=True, slots=True)
class Raw:
    """A line without its end, null when it is too long to be read, and the byte at which the next one begins."""

    data: bytes | None
    ends: int


async def read_lines(tx: Tx, job_id: str, position: int, most: int) -> list[Raw]:
    """At most so many lines after this byte, fewer when they are long; none at the end. Holds 3 MB at most."""
    lines: list[Raw] = []
    rest, too_long, at, began = bytearray(), False, position, position
    while not lines or (len(lines) < most and at - began < _MOST_BYTES):
        stretch = await tx.scalar(_READ, {"job": job_id, "at": at, "want": _STRETCH})
        if not stretch:
            if rest or too_long:
                lines.append(Raw(None if too_long else bytes(rest), at))
            break
        *whole, last = bytes(stretch).split(b"\n")
        for part in whole:
            at += len(part) + 1
            rest += part
            lines.append(Raw(None if too_long or len(rest) > LONGEST else bytes(rest), at))
            rest, too_long = bytearray(), False
            if len(lines) == most:
                return lines
        at += len(last)
        rest += last
        if len(rest) > LONGEST:
            rest, too_long = bytearray(), True
    return lines
