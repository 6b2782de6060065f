"""write_export(): the next lines of an export into one more piece of its file, packed so that the pieces are one gzip file."""

import zlib
from datetime import datetime
from typing import Final

from sqlalchemy import insert

from app.core import metrics
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import head
from app.transfer.export_walks import MOST, WALKS
from app.transfer.models import Job, JobPiece

_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK: Final = b"\x03\x00"


async def write_export(tx: Tx, job: Job) -> bool:
    """Write the next lines and move the mark, in the caller's transaction; whether the file is whole now.

    What was made after the export began is not in it; what changed since is as it was when its lines were written, a few
    hundred in one statement. A line never leans on one that comes later.
    """
    mark = dict(job.mark) or {
        "walk": 0,
        "after": "",
        "until": now().isoformat(),
        "head": await head(tx),
        "crc": 0,
        "plain": 0,
    }
    walk = WALKS[mark["walk"]]
    given = {"after": mark["after"], "brands": job.brand_ids}
    given |= {"head": mark["head"]} if walk.kind == "fact" else {"until": datetime.fromisoformat(mark["until"])}
    rows = (await tx.execute(walk.statement, given)).all()
    data = "".join(f"{row.line}\n" for row in rows).encode()
    mark["crc"], mark["plain"] = zlib.crc32(data, mark["crc"]), mark["plain"] + len(data)
    if len(rows) == MOST:
        mark["after"] = rows[-1].key
    else:
        mark["walk"], mark["after"] = mark["walk"] + 1, ""
    whole: bool = mark["walk"] == len(WALKS)
    await _add_piece(tx, job, _packed(data, first=job.pieces == 0, end=mark if whole else None))
    job.mark = mark
    job.lines += len(rows)
    metrics.transferred("exported", len(rows))
    return whole


def _packed(data: bytes, *, first: bool, end: dict[str, int] | None) -> bytes:
    """A stretch of a gzip file (RFC 1952): blocks that end at a whole byte, so that stretches follow each other."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
    if end is not None:
        packed += _LAST_BLOCK + end["crc"].to_bytes(4, "little") + (end["plain"] % 2**32).to_bytes(4, "little")
    return _HEADER + packed if first else packed


async def _add_piece(tx: Tx, job: Job, data: bytes) -> None:
    values = {"job_id": job.id, "number": job.pieces, "begins": job.size, "size": len(data), "data": data}
    await tx.execute(insert(JobPiece).values(**values))
    job.pieces += 1
    job.size += len(data)
