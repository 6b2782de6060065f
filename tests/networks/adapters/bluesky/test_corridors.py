"""What only happens in the corridors of Bluesky: its private words, its closed doors, its sessions; and a worker that dies."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.transaction import transaction
from app.replies.deliver import deliver_due
from app.replies.models import Reply
from tests.given import hear
from tests.networks.adapters.bluesky.stage import BlueskyStage
from tests.networks.corridors import House, house


@pytest.fixture(scope="module")
def stage() -> Iterator[BlueskyStage]:
    with BlueskyStage() as made:
        yield made


@pytest.fixture
async def here(database: str, stage: BlueskyStage) -> House:
    return await house(stage)


@pytest.mark.parametrize("after", [True, False])
async def test_a_worker_that_dies_around_the_writing_leaves_one_post(here: House, after: bool):
    here.stage.post("nora", "@acme it is down")
    await hear()
    here.stage.break_publish("hang", after=after)
    await here.send("Exactly once")
    async with transaction() as tx:
        await tx.execute(update(Reply).values(due_at=now()))
    dying: asyncio.Task[Any] = asyncio.create_task(deliver_due())
    while not here.stage.is_hanging():
        assert not dying.done()
        await asyncio.sleep(0.01)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert (await here.replies())[0].state == "sending"
    await here.deliver()
    assert [one.state for one in await here.replies()] == ["sent"]
    assert [one["text"] for one in here.stage.posts_of_brand()] == ["Exactly once"]


@pytest.mark.parametrize("lost_after", [True, False])
async def test_private_words_join_the_ticket_and_are_answered_in_private_once(here: House, lost_after: bool):
    here.stage.post("nora", "@acme help")
    await hear()
    here.stage.post("nora", "my address is ...", visibility="direct")
    await hear()
    assert (await here.card()).lane == "private"
    here.stage.break_publish("drop", after=lost_after)
    await here.send("Thank you", lane="private")
    await here.deliver()
    assert [one.state for one in await here.replies()] == ["sent"]
    assert [(one["text"], one["visibility"]) for one in here.stage.posts_of_brand()] == [("Thank you", "direct")]
    here.stage.post("nora", "and?", visibility="direct")
    await hear()
    story = await here.story()
    assert [m.text for m in story.messages] == ["@acme help", "my address is ...", "Thank you", "and?"]
    assert (await here.card()).waiting == 1


async def test_an_author_who_takes_no_replies_is_known_before_anybody_types(here: House):
    asked = here.stage.post("nora", "@acme it is down")
    await hear()
    here.stage.gate(asked)
    await here.reread()
    with pytest.raises(Exception, match="private") as refused:
        await here.send("On it")
    assert type(refused.value).__name__ == "AnswerInPrivate"
    assert here.stage.posts_of_brand() == []


async def test_a_session_that_ends_is_renewed_and_kept(here: House):
    here.stage.post("nora", "@acme it is down")
    here.stage.expire()
    await hear()
    assert len(await here.cards()) == 1
