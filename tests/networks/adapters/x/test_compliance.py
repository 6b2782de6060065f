"""What was deleted on X, by its compliance jobs: left to the app's token, gone on with later, and never guessed."""

from dataclasses import replace

import pytest

from app.networks import errors
from app.networks.adapters.x.compliance import to_deleted
from tests.networks.adapters.x.conftest import Desk


async def test_a_job_takes_a_while_costs_nothing_and_is_asked_about_posts_alone(desk: Desk):
    post, cursor = await desk.asked(), await desk.cursor()
    desk.stage.delete(post.remote_id)
    desk.used()
    desk.stage.world.jobs_end_as = "in_progress"
    begun = await desk.x.vanished(desk.account, [post.remote_id, "dm-12-3-4"], None)
    assert begun.job is not None
    assert desk.stage.world.jobs[begun.job] == [post.remote_id]
    still = await desk.x.vanished(desk.account, (), begun.job)
    assert (still.job, still.gone) == (begun.job, frozenset())
    desk.stage.world.jobs_end_as = "complete"
    assert (await desk.x.vanished(desk.account, (), begun.job)).gone == {post.remote_id}
    assert desk.used() == {}
    assert (await desk.x.vanished(desk.account, ["dm-12-3-4"], None)).job is None
    assert await desk.new(cursor) == ()


@pytest.mark.parametrize("end", ["failed", "expired"])
async def test_a_job_that_came_to_nothing_is_said(desk: Desk, end: str):
    begun = await desk.x.vanished(desk.account, ["1"], None)
    desk.stage.world.jobs_end_as = end
    with pytest.raises(errors.Rejected, match=end):
        await desk.x.vanished(desk.account, (), begun.job)
    with pytest.raises((errors.Rejected, errors.Gone)):
        await desk.x.vanished(desk.account, (), "404")


async def test_without_the_apps_token_nothing_is_asked(desk: Desk):
    bare = replace(desk.account, credentials={**desk.account.credentials, "bearer": ""})
    assert desk.x.checks(bare) == 0


def test_only_what_is_to_be_deleted_is_read_from_an_answer():
    lines = [
        b'{"id": "1", "action": "delete", "reason": "suspended"}',
        b'{"id": "2", "action": "scrub_geo"}',
        b'{"id": 3, "action": "delete"}',
        b"[" * 100_000,
        b"",
        b"null",
        b"\xff",
    ]
    assert to_deleted(b"\n".join(lines)) - {"3"} == {"1"}
