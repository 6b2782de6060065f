"""run_worker(): the loops that have something to do by themselves, until told to stop."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from app.core.crew import CHANNEL as CREW
from app.core.crew import Crew
from app.core.loop import NextDue, Step, run_loop
from app.core.set_back import notice_set_back, was_set_back
from app.core.settings import settings
from app.core.transaction import transaction
from app.core.wake import Listener
from app.hooks.deliveries import Hooks
from app.hooks.prune import next_prune_of_deliveries, prune_deliveries
from app.hooks.set_back import hook_by_new_clock
from app.ingest.backfill import backfill_due, next_backfill
from app.ingest.line import Lines
from app.ingest.poll import next_poll, poll_due
from app.ingest.reread import next_reread, reread_due
from app.ingest.round_row import plan_rounds
from app.ingest.rounds import next_round, round_due
from app.ingest.set_back import newest_reading, read_by_new_clock
from app.replies.deliveries import Deliveries
from app.replies.set_back import deliver_by_new_clock
from app.sla.fire import fire_due, next_firing
from app.stream.prune import next_prune, prune
from app.tickets.move import next_snooze, wake_snoozed
from app.transfer.set_back import go_on_by_new_clock
from app.transfer.work import job_due, next_job
from app.watch.vitals import Vitals
from app.wiring import wire

log = structlog.get_logger()

LOOPS: Final[Sequence[tuple[str, Step, NextDue, int]]] = (
    ("polls", poll_due, next_poll, 4),
    ("rereads", reread_due, next_reread, 2),
    ("backfills", backfill_due, next_backfill, 1),
    ("rounds", round_due, next_round, 1),
    ("timers", fire_due, next_firing, 1),
    ("snoozes", wake_snoozed, next_snooze, 1),
    ("pruning", prune, next_prune, 1),
    ("webhook log", prune_deliveries, next_prune_of_deliveries, 1),
    ("jobs", job_due, next_job, 1),
)
"""What a worker does, how it knows when, and how many at once; replies are delivered by Deliveries, events by Hooks."""
_GRACE_SECONDS: Final = 5.0
"""So long steps in progress are waited for; then only a reply on its way is, since nothing else is lost by stopping."""


async def run_worker(database_url: str, stop: asyncio.Event, vitals: Vitals | None = None) -> None:
    """Work until `stop` is set; steps in progress are finished, unless they wait for a network that does not answer."""
    wire()
    listener = Listener(settings().listen_url or database_url)
    if vitals is not None:
        vitals.listeners["worker"] = listener
    listening = asyncio.create_task(listener.run())
    woken = listener.event("lines")
    crew = Crew(woken)
    listener.hear(CREW, crew.hear)
    lines = Lines(crew, woken)
    try:
        await _after_a_pause()
        async with asyncio.TaskGroup() as group:
            given_up = [
                group.create_task(run_loop(name, step, next_due, listener.event(name), stop))
                for name, step, next_due, at_once in LOOPS
                for _ in range(at_once)
            ]
            deliveries = Deliveries(listener.event("replies"), settings().deliveries)
            group.create_task(deliveries.run(stop))
            hooks = Hooks(listener.event("events"), settings().webhook_deliveries)
            listener.hear("work", hooks.hear)
            group.create_task(hooks.run(stop))
            group.create_task(lines.run(stop))
            group.create_task(notice_set_back(go_by_new_clock, stop))
            group.create_task(_give_up(given_up, stop))
            log.info("worker_ready")
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def go_by_new_clock() -> None:
    """Plan anew whatever was planned by a clock that has been set back since."""
    async with transaction() as tx:
        await read_by_new_clock(tx)
        await deliver_by_new_clock(tx)
        await hook_by_new_clock(tx)
        await go_on_by_new_clock(tx)


async def _after_a_pause() -> None:
    """While no worker ran, the clock may have been set back; and accounts may be older than what is done for them now."""
    async with transaction() as tx:
        newest = await newest_reading(tx)
        await plan_rounds(tx)
    if was_set_back(newest):
        await go_by_new_clock()


async def _give_up(tasks: Sequence[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """Once stopping, end what is still at it after the grace."""
    await stop.wait()
    _, late = await asyncio.wait(tasks, timeout=_GRACE_SECONDS)
    for task in late:
        task.cancel()
