"""A network that is slow, refuses, cuts and talks nonsense: its account says so, recovers, and costs the others nothing."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from tests.faults.processes import Ground
from tests.faults.proxy import (
    NOTIFICATIONS,
    REFUSING,
    SLOWLY_REFUSING,
    STRANGE,
    YEARS,
    Proxy,
    Rudeness,
    proxy,
)
from tests.faults.rounds import FULL, ONLY_FULL, SHORT, Rounds
from tests.faults.world import World, health, listening, say, world
from tests.networks.stage import Stage
from tests.networks.stages import STAGES
from tests.sandbox.live import LiveBrand

MOST_MEMORY = 350_000_000


def crashed(line: str) -> bool:
    """Whether a loop failed."""
    return "loop_failed" in line


class Two:
    """A desk with two accounts: one on the rude server, one on a server that works."""

    def __init__(self, desk: World, front: Proxy, rude: LiveBrand | Stage, rude_account: str) -> None:
        self.desk, self.front, self.rude, self.rude_account = desk, front, rude, rude_account
        self._said = 0

    async def say_to(self, brand: LiveBrand | Stage) -> str:
        """A customer says something to one of the two; the post's id."""
        self._said += 1
        if not isinstance(brand, LiveBrand):
            return brand.post("nora", f"@acme said-{self._said:06}")
        post = await asyncio.to_thread(
            self.desk.sandbox.post_as, f"somebody{self._said}", f"@{brand.handle} said-{self._said:06}"
        )
        self.desk.load.ledger.said[post["id"]] = f"said-{self._said:06}"
        return str(post["id"])

    async def taken_in(self, post: str, seconds: float) -> float:
        """Wait until a post is in the books; how long that took."""
        began = time.monotonic()
        while post not in {m["remote_id"] for m in (await self.desk.books()).messages}:
            assert time.monotonic() - began < seconds, f"not in the books: {await self.rude_health()}"
            await asyncio.sleep(0.1)
        return time.monotonic() - began

    async def look(self) -> None:
        """Let the rude account be read now; some are asked only every quarter of an hour."""
        await self.desk.hands["lea"].ask("POST", f"accounts/{self.rude_account}/poll")

    async def rude_health(self) -> dict[str, object]:
        return await health(self.desk.hands["lea"], self.rude_account)


@asynccontextmanager
async def two_accounts(ground: Ground, url: str, rounds: Rounds, stage: Stage | None = None) -> AsyncIterator[Two]:
    """The desk, whose second account is read through a proxy; it is one of the sandbox, or of a stage."""
    async with world(ground, url, rounds, poll_seconds_live="1") as desk:
        place = urlsplit(stage.url if stage else desk.sandbox.base_url)
        async with proxy(f"{place.scheme}://{place.netloc}", stage.news if stage else NOTIFICATIONS) as front:
            lea, rude = desk.hands["lea"], stage or desk.sandbox.brand("zeta", "Zeta")
            fields = {"token": rude.token} if isinstance(rude, LiveBrand) else rude.fields()
            fields["server"] = f"{front.address}{place.path}"
            brand, network = (await lea.ask("GET", "brands"))[0]["id"], stage.network if stage else "mastodon"
            await lea.ask("POST", "accounts/connect", brand_id=brand, network=network, fields=fields)
            account = next(a["id"] for a in await lea.ask("GET", "accounts") if a["id"] != desk.account_id)
            await listening(lea, account)
            yield Two(desk, front, rude, account)


async def refusing(two: Two, name: str, rudeness: Rudeness, seconds: float) -> None:
    """Nothing can be read: it is said in a sentence, others go on, and all is made good once the server is kind."""
    two.front.rude, two.front.struck = rudeness, 0
    missed = await two.say_to(two.rude)
    await two.look()
    began = time.monotonic()
    while not (told := await two.rude_health())["problem"]:
        assert time.monotonic() - began < seconds, f"{name}: nobody was told"
        await asyncio.sleep(0.1)
    noticed = time.monotonic() - began
    other = await two.taken_in(await two.say_to(two.desk.brand), 20)
    two.front.rude = None
    await two.look()
    recovered = await two.taken_in(missed, 90)
    while (await two.rude_health())["problem"]:  # noqa: ASYNC110 - the other side is another process
        await asyncio.sleep(0.1)
    say(
        f"{name}: told after {noticed:.1f} s ({told['problem']}), the other account took {other:.1f} s,"
        f" recovered in {recovered:.1f} s"
    )


@pytest.mark.parametrize(
    ("ways", "rounds"),
    [
        pytest.param(REFUSING, SHORT, id="short"),
        pytest.param(REFUSING | SLOWLY_REFUSING, FULL, id="full", marks=pytest.mark.faults),
    ],
)
async def test_a_rude_network(own_database: str, ground: Ground, ways: dict[str, Rudeness], rounds: Rounds) -> None:
    async with two_accounts(ground, own_database, rounds) as two:
        for name, rudeness in ways.items():
            await refusing(two, name, rudeness, 60)
        for name, rudeness in STRANGE.items():
            two.front.rude = rudeness
            took = await two.taken_in(await two.say_to(two.rude), 30)
            other = await two.taken_in(await two.say_to(two.desk.brand), 20)
            say(f"{name}: taken in after {took:.1f} s, the other account's after {other:.1f} s")
        unharmed(two)
        two.front.rude = None
        await two.desk.check()


def unharmed(two: Two) -> None:
    """The worker has not grown, and none of its loops failed."""
    memory = two.desk.parts.resident("worker")
    say(f"the worker holds {memory // 1_000_000} MB")
    assert memory < MOST_MEMORY
    assert [one for one in two.desk.parts.log("worker").splitlines() if crashed(one)] == []


OTHERS = [
    f"{name}/{flavour}"
    for name, kinds in STAGES.items()
    for flavour, made in kinds.items()
    if getattr(made, "news", "")
]


@pytest.mark.parametrize("rounds", ONLY_FULL)
@pytest.mark.parametrize("kind", OTHERS)
async def test_a_rude_network_of_another_kind(own_database: str, ground: Ground, kind: str, rounds: Rounds) -> None:
    name, _, flavour = kind.partition("/")
    with STAGES[name][flavour]() as stage:
        stage.reset()
        stage.brand()
        async with two_accounts(ground, own_database, rounds, stage) as two:
            for way, rudeness in (REFUSING | SLOWLY_REFUSING).items():
                if way != "broken JSON":  # half of a feed may be a whole item: tests/networks/test_rude.py
                    await refusing(two, f"{kind}, {way}", rudeness, 60)
            for way, rudeness in YEARS.items():
                two.front.rude = rudeness
                post = await two.say_to(two.rude)
                await two.look()
                took = await two.taken_in(post, 30)
                say(f"{kind}, {way}: taken in after {took:.1f} s")
            unharmed(two)
