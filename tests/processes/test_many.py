"""Two web and two worker processes, and then four and four, on one database: the corridors hold whoever does what."""

from tests.processes.day import a_day
from tests.processes.house import House


async def test_two_and_two_lose_nothing_and_say_nothing_twice(house: House) -> None:
    day = await a_day(house, "two", house.webs, mentions=40, agents=4, deeds=5)
    assert len(day.answered) == 20


async def test_eight_processes_oversubscribed_do_the_same(house: House) -> None:
    more = house.add(webs=2, workers=2)
    try:
        webs = [*house.webs, *(part for part in more if part.kind == "web")]
        day = await a_day(house, "eight", webs, mentions=60, agents=8, deeds=4)
        assert len(day.answered) == 32
    finally:
        for part in more:
            assert part.end() == 0, part.said()
