"""The machine's clock jumps by an hour, ahead and back, under load: nothing leaves twice, nothing waits for an hour."""

import time
from pathlib import Path

import pytest

from tests.faults.processes import Ground
from tests.faults.rounds import ONLY_FULL, Rounds
from tests.faults.world import say, some_time, world

HOUR = 3600


def set_ahead(clock: Path, seconds: int) -> None:
    """Let the machine's clock be so many seconds ahead; read whole or not at all."""
    new = clock.with_suffix(".new")
    new.write_text(str(seconds))
    new.rename(clock)


@pytest.mark.parametrize("rounds", ONLY_FULL)
async def test_the_clock_jumps(own_database: str, ground: Ground, rounds: Rounds) -> None:
    clock = ground.folder / "ahead"
    set_ahead(clock, 0)
    async with world(ground, own_database, rounds, flavour="gotosocial", clock=clock) as desk:
        # the network's answers take long enough that jumps fall between a request and its answer
        desk.sandbox.fault("delay", "/api/v1/statuses", method="POST", seconds=0.5, times=None)
        for n in range(rounds.jumps):
            for ahead in (HOUR, 0, -HOUR, 0):
                await desk.load.start(warm=2)
                set_ahead(clock, ahead)
                if n % 2:  # a process that starts by the new clock
                    await desk.parts.kill("web", "worker")
                    await desk.parts.start("web", "worker")
                await desk.load.more(2, at_most=30)
                await some_time(0.0, 1.0)
                await desk.load.stop()
                began = time.monotonic()
                await desk.settle(180)
                say(f"jump {n + 1} to {ahead:+} s: at rest again after {time.monotonic() - began:.1f} s")
        ended = await desk.check()
        assert ended["sent"] > 0
