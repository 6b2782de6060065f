"""Both corridors through every network that can be answered, whatever its kind: each joins by its stage alone."""

import pytest

from app.networks.registry import network
from tests.networks import corridors
from tests.networks.corridors import House, house
from tests.networks.given import needs
from tests.networks.stage import Stage


@pytest.fixture
async def here(database: str, stage: Stage) -> House:
    needs(network(stage.network), "public", "reread")
    return await house(stage)


async def test_a_story_from_mention_to_answer(here: House):
    await corridors.a_story_from_mention_to_answer(here)


@pytest.mark.parametrize(("fault", "after"), [("error", True), ("drop", False)])
async def test_an_answer_lost_on_the_way(here: House, fault: str, after: bool):
    await corridors.an_answer_lost_on_the_way(here, fault, after=after)
