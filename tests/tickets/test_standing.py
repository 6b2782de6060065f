"""A new ticket's row is written with what its messages say: recomputing it changes nothing."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, text

from app.core.transaction import transaction
from app.networks.port import Media
from app.tickets.models import Ticket
from app.tickets.standing import PICTURED, WARNED, refresh_standing
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


async def test_a_preview_keeps_what_is_behind_a_warning_and_tells_of_pictures_without_words(heard: Heard) -> None:
    leak = (Media("image", "https://lean.example/a.png", None, "A leaking pipe"), Media("video", None, None, None))
    seen = {
        "warned": (
            replace(heard.post("w", "ana", text="@acme he drowns"), content_warning="spoiler"),
            WARNED + "spoiler",
        ),
        "warned picture": (
            replace(heard.post("wp", "bo", text="@acme"), content_warning="water", media=leak),
            WARNED + "water",
        ),
        "blank warning": (replace(heard.post("b", "cy", text="@acme hi"), content_warning=""), "@acme hi"),
        "picture": (
            replace(heard.post("p", "di", text="@acme\n@bob.x "), media=leak),
            PICTURED["image"] + "A leaking pipe",
        ),
        "film": (replace(heard.post("f", "ed", text="@acme"), media=leak[1:]), PICTURED["video"]),
        "words too": (replace(heard.post("t", "flo", text="@acme\tlook"), media=leak), "@acme\tlook"),
        "long": (replace(heard.post("l", "gus", text="@acme"), media=(replace(leak[0], alt="x" * 400),)), None),
    }
    taken = await heard.hear(*(post for post, _ in seen.values()))
    assert len(taken.ticket_ids) == len(seen)
    previews = {row["preview"] for row in (await rows()).values()}
    assert previews == {words or PICTURED["image"] + "x" * 277 for _, words in seen.values()}
    await assert_recomputing_changes_nothing()
