"""plan_import(), add_piece(), start_import(), plan_export(), cancel_job(): what people and keys ask of jobs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select

from app.agents.permit import Actor, require
from app.brands.errors import BrandNotFound
from app.brands.models import Brand
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.rows import among, clean
from app.core.settings import settings
from app.core.wake import wake
from app.transfer.errors import (
    FileEmpty,
    FilePacked,
    FileTooLarge,
    JobOver,
    NotUploading,
    PieceDiffers,
    PieceEmpty,
    PieceOutOfTurn,
    TooManyJobs,
)
from app.transfer.models import Job, JobPiece
from app.transfer.queries import find_job, job_view
from app.transfer.views import JobView

PIECE: Final = 1_000_000
"""Bytes of one uploaded piece at most."""
_UPLOAD_LASTS: Final = timedelta(days=1)
_MOST_AT_ONCE: Final = 20
_UNDER_WAY: Final = ("uploading", "queued", "running")
_PACKED: Final = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd")


async def plan_import(tx: Tx, actor: Actor, *, name: str, brand_id: str | None) -> JobView:
    """Begin an import whose file is to come, into one brand or, for who leads all of them, into those its lines name.

    Raises NotAllowed, BrandHidden, BrandNotFound, TooManyJobs.
    """
    require(actor, "transfer" if brand_id is not None else "transfer_all", brand_id)
    if brand_id is not None:
        await _check_brands(tx, [brand_id])
    return await _plan(tx, actor, "import", "uploading", name, brand_id=brand_id)


async def plan_export(tx: Tx, actor: Actor, *, brand_ids: Sequence[str] | None) -> JobView:
    """Have everything written down that the actor leads: these brands, or all of the actor's.

    Raises NotAllowed, BrandHidden, BrandNotFound, TooManyJobs.
    """
    require(actor, "transfer")
    wanted = list(brand_ids) if brand_ids is not None else None
    if wanted is None and not actor.lead:
        wanted = sorted(actor.brand_ids)
    for brand_id in wanted or ():
        require(actor, "transfer", brand_id)
    if wanted is not None:
        await _check_brands(tx, wanted)
    name = f"mentiondesk-{now():%Y-%m-%d-%H%M}.jsonl.gz"
    return await _plan(tx, actor, "export", "queued", name, brand_ids=wanted)


async def _check_brands(tx: Tx, brand_ids: Sequence[str]) -> None:
    known = set(await tx.scalars(select(Brand.id).where(among(Brand.id, sorted(brand_ids)))))
    if known != set(brand_ids):
        raise BrandNotFound


async def _plan(
    tx: Tx,
    actor: Actor,
    kind: str,
    state: str,
    name: str,
    *,
    brand_id: str | None = None,
    brand_ids: list[str] | None = None,
) -> JobView:
    under_way = select(func.count()).select_from(Job).where(Job.state.in_(_UNDER_WAY))
    if (await tx.scalar(under_way) or 0) >= _MOST_AT_ONCE:
        raise TooManyJobs
    job = Job(
        id=new_id("jb"),
        kind=kind,
        state=state,
        agent_id=actor.agent_id,
        brand_id=brand_id,
        brand_ids=brand_ids,
        name=clean(name),
        due_at=now() + _UPLOAD_LASTS if state == "uploading" else now(),
        mark={},
    )
    tx.add(job)
    await tx.flush()
    await wake(tx, "jobs")
    return job_view(job)


async def add_piece(tx: Tx, actor: Actor, job_id: str, number: int, data: bytes) -> JobView:
    """Take the next piece of a file; the same piece again changes nothing.

    Raises JobNotFound, NotUploading, PieceEmpty, PieceOutOfTurn, PieceDiffers, FileTooLarge, FilePacked.
    """
    require(actor, "transfer")
    job = await find_job(tx, actor, job_id, lock=True)
    if job.state != "uploading":
        raise NotUploading
    if not 1 <= len(data) <= PIECE:
        raise PieceEmpty
    if number < job.pieces:
        if await tx.scalar(select(JobPiece.data).filter_by(job_id=job_id, number=number)) != data:
            raise PieceDiffers
        return job_view(job)
    if number > job.pieces:
        raise PieceOutOfTurn(next=job.pieces)
    if job.size + len(data) > settings().import_bytes:
        raise FileTooLarge
    if number == 0 and data.startswith(_PACKED):
        raise FilePacked
    values = {"job_id": job_id, "number": number, "begins": job.size, "size": len(data), "data": data}
    await tx.execute(insert(JobPiece).values(**values))
    job.pieces += 1
    job.size += len(data)
    job.due_at = now() + _UPLOAD_LASTS
    return job_view(job)


async def start_import(tx: Tx, actor: Actor, job_id: str) -> JobView:
    """The file is whole: let a worker begin. Raises JobNotFound, NotUploading, FileEmpty."""
    require(actor, "transfer")
    job = await find_job(tx, actor, job_id, lock=True)
    if job.state != "uploading":
        raise NotUploading
    if job.size == 0:
        raise FileEmpty
    job.state, job.due_at = "queued", now()
    await wake(tx, "jobs")
    return job_view(job)


async def cancel_job(tx: Tx, actor: Actor, job_id: str) -> JobView:
    """Stop where it is; what an import has brought stays. Raises JobNotFound, JobOver."""
    require(actor, "transfer")
    job = await find_job(tx, actor, job_id, lock=True)
    if job.state not in _UNDER_WAY:
        raise JobOver
    end(job, "cancelled")
    await drop_file(tx, job)
    return job_view(job)


def end(job: Job, state: str, problem: str | None = None) -> None:
    """Nothing more is to be done for a job."""
    job.state, job.problem, job.finished_at = state, problem, now()
    job.due_at = job.lease_until = None
    job.attempts += 1  # whoever still works on it is late


async def drop_file(tx: Tx, job: Job) -> None:
    """The job's file is of no more use."""
    await tx.execute(delete(JobPiece).where(JobPiece.job_id == job.id))
