"""What networks send to an account's address: raw to the adapter, a hint at most, and nothing for strangers."""

import asyncio
from urllib.parse import urlsplit

import httpx2
import pytest
from prometheus_client import generate_latest
from sqlalchemy import select, update

from app.core.clock import now
from app.core.metrics import REGISTRY
from app.core.strike import strike_text
from app.core.transaction import transaction
from app.ingest import incoming
from app.ingest.models import Poll
from app.ingest.reread import reread_due
from app.ingest.routes import router
from app.networks.errors import Transient
from app.networks.incoming import Answer, Request
from app.tickets.models import Conversation, Message
from tests.agents.people import asking, cookie
from tests.given import take_in
from tests.ingest.conftest import Ears
from tests.lean import a_post


@pytest.fixture
async def address(ears: Ears) -> str:
    """The account's address, as its lead is told it."""
    ears.lean.can |= {"incoming"}
    incoming._pace = incoming._Pace()
    async with asking(router, secret=await cookie(ears.desk.lead.agent_id)) as lead:
        told = await lead.get(f"/api/v1/accounts/{ears.account_id}/incoming")
    return urlsplit(told.json()["url"]).path


def counted(outcome: str) -> float:
    return (
        REGISTRY.get_sample_value("mentiondesk_incoming_requests_total", {"network": "lean", "outcome": outcome}) or 0.0
    )


async def test_the_adapter_answers_and_the_account_is_due(ears: Ears, address: str) -> None:
    heard: list[Request] = []

    async def answers(request: Request) -> Answer:
        heard.append(request)
        return Answer(202, '{"ok":1}', "application/json", happened=request.method == "POST")

    ears.lean.answers = answers
    async with transaction() as tx:
        await tx.execute(update(Poll).values(due_at=now().replace(year=now().year + 1), hinted_at=None))
    raw = b'{"text": "\xff\x00"}'
    async with asking(router) as network:
        told = await network.post(f"{address}?a=1", content=raw, headers={"X-Signature": "sha256=abc"})
        assert (told.status_code, told.text, told.headers["content-type"]) == (202, '{"ok":1}', "application/json")
        assert (await ears.poll()).due_at == now()
        assert (await network.get(f"{address}?crc_token=x")).status_code == 202
    first, second = heard
    assert (first.method, first.query, first.body) == ("POST", {"a": "1"}, raw)
    assert first.headers["x-signature"] == "sha256=abc"
    assert (second.method, second.query) == ("GET", {"crc_token": "x"})


async def test_a_post_that_a_request_names_is_read_again_with_what_stands_around_it(ears: Ears, address: str) -> None:
    post = a_post("q", "nora", now())
    ears.lean.say(post, quietly=True)
    await take_in(ears.account_id, post)
    del ears.lean.posts["q"]

    async def answers(_request: Request) -> Answer:
        return Answer(200, about=("q", "unknown"))

    ears.lean.answers = answers
    async with transaction() as tx:
        await tx.execute(update(Conversation).values(reread_at=None))
    async with asking(router) as network:
        assert (await network.post(address)).status_code == 200
    assert await reread_due()
    async with transaction() as tx:
        assert (await tx.scalars(select(Message.vanished_at))).one() is not None


async def test_strangers_find_nothing(ears: Ears, address: str) -> None:
    ears.lean.answers = None
    async with asking(router, secret=await cookie(ears.desk.agents[0].agent_id)) as agent:
        assert (await agent.get(f"/api/v1/accounts/{ears.account_id}/incoming")).status_code == 403
    before = generate_latest(REGISTRY)
    async with asking(router) as stranger:
        for wrong in (address[:-1] + ("A" if address[-1] != "A" else "B"), address.replace("ac_", "ac_x")):
            assert (await stranger.post(wrong, content=b"x")).status_code == 404
        assert (await stranger.delete(address)).status_code == 405
        ears.lean.can -= {"incoming"}
        assert (await stranger.post(address, content=b"x")).status_code == 404
    assert generate_latest(REGISTRY) != before
    assert address.rsplit("/", 1)[1] not in strike_text(f"POST {address} HTTP/1.1")


async def test_no_request_is_too_large_too_slow_or_too_many(
    ears: Ears, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(request: Request) -> Answer:
        await asyncio.sleep(60)
        return Answer(200)

    async def wrong(request: Request) -> Answer:
        return Answer(403, problem="signature")

    async def away(request: Request) -> Answer:
        raise Transient

    monkeypatch.setattr(incoming, "_SECONDS", 0.05)
    before = {what: counted(what) for what in ("slow", "signature", "Transient")}
    async with asking(router) as network:
        assert (await network.post(address, content=b"x" * 1_000_001)).status_code == 413
        for answers, status in ((slow, 503), (wrong, 403), (away, 503)):
            ears.lean.answers = answers
            assert (await network.post(address, content=b"x" * 1_000_000)).status_code == status
        assert {what: counted(what) - was for what, was in before.items()} == dict.fromkeys(before, 1.0)
        monkeypatch.setattr(incoming, "AT_ONCE", 3)
        monkeypatch.setattr(incoming, "PER_SECOND", 0)
        incoming._pace = incoming._Pace()
        ears.lean.answers = wrong
        told: list[httpx2.Response] = [await network.post(address) for _ in range(4)]
    assert [one.status_code for one in told] == [403, 403, 403, 429]
