"""demo(): the sandbox, the database, the desk and the console, one after the other, each saying what it does."""

import asyncio
import time
from collections.abc import Callable

from app.core import client
from app.core.db import opened
from app.core.migrated import database
from app.core.port import PortTaken, address_of, bind
from app.core.settings import settings
from app.demo.neighbour import USUAL_PORT, free_port, sandbox
from app.demo.people import PASSWORD, PEOPLE, set_up
from app.serve import Parts, run
from app.wiring import wire

Say = Callable[[str], None]


def demo(host: str | None, port: int | None, sandbox_port: int | None, say: Say) -> None:
    """Run a whole desk on this machine until Ctrl-C. Ports that were not asked for move when they are taken."""
    began = time.monotonic()
    set_to = settings()
    set_to.allow_private_networks = True  # the sandbox lives on loopback
    set_to.reread_pace_seconds = 0.2  # and has no limits to spare
    host = host or set_to.host
    try:
        bound = bind(host, set_to.port if port is None else port)
    except PortTaken:
        if port is not None:
            raise
        bound = bind(host, 0)
        say(f"Port {set_to.port} is taken; the console takes {bound.getsockname()[1]}.")
    near = free_port("127.0.0.1", USUAL_PORT if sandbox_port is None else sandbox_port)
    with bound, database(say) as url:
        say("Starting the sandbox network …")
        with sandbox(set_to.data_dir / "sandbox", near) as network:
            asyncio.run(_prepare(url, network, say))
            where = address_of(bound, host)
            asyncio.run(run(Parts(), url, bound, lambda: say(_welcome(where, network, time.monotonic() - began))))
    say("Stopped.")


async def _prepare(url: str, network: str, say: Say) -> None:
    say("Looking after the desk …")
    wire()
    async with opened(url):
        try:
            await set_up(network)
        finally:
            await client.close()


def _welcome(where: str, network: str, seconds: float) -> str:
    people = "\n".join(
        f"    {email:<20} {PASSWORD}   {name}{', lead' if n == 0 else ''}" for n, (name, email) in enumerate(PEOPLE)
    )
    return f"""
  Mentiondesk is ready after {seconds:.1f} s.

    The console    {where}
    The network    {network}   post there as a customer, and watch the answer arrive

  Sign in with
{people}

  Ctrl-C stops everything.
"""
