"""A small world under load: a network, the product's processes, agents, customers and consoles that listen."""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import invariants
from tests.faults.console import Console
from tests.faults.hand import Hand
from tests.faults.load import Load
from tests.faults.processes import Ground, Processes
from tests.faults.rounds import Rounds
from tests.sandbox.live import LiveBrand, Sandbox, start_sandbox

PASSWORD = "a password for tests"
PEOPLE = ("lea", "ana", "ben")
SETTINGS = {
    "allow_private_networks": "true",
    "undo_seconds": "0",
    "poll_seconds": "1",
    "poll_seconds_live": "5",
    "reread_pace_seconds": "0.5",
}


def say(words: str) -> None:
    """Show how far a long run is."""
    sys.stderr.write(f"  {time.strftime('%H:%M:%S')}  {words}\n")
    sys.stderr.flush()


@dataclass
class World:
    """Everything that is up while a fault strikes."""

    url: str
    sandbox: Sandbox
    brand: LiveBrand
    parts: Processes
    hands: dict[str, Hand]
    load: Load
    rounds: Rounds
    account_id: str
    consoles: list[Console] = field(default_factory=list)
    _listening: list[asyncio.Task[None]] = field(default_factory=list)

    async def open_consoles(self, many: int) -> None:
        """So many consoles of the lead, which hear everything."""
        for _ in range(many):
            console = Console(self.hands["lea"])
            await console.begin()
            self.consoles.append(console)
            self.listen(console)

    def listen(self, console: Console) -> None:
        """Keep a console connected until the end."""
        self._listening.append(asyncio.create_task(console.run()))

    async def close_consoles(self) -> None:
        """Let them go; what went wrong with one of them is raised."""
        for console in self.consoles:
            console.stop()
        await asyncio.gather(*self._listening)

    async def settle(self, seconds: float = 300) -> None:
        """Wait until nothing is on its way any more."""
        deadline = time.monotonic() + seconds
        while left := invariants.unfinished(await self.books(), self.load.ledger):
            assert time.monotonic() < deadline, left
            await asyncio.sleep(0.3)

    async def books(self) -> invariants.Books:
        """The database and the network now."""
        return await asyncio.to_thread(invariants.read_books, self.url, self.sandbox)

    async def check(self) -> Counter[str]:
        """Come to rest, then hold everything against what must be; how many replies ended in which state."""
        await self.settle()
        ledger, books = self.load.ledger, await self.books()
        invariants.every_post_is_in_the_books_once(books, ledger)
        ended = invariants.every_reply_is_out_once_in_order_or_visibly_not(books, ledger)
        invariants.every_note_is_there_once(books, ledger)
        invariants.the_log_is_numbered_without_a_gap(books)
        cards = await invariants.consoles_hold_what_the_server_says(self.hands["lea"], self.consoles)
        await self.parts.kill(*[name for name in ("web", "worker") if self.parts.alive(name)])  # type: ignore[list-item]
        await invariants.promises_are_what_the_facts_say(self.url)
        answers = sum((hand.answers for hand in self.hands.values()), Counter[int]())
        assert answers[500] == 0, answers
        say(
            f"{len(ledger.said)} posts, {len(ledger.handed)} replies {dict(ended)}, {len(ledger.noted)} notes,"
            f" {books.log['facts']} facts, {cards} tickets; deaths {self.parts.deaths}; answers {dict(answers)};"
            f" consoles opened {[console.opened for console in self.consoles[:5]]} times"
        )
        return ended


@asynccontextmanager
async def world(
    ground: Ground,
    url: str,
    rounds: Rounds,
    *,
    flavour: str = "mastodon",
    clock: Path | None = None,
    posts_a_second: float = 3.0,
    **settings: str,
) -> AsyncIterator[World]:
    """A desk that is set up on an empty migrated database, both parts running; the load is started by the test."""
    given = SETTINGS | {"database_url": url} | settings
    with start_sandbox(flavour) as sandbox, ground.processes(given, pace=rounds.pace, clock=clock) as parts:
        await parts.start("web", "worker")
        hands = {who: Hand(parts.address) for who in PEOPLE}
        try:
            brand = sandbox.brand("acme", "Acme")
            account_id = await _set_up(hands, sandbox, brand)
            load = Load(sandbox, brand, [hands["ana"], hands["ben"], hands["lea"]], posts_a_second=posts_a_second)
            made = World(url, sandbox, brand, parts, hands, load, rounds, account_id)
            await made.open_consoles(2)
            yield made
            await made.close_consoles()
        except BaseException:
            for line in parts.log("web").splitlines():
                if "request_crashed" in line:
                    say(line[-3000:])
            raise
        finally:
            for hand in hands.values():
                await hand.close()


async def _set_up(hands: dict[str, Hand], sandbox: Sandbox, brand: LiveBrand) -> str:
    lea = hands["lea"]
    await lea.ask("POST", "setup", name="Lea", email="lea@acme.example", password=PASSWORD, brand_name="Acme")
    team, made = (await lea.ask("GET", "teams"))[0], (await lea.ask("GET", "brands"))[0]
    for who in PEOPLE[1:]:
        email = f"{who}@acme.example"
        await lea.ask("POST", "agents", name=who.title(), email=email, password=PASSWORD, team_ids=[team["id"]])
        await hands[who].ask("POST", "session", email=email, password=PASSWORD)
    await connect(lea, made["id"], sandbox, brand)
    account: str = (await lea.ask("GET", "accounts"))[0]["id"]
    await listening(lea, account)
    return account


async def connect(lea: Hand, brand_id: str, sandbox: Sandbox, brand: LiveBrand) -> None:
    """Connect an account of the sandbox to a brand."""
    fields = {"server": sandbox.base_url, "token": brand.token}
    await lea.ask("POST", "accounts/connect", brand_id=brand_id, network="mastodon", fields=fields)


async def listening(hand: Hand, account_id: str, seconds: float = 30) -> None:
    """Wait until the account has been read once, so that whatever is said from now on is taken in."""
    deadline = time.monotonic() + seconds
    while not (await health(hand, account_id))["heard_at"]:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


async def health(hand: Hand, account_id: str) -> dict[str, object]:
    """What the console is told of an account's ears."""
    told = await hand.ask("GET", "accounts/health")
    found: dict[str, object] = next(one for one in told if one["account_id"] == account_id)
    return found


async def some_time(least: float, most: float) -> None:
    """Let the load go on for a while."""
    await asyncio.sleep(random.uniform(least, most))
