"""The machines' laws with real processes: the log's readers and the desk's verbs, spread over every web process there is."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machines.test_desk_machine import machine
from tests.machines.test_stream_machine import everybody_sees_everything
from tests.processes.house import House, Part
from tests.processes.people import secret_of
from tests.processes.spread import HouseWorld, Spread
from tests.stream.conftest import Opening


class Door:
    """A web process as the stream machine knows it."""

    def __init__(self, web: Part) -> None:
        self._web = web

    def console(self, secret: str | None, after: int = 0, **more: Any) -> Opening:
        return Opening(self._web.port, secret, after, more)


def desk_machine(house: House, webs: list[Part], examples: int, steps: int) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # what happened stays: the same steps would not meet the same desk again
        database=None,
    )
    with HouseWorld(house).open() as world:
        run_state_machine_as_test(machine(world, lambda _: Spread(house, webs)), settings=chosen)


async def test_every_console_sees_every_event_whichever_process_it_asks(house: House) -> None:
    desk = house.desk
    await everybody_sees_everything(
        [Door(web) for web in house.webs], desk.brand_id, await secret_of(desk.lead), random.randrange(10**6)
    )


def test_whatever_people_do_on_whichever_process_the_log_and_the_rows_agree(processes: House) -> None:
    desk_machine(processes, processes.webs, examples=2, steps=12)


@pytest.mark.faults
def test_and_so_they_do_with_eight_processes(processes: House) -> None:
    more = processes.add(webs=2, workers=2)
    try:
        webs = [*processes.webs, *(part for part in more if part.kind == "web")]
        desk_machine(processes, webs, examples=15, steps=20)
    finally:
        for part in more:
            assert part.end() == 0, part.said()
