"""Jobs, their reports and their files read back."""

from collections.abc import AsyncIterator

from sqlalchemy import select

from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import glance
from app.transfer.errors import JobNotFound, NoFile
from app.transfer.models import Job, JobPiece, JobRefusal
from app.transfer.reasons import code_of
from app.transfer.views import JobsView, JobView, RefusalsView, RefusalView

_PAGE = 50
_REFUSALS = 200


def job_view(job: Job) -> JobView:
    """A job as it is now."""
    kept = {name: getattr(job, name) for name in JobView.model_fields if name != "problem_code"}
    return JobView.model_validate(kept | {"problem_code": code_of(job.problem)})


async def find_job(tx: Tx, actor: Actor, job_id: str, *, lock: bool = False) -> Job:
    """A job of the actor's, or, for who leads every brand, of anybody's. Raises NotAllowed, JobNotFound."""
    require(actor, "transfer")
    query = select(Job).where(Job.id == job_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    job = await tx.scalar(query)
    if job is None or not (actor.lead or job.agent_id == actor.agent_id):
        raise JobNotFound
    return job


async def one_job(tx: Tx, actor: Actor, job_id: str) -> JobView:
    """How far a job is. Raises NotAllowed, JobNotFound."""
    return job_view(await find_job(tx, actor, job_id))


async def jobs(tx: Tx, actor: Actor, before: str | None) -> JobsView:
    """A page of jobs, the newest first."""
    require(actor, "transfer")
    query = select(Job).order_by(Job.id.desc()).limit(_PAGE + 1)
    if not actor.lead:
        query = query.where(Job.agent_id == actor.agent_id)
    if before is not None:
        query = query.where(Job.id < before)
    found = list(await tx.scalars(query))
    more = len(found) > _PAGE
    return JobsView(items=[job_view(job) for job in found[:_PAGE]], next=found[_PAGE - 1].id if more else None)


async def refusals(tx: Tx, actor: Actor, job_id: str, after: int) -> RefusalsView:
    """A page of the lines a job refused, after this one. Raises NotAllowed, JobNotFound."""
    await find_job(tx, actor, job_id)
    query = select(JobRefusal).where(JobRefusal.job_id == job_id, JobRefusal.line > after)
    found = list(await tx.scalars(query.order_by(JobRefusal.line).limit(_REFUSALS + 1)))
    items = [
        RefusalView(line=one.line, place=one.place, reason=one.reason, code=code_of(one.reason))
        for one in found[:_REFUSALS]
    ]
    return RefusalsView(items=items, next=items[-1].line if len(found) > _REFUSALS else None)


async def file_of(tx: Tx, actor: Actor, job_id: str) -> JobView:
    """An export whose file can be read. Raises NotAllowed, JobNotFound, NoFile."""
    job = await find_job(tx, actor, job_id)
    if job.kind != "export" or job.state != "done" or job.expires_at is None or job.expires_at <= now():
        raise NoFile
    return job_view(job)


async def read_bytes(job_id: str, first: int, last: int) -> AsyncIterator[bytes]:
    """The bytes of a job's file from `first` to `last`, both with it, a piece at a time and no transaction in between."""
    at = first
    while at <= last:
        piece = select(JobPiece.begins, JobPiece.data).where(
            JobPiece.job_id == job_id, JobPiece.begins <= at, JobPiece.begins + JobPiece.size > at
        )
        async with glance() as tx:
            row = (await tx.execute(piece)).one_or_none()
        if row is None:
            return  # dropped while it was read: the answer ends short of its length, and the client notices
        part = row.data[at - row.begins : last + 1 - row.begins]
        at += len(part)
        yield part
