"""Reading an account: the cursor moves with the page or not at all, whatever the network answers."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.line import take_hints
from app.ingest.models import Poll
from app.ingest.poll import next_poll, poll_due
from app.ingest.queries import rejects
from app.networks.errors import NetworkError, RateLimited, Transient, Unauthorized
from app.networks.port import Hint, Reject
from tests.conftest import Turned
from tests.given import a_desk, an_account, hear
from tests.ingest.conftest import Ears
from tests.lean import a_post
from tests.sandbox.live import start_sandbox


async def test_an_empty_account_that_hears_its_first_mentions_takes_all_of_them(ears: Ears) -> None:
    """The first reading of an account nobody ever wrote to starts from nothing, not from the first mention."""
    assert (await ears.poll()).started_at is not None
    ears.lean.say(*(a_post(f"m{n}", f"c{n}", now()) for n in range(200)))
    await hear()
    assert len(await ears.messages()) == 200
    assert (await ears.poll()).cursor == "200"


@pytest.mark.parametrize("flavour", ["mastodon", "gotosocial"])
async def test_so_does_one_on_a_real_server(database: str, flavour: str) -> None:
    with start_sandbox(flavour=flavour) as sandbox:
        brand = sandbox.brand("acme")
        desk = await a_desk()
        await an_account(desk, sandbox, brand)
        for n in range(90):
            sandbox.post_as(f"c{n}", f"@{brand.handle} hello {n}")
        await hear()
        async with transaction() as tx:
            from app.tickets.inbox import counts

            assert (await counts(tx, desk.lead)).all_open == 90


@pytest.mark.parametrize(
    ("problem", "waits"),
    [
        (RateLimited(retry_at=None), 60),
        (Transient("Bad Gateway"), 2),
        (NetworkError("odd"), 2),
    ],
)
async def test_a_failure_waits_and_loses_nothing(ears: Ears, problem: NetworkError, waits: float) -> None:
    ears.lean.say(a_post("a", "nora", now()))
    ears.lean.failures = [problem]
    before = await ears.poll()
    await ears.listen_now()
    after = await ears.poll()
    assert (after.cursor, after.failures, after.problem) == (before.cursor, 1, problem.sentence)
    assert after.due_at == now() + timedelta(seconds=waits)
    assert await next_poll() == after.due_at
    assert not await poll_due()
    await ears.listen_now()
    assert len(await ears.messages()) == 1
    assert ((await ears.poll()).failures, (await ears.poll()).problem) == (0, None)


async def test_the_networks_own_time_is_kept(ears: Ears) -> None:
    ears.lean.failures = [RateLimited(retry_at=now() + timedelta(minutes=14))]
    await ears.listen_now()
    assert (await ears.poll()).due_at == now() + timedelta(minutes=14)


async def test_pauses_grow_and_end_at_ten_minutes(ears: Ears) -> None:
    pauses = []
    for _ in range(12):
        ears.lean.failures = [Transient()]
        await ears.listen_now()
        pauses.append(((await ears.poll()).due_at - now()).total_seconds())  # type: ignore[operator]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 600


async def test_silence_is_told_once_and_its_end_too(ears: Ears) -> None:
    before = len(await ears.events("account.health"))
    for _ in range(5):
        ears.lean.failures = [Transient()]
        await ears.listen_now()
    assert len(await ears.events("account.health")) == before + 1
    await ears.listen_now()
    told = await ears.events("account.health")
    assert len(told) == before + 2
    assert [t.fact["health"]["failures"] for t in told[before:]] == [3, 0]


async def test_a_refused_sign_in_breaks_the_account_and_keeps_its_place(ears: Ears) -> None:
    ears.lean.say(a_post("a", "nora", now()))
    ears.lean.failures = [Unauthorized("The token was revoked.")]
    before = (await ears.poll()).cursor
    await ears.listen_now()
    assert (await ears.poll()).due_at is None
    assert (await ears.poll()).cursor == before
    assert [e.type for e in await ears.events("account.broken")] == ["account.broken"]
    assert await next_poll() is None


async def test_what_cannot_be_read_is_set_aside_once_and_the_page_goes_on(ears: Ears) -> None:
    broken = Reject("x", "no author", '{"id": "x", "nul": "\0", "half": "\ud83d"}')
    ears.lean.say(a_post("a", "nora", now()))
    ears.lean.feed.append(broken)
    ears.lean.say(a_post("b", "omar", now()))
    await ears.listen_now()
    assert [m.remote_id for m in await ears.messages()] == ["a", "b"]
    async with transaction() as tx:
        await tx.execute(update(Poll).values(cursor="0"))
    await ears.listen_now()
    async with transaction() as tx:
        (kept,) = (await rejects(tx, ears.desk.lead, ears.account_id, None)).items
    assert (kept.remote_id, kept.reason) == ("x", "no author")
    assert (await ears.health()).rejects == 1
    assert len(await ears.messages()) == 2


async def test_a_page_of_nothing_but_rejects_moves_on(ears: Ears) -> None:
    ears.lean.feed += [Reject(None, "odd", f"raw {n}") for n in range(3)]
    await ears.listen_now()
    assert ((await ears.poll()).cursor, (await ears.health()).rejects) == ("3", 3)


async def test_who_lost_its_lease_writes_nothing(ears: Ears, turned: Turned) -> None:
    ears.lean.say(a_post("a", "nora", now()))

    async def meanwhile() -> None:
        ears.lean.while_reading = None
        turned.set(turned.at + timedelta(minutes=5))  # the lease runs out, another worker reads the page
        assert await poll_due()

    ears.lean.while_reading = meanwhile
    with capture_logs() as told:
        await ears.listen_now()
    assert [one["event"] for one in told if one["event"] in {"lease_lost", "loop_failed"}] == ["lease_lost"]
    assert len(await ears.messages()) == 1
    assert [e.type for e in await ears.events("ticket.opened")] == ["ticket.opened"]
    assert (await ears.poll()).cursor == "1"


async def test_a_hint_that_comes_while_we_read_makes_us_look_again_at_once(ears: Ears, turned: Turned) -> None:
    async def meanwhile() -> None:
        ears.lean.while_reading = None
        turned.set(turned.at + timedelta(seconds=1))
        await take_hints(ears.account_id, [Hint()])

    ears.lean.while_reading = meanwhile
    await ears.listen_now()
    assert (await ears.poll()).due_at == now()


async def test_a_hint_about_a_post_reads_its_conversation_again(ears: Ears) -> None:
    ears.lean.say(a_post("a", "nora", now()))
    await ears.listen_now()
    ears.lean.posts.pop("a")
    await take_hints(ears.account_id, [Hint("a"), Hint("unknown")])
    assert (await ears.poll()).due_at == now()
    await ears.reread()
    assert [m.vanished_why for m in await ears.messages()] == ["deleted"]


async def test_a_full_page_is_followed_by_the_next_without_waiting(ears: Ears) -> None:
    ears.lean.page_size = 10
    ears.lean.say(*(a_post(f"m{n}", "nora", now()) for n in range(25)))
    await ears.listen_now()
    assert (await ears.poll()).due_at == now()
    assert await poll_due()
    assert await poll_due()
    assert not await poll_due()
    assert len(await ears.messages()) == 25
