"""A process that delivers what is due, to be killed while it does."""

import asyncio
import multiprocessing
import os
from multiprocessing.process import BaseProcess

_START = multiprocessing.get_context("forkserver")
_START.set_forkserver_preload(["app.wiring", "app.replies.deliver", "app.networks.registry"])


def deliver_in_a_process(database: str) -> BaseProcess:
    """Start one; it ends by itself when nothing is due any more."""
    mine = {name: value for name, value in os.environ.items() if name.startswith("MENTIONDESK_")}
    process = _START.Process(target=_deliver, args=(database, mine), daemon=True)
    process.start()
    return process


def _deliver(database: str, environment: dict[str, str]) -> None:
    from app.core import client, db
    from app.core.settings import settings
    from app.replies.deliver import deliver_due
    from app.wiring import wire

    os.environ.update(environment)
    settings.cache_clear()

    async def work() -> None:
        wire()
        db.open_database(database, pool_size=3)
        async with client.connections():
            while await deliver_due():
                pass
        await db.close_database()

    asyncio.run(work())
