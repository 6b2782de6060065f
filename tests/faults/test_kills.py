"""The worker, the web side and both killed at random under load: nothing is lost, doubled or out of order."""

import random
from collections import Counter

import pytest

from tests.faults.processes import Ground, Name
from tests.faults.rounds import FULL, SHORT, Rounds
from tests.faults.world import say, some_time, world

VICTIMS: tuple[tuple[Name, ...], ...] = (("worker",), ("web",), ("web", "worker"))


@pytest.mark.parametrize(
    ("flavour", "rounds"),
    [
        pytest.param("gotosocial", SHORT, id="short"),
        pytest.param("mastodon", FULL, id="keeps keys", marks=pytest.mark.faults),
        pytest.param("gotosocial", FULL, id="keeps none", marks=pytest.mark.faults),
    ],
)
async def test_killed_at_random(own_database: str, ground: Ground, flavour: str, rounds: Rounds) -> None:
    async with world(ground, own_database, rounds, flavour=flavour) as desk:
        # publishing takes its time on both sides of being carried out, so that deaths fall into it
        desk.sandbox.fault("delay", "/api/v1/statuses", method="POST", seconds=0.15, times=None)
        desk.sandbox.fault("delay", "/api/v1/statuses", method="POST", seconds=0.15, times=None, after=True)
        await desk.load.start()
        killed: Counter[str] = Counter()
        for n in range(rounds.kills):
            victims = VICTIMS[n % 3] if n < 3 else random.choice(VICTIMS)
            await desk.load.more(2, at_most=10)  # enough that the outbox is really tried
            await some_time(0.0, 0.5)
            await desk.parts.kill(*victims)
            killed["+".join(victims)] += 1
            await some_time(0.0, 0.3)
            await desk.parts.start(*victims)
            if (n + 1) % 20 == 0:
                say(f"{flavour}: {n + 1} kills {dict(killed)}, {len(desk.load.ledger.handed)} replies")
        await some_time(1.0, 2.0)
        await desk.load.stop()
        ended = await desk.check()
        assert ended["sent"] >= min(rounds.kills, 3)
