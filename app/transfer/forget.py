"""forget_words(): what a network wants forgotten must not stay in the files of exports that were written before."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import select, text

from app.core.db import Tx
from app.transfer.export_walks import WALKS
from app.transfer.models import Job
from app.transfer.plan import drop_file

FORGOTTEN: Final = "Words in this file may not be kept any more, and it was dropped."
_MESSAGES: Final = [walk.kind for walk in WALKS].index("message")
_HOLDING: Final = text("""
select j.id
  from jobs j
 where j.id = any(:jobs) and exists (
   select from messages m join brand_accounts a on a.id = m.account_id
    where m.id = any(:messages) and (j.brand_ids is null or a.brand_id = any(j.brand_ids))
      and m.created_at <= cast(j.mark->>'until' as timestamptz)
      and (cast(j.mark->>'walk' as integer) > :walk
           or (cast(j.mark->>'walk' as integer) = :walk and m.id <= j.mark->>'after')))
""")


async def forget_words(tx: Tx, message_ids: Collection[str]) -> None:
    """Drop the files that hold these messages, whose words were just erased; an export still under way begins again.

    Two statements, and one more for each file. Call it after the erasing: a stretch that is being written just now read
    the old words, is waited for, and then counts as written.
    """
    # all whose file is there or begun, whatever they hold: only a row that is locked tells how far it is
    begun = select(Job).where(Job.kind == "export", Job.due_at.is_not(None)).order_by(Job.id)
    jobs = {
        job.id: job
        for job in await tx.scalars(begun.with_for_update(key_share=True).execution_options(populate_existing=True))
    }
    if not jobs:
        return
    given = {"jobs": sorted(jobs), "messages": sorted(message_ids), "walk": _MESSAGES}
    for job_id in await tx.scalars(_HOLDING, given):
        job = jobs[job_id]
        await drop_file(tx, job)
        if job.state == "done":
            job.problem, job.expires_at, job.due_at = FORGOTTEN, None, None
        else:
            job.mark, job.pieces, job.size, job.lines = {}, 0, 0, 0
