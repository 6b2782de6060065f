"""Random disconnects: every console sees every event once and in order, whatever is written meanwhile."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any, Protocol

from app.core.eventlog import head
from app.core.transaction import record, transaction
from app.tickets.events import TicketPrioritised
from tests.given import a_desk
from tests.stream.conftest import Opening, Served, seqs, served, serving, signed_in  # noqa: F401 - a fixture

CONSOLES, WRITERS, COMMITS = 6, 4, 20


class Door(Protocol):
    """A web process that consoles can connect to, in this process or another."""

    def console(self, secret: str | None, after: int = 0, **more: Any) -> Opening: ...


class Boom(Exception):
    pass


async def write(brand_id: str, dice: random.Random) -> None:
    """Commits of one to three facts, some rolled back."""
    for n in range(COMMITS):
        try:
            async with transaction() as tx:
                for _ in range(dice.randint(1, 3)):
                    fact = TicketPrioritised(brand_id=brand_id, ticket_id=f"tk_{n}", before="low", to="high")
                    record(tx, fact)
                await asyncio.sleep(dice.random() * 0.005)
                if dice.random() < 0.2:
                    raise Boom
        except Boom:
            continue


async def follow(
    doors: Sequence[Door], secret: str, begun: int, written: asyncio.Event, dice: random.Random
) -> list[int]:
    """Read, lose the line now and then (politely, abruptly, to another process), resume from the last number."""
    seen: list[int] = []
    known = begun
    while True:
        patience = dice.randint(1, 25)
        async with dice.choice(doors).console(secret, after=known) as console:
            for _ in range(patience):
                frame = await console.frame()
                if heard := seqs([frame]):
                    seen += heard
                    known = seen[-1]
                elif frame["kind"] == "heartbeat":
                    assert frame["seq"] >= known
                    known = frame["seq"]
                if written.is_set():
                    async with transaction() as tx:
                        if known >= await head(tx):
                            return seen
            if dice.random() < 0.5:
                console.line.transport.abort()


async def everybody_sees_everything(doors: Sequence[Door], brand_id: str, secret: str, seed: int) -> None:
    """Consoles follow through these doors, in whichever processes they are, while facts are written here."""
    async with transaction() as tx:
        begun = await head(tx)
    written = asyncio.Event()
    consoles = [
        asyncio.create_task(follow(doors, secret, begun, written, random.Random(seed + n))) for n in range(CONSOLES)
    ]
    await asyncio.gather(*(write(brand_id, random.Random(seed * 31 + n)) for n in range(WRITERS)))
    async with transaction() as tx:
        end = await head(tx)
    written.set()
    async with transaction() as tx:  # so that everybody is told something after all was written
        record(tx, TicketPrioritised(brand_id=brand_id, ticket_id="tk_last", before="low", to="high"))
    async with asyncio.timeout(60):
        seen = await asyncio.gather(*consoles)
    assert end > begun + WRITERS * COMMITS // 2
    for console in seen:
        assert [seq for seq in console if seq <= end] == list(range(begun + 1, end + 1))
        assert console == sorted(set(console))


async def test_every_console_sees_every_event_once_and_in_order(database: str, served: Served) -> None:  # noqa: F811
    seed = random.randrange(10**6)  # pytest-randomly says with which -p it comes again
    desk = await a_desk()
    secret = await signed_in(desk.lead)
    async with serving(database) as elsewhere:
        await everybody_sees_everything([served, elsewhere], desk.brand_id, secret, seed)
