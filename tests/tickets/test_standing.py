"""A new ticket's row is written with what its messages say: recomputing it changes nothing."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, text

from app.core.transaction import transaction
from app.tickets.models import Ticket
from app.tickets.standing import refresh_standing
from tests.conftest import lean_network
from tests.tickets.conftest import Heard
from tests.tickets.talk import Arrival, arrivals
from tests.tickets.test_thread import arrive
from tests.world import World


async def rows() -> dict[str, dict[str, Any]]:
    async with transaction() as tx:
        found = await tx.execute(text("select to_jsonb(t) - 'revision' as row, t.id from tickets t"))
        return {row.id: row.row for row in found}


async def assert_recomputing_changes_nothing() -> None:
    before = await rows()
    assert before
    async with transaction() as tx:
        await refresh_standing(tx, set(await tx.scalars(select(Ticket.id))))
    assert await rows() == before


async def _arrive(arrival: Arrival) -> None:
    await arrive(arrival.pages)
    if await rows():
        await assert_recomputing_changes_nothing()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrival=arrivals())
def test_whatever_arrives_in_whatever_pages(world: World, arrival: Arrival) -> None:
    with world.example(), lean_network():
        world.run(_arrive(arrival))


async def test_a_page_with_several_messages_and_answers_of_ours(heard: Heard) -> None:
    await heard.hear(
        heard.post("a", at=1, text="@acme " + "long " * 100),
        heard.post("ours", "acme", at=2, under="a"),
        heard.post("b", at=3, under="ours"),
        heard.post("c", at=4, under="b"),
        heard.post("d", "omar", at=5),
    )
    await assert_recomputing_changes_nothing()
    waiting = sorted(row["waiting"] for row in (await rows()).values())
    assert waiting == [1, 2]
