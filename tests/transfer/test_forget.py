"""What a network wants forgotten leaves the files of exports too: those that hold it, and no others."""

import asyncio
import gzip
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from app.core.clock import now
from app.core.transaction import transaction
from app.tickets.models import Message
from app.tickets.vanish import vanish_messages
from app.transfer.errors import NoFile
from app.transfer.models import Job
from app.transfer.plan import plan_export
from app.transfer.queries import file_of, one_job, read_bytes
from app.transfer.views import JobView
from app.transfer.work import job_due
from app.transfer.write_export import write_export
from tests.given import Desk, a_desk, a_lean_account, a_second_brand, somebody_waits, take_in
from tests.lean import Lean, a_post
from tests.transfer.given import finish, rows

SAID = "@acme my number is 4711"
THEN = datetime(2026, 3, 4, tzinfo=UTC)


async def planned(desk: Desk, brand_ids: list[str] | None = None) -> str:
    async with transaction() as tx:
        return (await plan_export(tx, desk.lead, brand_ids=brand_ids)).id


async def now_is(desk: Desk, job_id: str) -> JobView:
    async with transaction() as tx:
        return await one_job(tx, desk.lead, job_id)


async def file(desk: Desk, job_id: str) -> str:
    async with transaction() as tx:
        size = (await file_of(tx, desk.lead, job_id)).size
    return gzip.decompress(b"".join([part async for part in read_bytes(job_id, 0, size - 1)])).decode()


async def deleted(desk: Desk) -> None:
    """The author deletes what was said."""
    async with transaction() as tx:
        gone = list(await tx.scalars(select(Message.id).where(Message.text == SAID)))
        await vanish_messages(tx, desk.brand_id, gone, why="deleted", at=now())


async def test_files_that_hold_what_is_to_be_forgotten_are_dropped_and_the_others_stay(
    database: str, lean: Lean
) -> None:
    lean.can |= {"forget"}
    desk = await a_desk()
    zeta = await a_second_brand(desk)
    account = await a_lean_account(desk)
    before, other = await planned(desk), await planned(desk, [zeta.brand_id])
    await finish(desk.lead, before)
    await finish(desk.lead, other)
    # context, which is in no ticket, is forgotten likewise
    await take_in(account.id, a_post("a", "nora", THEN, SAID, role="other"), a_post("b", "nora", THEN, under="a"))
    holding = await planned(desk, [desk.brand_id])
    await finish(desk.lead, holding)
    assert "4711" in await file(desk, holding)
    await deleted(desk)

    job = await now_is(desk, holding)
    assert (job.state, job.problem_code, job.expires_at) == ("done", "words_erased", None)
    with pytest.raises(NoFile):
        await file(desk, holding)
    async with transaction() as tx:
        assert not await tx.scalar(text("select count(*) from job_pieces where job_id = :id"), {"id": holding})
    for kept in (before, other):
        assert (await now_is(desk, kept)).problem is None
        assert await file(desk, kept)
    assert not await job_due()


async def test_evidence_may_stay_in_files_where_the_network_does_not_ask_for_more(database: str, lean: Lean) -> None:
    desk = await a_desk()
    account = await a_lean_account(desk)
    await take_in(account.id, a_post("a", "nora", THEN, SAID))
    done = await planned(desk)
    await finish(desk.lead, done)
    await deleted(desk)
    assert "4711" in await file(desk, done)


async def test_an_export_that_writes_what_is_just_being_erased_begins_again(database: str, lean: Lean) -> None:
    lean.can |= {"forget"}
    desk = await a_desk()
    account = await a_lean_account(desk)
    await take_in(account.id, a_post("a", "nora", THEN, SAID))
    job_id = await planned(desk)
    for _ in range(6):
        assert await job_due()
    async with transaction() as tx:
        job = await tx.get_one(Job, job_id, with_for_update=True)
        while job.mark["walk"] <= 7:  # with the posts, and not committed yet
            await write_export(tx, job)
        erasing = asyncio.create_task(deleted(desk))
        async with asyncio.timeout(10):
            while not await somebody_waits():
                assert not erasing.done()
    await erasing
    assert (await now_is(desk, job_id)).pieces == await rows("job_pieces") == 0
    done = await finish(desk.lead, job_id)
    assert (done.state, done.problem) == ("done", None)
    plain = await file(desk, job_id)
    assert plain.count("\n") == done.lines
    assert '"uri": "https://lean.example/posts/a"' in plain
    assert "4711" not in plain
