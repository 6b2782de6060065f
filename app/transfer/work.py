"""job_due(): do the next stretch of one job, so that a process that dies leaves the job where its last commit left it."""

from datetime import datetime, timedelta
from typing import Final

import sentry_sdk
import structlog
from sqlalchemy.exc import DataError, IntegrityError

from app.agents.models import Agent
from app.core import claim as queue
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import transaction
from app.transfer.models import Job
from app.transfer.plan import drop_file, end
from app.transfer.read_file import read_lines
from app.transfer.read_line import Refusal
from app.transfer.take_lines import take_lines, write_refusals
from app.transfer.write_export import write_export

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=60)
LINES: Final = 500
"""Lines of an import in one transaction."""
MOST_REFUSED: Final = 10_000
"""A file with more refused lines is the wrong file; the import stops."""
KEPT: Final = timedelta(days=7)
"""So long an export can be downloaded."""
_TRIES: Final = 8


async def job_due() -> bool:
    """Do the next stretch of one job; whether there was one."""
    async with transaction() as tx:
        claimed = await queue.claim(tx, Job, lease=LEASE)
    if not claimed:
        return False
    job = claimed[0]
    try:
        async with transaction() as tx:
            mine = await _still_mine(tx, job)
            if mine is not None:
                await _go_on(tx, mine)
    except (DataError, IntegrityError) as problem:
        log.warning("job_line_unkeepable", job_id=job.id, problem=type(problem).__name__)
        await _note_failure(job, in_line=True)
    except Exception as problem:
        log.exception("job_failed", job_id=job.id)
        sentry_sdk.capture_exception(problem)
        await _note_failure(job, in_line=False)
    return True


async def next_job() -> datetime | None:
    """When the next job goes on."""
    async with transaction() as tx:
        return await queue.next_due(tx, Job)


async def _still_mine(tx: Tx, job: Job) -> Job | None:
    """The row, locked, so that nobody takes it meanwhile however long this lasts; none when it was cancelled or another worker has it."""
    mine = await tx.get(Job, job.id, with_for_update=True, populate_existing=True)
    return mine if mine is not None and mine.attempts == job.attempts and mine.due_at is not None else None


async def _go_on(tx: Tx, job: Job) -> None:
    if job.state in {"done", "uploading"}:
        await _drop(tx, job)
        return
    if not await _still_leads(tx, job):
        end(job, "cancelled", "Whoever asked for this may not any more.")
        await drop_file(tx, job)
        return
    job.state, job.due_at, job.lease_until = "running", now(), None
    if job.kind == "export":
        if await write_export(tx, job):
            end(job, "done")
            job.expires_at = job.due_at = now() + KEPT
    else:
        await _import(tx, job)
    job.failures, job.problem = 0, None if job.state == "running" else job.problem


async def _drop(tx: Tx, job: Job) -> None:
    """The time of a file is over: an export was kept for long enough, or an upload was given up."""
    await drop_file(tx, job)
    if job.state == "uploading":
        end(job, "cancelled", "The upload was not finished within a day.")
    job.due_at = job.lease_until = None


async def _still_leads(tx: Tx, job: Job) -> bool:
    agent = await tx.get_one(Agent, job.agent_id)
    return agent.disabled_at is None and (agent.kind == "key" or agent.role == "lead")


async def _import(tx: Tx, job: Job) -> None:
    """One batch; after one that failed, line by line as far as it went."""
    raws = await read_lines(tx, job.id, job.position, 1 if job.position < job.careful else LINES)
    if raws:
        await take_lines(tx, job, raws)
    if job.refused > MOST_REFUSED:
        end(job, "failed", f"More than {MOST_REFUSED} lines were refused; what was taken before stays.")
    elif not raws or job.position >= job.size:
        end(job, "done")
    if job.state != "running":
        await drop_file(tx, job)


async def _note_failure(job: Job, *, in_line: bool) -> None:
    """Nothing of the stretch was kept. Where a line is to blame, it is found and refused; else all is tried again later."""
    async with transaction() as tx:
        mine = await _still_mine(tx, job)
        if mine is None:
            return
        mine.failures += 1
        mine.lease_until = None
        mine.due_at = now() + timedelta(seconds=min(2**mine.failures, 300))
        alone = mine.position < mine.careful
        if mine.kind == "import" and in_line:
            if alone:
                raws = await read_lines(tx, mine.id, mine.position, 1)
                await write_refusals(tx, mine, {mine.lines + 1: Refusal("", "The database cannot hold this line.")})
                mine.position, mine.lines, mine.failures = raws[0].ends, mine.lines + 1, 0
            else:
                raws = await read_lines(tx, mine.id, mine.position, LINES)
                mine.careful = raws[-1].ends
            mine.due_at = now()
            return
        if mine.failures >= _TRIES:
            end(mine, "failed", "This failed again and again; the people who run this have been told.")
            await drop_file(tx, mine)
