"""Mentions of one millisecond at the end of a page: the network's cursor is a time, below which it tells."""

from datetime import timedelta

import pytest

from app.core.clock import now
from app.networks.adapters.bluesky import NETWORK, pages
from app.networks.adapters.bluesky.spot import Spot, read_spot
from app.networks.port import Inbound
from tests.networks.adapters.bluesky.conftest import Joined
from tests.networks.adapters.bluesky.world import did_of, iso
from tests.networks.given import walk

AT = now() - timedelta(minutes=30)


def say(joined: Joined, sizes: list[int]) -> list[str]:
    """So many mentions in each of the milliseconds that follow one another."""
    said = [(n, m) for n, size in enumerate(sizes) for m in range(size)]
    return [
        joined.server.post("nora", f"@acme {n} {m}", createdAt=iso(AT + timedelta(milliseconds=n))) for n, m in said
    ]


async def back(joined: Joined, limit: int) -> tuple[list[str], int]:
    """All there is, walked back over, and how many pages it took."""
    found: list[Inbound] = []
    cursor: str | None = None
    for number in range(1, 50):
        page = await NETWORK.older_mentions(joined.account, cursor, limit=limit)
        found, cursor = [*page.items, *found], page.cursor
        if not page.more:
            return [one.remote_id for one in found], number
    pytest.fail("It does not end.")


async def forward(joined: Joined, cursor: str, limit: int = 80) -> list[str]:
    """All that is new, and nothing once more afterwards."""
    found: list[str] = []
    for _ in range(50):
        page = await NETWORK.mentions(joined.account, cursor, limit=limit)
        found, cursor = [*found, *(one.remote_id for one in page.items)], page.cursor
        if not page.more:
            assert (await NETWORK.mentions(joined.account, cursor, limit=limit)).items == ()
            return found
    pytest.fail("It does not end.")


@pytest.mark.parametrize("sizes", [[1, 2, 1, 3, 2, 1], [7, 1, 1], [1, 12, 2], [9]])
async def test_walking_back_over_a_shared_millisecond_misses_none_and_repeats_none(joined: Joined, sizes: list[int]):
    said = say(joined, sizes)
    found, _ = await back(joined, 3)
    assert sorted(found) == sorted(said)


async def test_a_gap_that_ends_in_a_shared_millisecond_is_crossed_whole(joined: Joined, monkeypatch):
    monkeypatch.setattr(pages, "_SIZE", 4)
    monkeypatch.setattr(pages, "_MOST_PAGES", 2)
    start = (await NETWORK.mentions(joined.account, None)).cursor
    said = say(joined, [3, 2] * 8)
    assert sorted(await forward(joined, start)) == sorted(said)


@pytest.mark.parametrize("most", [10, 25, 1000])
async def test_a_storm_within_a_quarter_of_an_hour_is_handed_over_once_and_ends(joined: Joined, monkeypatch, most: int):
    monkeypatch.setattr(pages, "MOST_KNOWN", most)
    start = (await NETWORK.mentions(joined.account, None)).cursor
    said = say(joined, [1] * 60)
    assert await forward(joined, start, limit=8) == said


async def test_more_of_one_millisecond_than_a_page_holds_do_not_hold_up_what_is_below(joined: Joined, monkeypatch):
    monkeypatch.setattr(pages, "_SIZE", 3)
    below, *_, above = say(joined, [1, 8, 1])
    found, number = await back(joined, 3)
    assert (found[0], found[-1]) == (below, above)
    assert number < 8
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("limit", [2, 3, 4, 8])
async def test_a_mention_that_shares_its_millisecond_with_likes_is_missed_nowhere(joined: Joined, monkeypatch, limit):
    """Wherever a page ends, those that the network goes through by itself too."""
    monkeypatch.setattr(pages, "_SIZE", limit)
    monkeypatch.setattr(pages, "_MOST_PAGES", 2)
    ours = joined.server.post("acme", "We are open", createdAt=iso(AT - timedelta(hours=1)))
    start = (await NETWORK.mentions(joined.account, None)).cursor
    said = say(joined, [1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 1])
    for n in range(11):
        for m in range((n % 3) * 2):
            joined.server.like(f"fan{m}", ours, AT + timedelta(milliseconds=n))
    found, _ = await back(joined, limit)
    assert found == said
    assert sorted(await forward(joined, start)) == sorted(said)


async def test_a_gap_does_not_end_in_pages_that_hold_nothing_for_us(joined: Joined, monkeypatch):
    monkeypatch.setattr(pages, "_SIZE", 5)
    monkeypatch.setattr(pages, "_MOST_PAGES", 3)
    ours = joined.server.post("acme", "We are open", createdAt=iso(AT - timedelta(hours=1)))
    start = (await NETWORK.mentions(joined.account, None)).cursor
    said = say(joined, [1, 1])
    for n in range(70):
        joined.server.like(f"fan{n}", ours, AT + timedelta(milliseconds=n + 5))
    joined.server.world.blocks |= {
        (did_of(f"fan{n}"), did_of("acme")) for n in range(20, 40)
    }  # and are not shown at all
    for n in range(20, 40):
        joined.server.post(f"fan{n}", "@acme hidden", createdAt=iso(AT + timedelta(milliseconds=90 + n)))
    joined.server.asked.clear()
    page = await NETWORK.mentions(joined.account, start)
    assert (page.items, page.more) == ((), True)
    assert len([one for one in joined.server.asked if one.path.endswith("listNotifications")]) == 3
    found, cursor = await walk(NETWORK, joined.account, page.cursor)
    assert sorted(one.remote_id for one in found) == sorted(said)
    late = joined.server.post("nora", "@acme and now")
    assert await forward(joined, cursor) == [late]


async def test_likes_move_the_mark_so_that_they_are_gone_through_once(joined: Joined):
    ours = joined.server.post("acme", "We are open", createdAt=iso(AT - timedelta(days=3)))
    joined.server.post("nora", "@acme hello", createdAt=iso(AT - timedelta(days=2)))
    cursor = (await NETWORK.mentions(joined.account, None)).cursor
    for n in range(250):
        joined.server.like("omar", ours, AT - timedelta(hours=n / 8))
    page = await NETWORK.mentions(joined.account, cursor)
    joined.server.asked.clear()
    page = await NETWORK.mentions(joined.account, page.cursor)
    assert (page.items, page.more) == ((), False)
    assert len([one for one in joined.server.asked if one.path.endswith("listNotifications")]) == 1


def test_a_cursor_that_is_no_time_is_asked_with_as_it_came():
    for cursor in ("", "again 0", "1700000000000::bafy", "20261126", "9999-12-31T23:59:59.999Z"):
        spot = Spot(cursor).after([])
        assert (spot.write(), spot.asked()) == (cursor, cursor)
        assert read_spot(cursor) == Spot(cursor)
