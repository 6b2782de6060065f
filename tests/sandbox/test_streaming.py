"""The live streams: what is told, to whom, on which stream, and that a bad token never gets in."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.sandbox.live import LiveBrand, Sandbox

QUIET_SECONDS = 0.3


@asynccontextmanager
async def listening(
    sandbox: Sandbox, token: str | None, query: str = "stream=user", **more
) -> AsyncIterator[ClientConnection]:
    address = f"{sandbox.base_url.replace('http', 'ws')}/api/v1/streaming?{query}"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    before = sandbox.overview()["listeners"]
    async with connect(address, additional_headers=headers, proxy=None, **more) as socket:
        for _ in range(200):
            if sandbox.overview()["listeners"] > before:
                break
            await asyncio.sleep(0.005)
        yield socket


async def heard(socket: ClientConnection) -> tuple[list[str], str, object]:
    frame = json.loads(await asyncio.wait_for(socket.recv(), 60))
    payload = frame["payload"]
    return frame["stream"], frame["event"], json.loads(payload) if payload[:1] in "{[" else payload


async def silence(socket: ClientConnection) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(socket.recv(), QUIET_SECONDS)


async def test_a_mention_is_told_at_once(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token) as socket:
        made = sandbox.post_as("nora", "@acme hello")
        stream, event, body = await heard(socket)
        assert (stream, event) == (["user"], "notification")
        assert (body["type"], body["status"]["id"]) == ("mention", made["id"])


@pytest.mark.parametrize("way", ["header", "subprotocol", "query"])
async def test_every_way_to_show_a_token(sandbox: Sandbox, brand: LiveBrand, way: str) -> None:
    ways = {
        "header": {"token": brand.token},
        "subprotocol": {"token": None, "subprotocols": [brand.token]},
        "query": {"token": None, "query": f"stream=user&access_token={brand.token}"},
    }
    async with listening(sandbox, **ways[way]) as socket:
        sandbox.post_as("nora", "@acme hello")
        assert (await heard(socket))[1] == "notification"


@pytest.mark.parametrize("token", [None, "nobody's"])
async def test_a_bad_token_is_401_before_the_upgrade(sandbox: Sandbox, brand: LiveBrand, token: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with listening(sandbox, token):
            raise AssertionError
    assert refused.value.response.status_code == 401


async def test_own_posts_edits_and_deletions(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token) as socket:
        mine = sandbox.post_as("acme", "we ship")
        assert (await heard(socket))[1] == "update"
        sandbox.edit(mine["id"], "we ship worldwide")
        _, event, body = await heard(socket)
        assert (event, body["content"]) == ("status.update", "<p>we ship worldwide</p>")
        hers = sandbox.post_as("nora", "@acme hello")
        assert (await heard(socket))[1] == "notification"
        sandbox.edit(hers["id"], "@acme hello?")
        assert (await heard(socket))[1] == "status.update"  # mentioned accounts hear of edits
        sandbox.delete(hers["id"])
        assert (await heard(socket))[1:] == ("delete", hers["id"])


async def test_the_notification_stream_has_only_those(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token, "stream=user:notification") as socket:
        sandbox.post_as("acme", "we ship")
        hers = sandbox.post_as("nora", "@acme hello")
        stream, event, _ = await heard(socket)
        assert (stream, event) == (["user:notification"], "notification")
        sandbox.delete(hers["id"])
        await silence(socket)


async def test_subscribing_later(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token, "") as socket:
        await socket.send(json.dumps({"type": "subscribe", "stream": "hashtag", "tag": "Brand"}))
        await socket.send(json.dumps({"type": "subscribe", "stream": "weather"}))
        assert json.loads(await socket.recv()) == {"error": "Unknown stream type", "status": 400}
        sandbox.post_as("nora", "oh #brand")
        stream, event, _ = await heard(socket)
        assert (stream, event) == (["hashtag", "brand"], "update")
        await socket.send("{")
        assert json.loads(await socket.recv())["status"] == 400


async def test_private_conversations_have_their_stream(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token, "stream=direct") as socket:
        made = sandbox.post_as("nora", "@acme psst", visibility="direct")
        stream, event, body = await heard(socket)
        assert (stream, event, body["last_status"]["id"]) == (["direct"], "conversation", made["id"])


async def test_nobody_hears_what_is_not_theirs(sandbox: Sandbox, brand: LiveBrand) -> None:
    token = sandbox.token(sandbox.person("yusuf")["acct"])
    async with listening(sandbox, token) as socket:
        sandbox.post_as("nora", "@acme psst", visibility="direct")
        await silence(socket)


async def test_filtered_mentions_are_not_streamed(sandbox: Sandbox) -> None:
    shy = sandbox.brand("shy", filters_private=True)
    async with listening(sandbox, shy.token) as socket:
        sandbox.post_as("nora", "@shy psst", visibility="direct")
        await silence(socket)


async def test_missed_events_are_not_replayed(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token):
        pass
    sandbox.post_as("nora", "@acme missed")
    async with listening(sandbox, brand.token) as socket:
        await silence(socket)


async def test_streams_can_be_cut_and_silenced(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token) as socket:
        sandbox.options(silent_streams=True)
        sandbox.post_as("nora", "@acme hello")
        await silence(socket)
        assert sandbox.cut_streams() == 1
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 60)


async def test_revoking_a_token_ends_its_stream(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token) as socket:
        sandbox.revoke(brand.token)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 60)


async def test_a_burst_arrives_whole_and_in_order(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with listening(sandbox, brand.token) as socket:
        sent = [sandbox.post_as("nora", f"@acme {n}")["id"] for n in range(200)]
        assert [(await heard(socket))[2]["status"]["id"] for _ in sent] == sent


async def test_server_sent_events(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with (
        httpx2.AsyncClient(base_url=sandbox.base_url, headers=brand.headers, trust_env=False) as client,
        client.stream("GET", "/api/v1/streaming/user") as answer,
    ):
        lines = answer.aiter_lines()
        assert await anext(lines) == ":)"
        made = await asyncio.to_thread(sandbox.post_as, "nora", "@acme hello")
        told = [await anext(lines) for _ in range(3)]
        assert told[1] == "event: notification"
        assert json.loads(told[2].removeprefix("data: "))["status"]["id"] == made["id"]


def test_health(acme: httpx2.Client) -> None:
    assert acme.get("/api/v1/streaming/health").text == "OK"


async def test_the_other_family_passes_over_some_subscriptions(gotosocial: Sandbox) -> None:
    token = gotosocial.brand("acme").token
    async with listening(gotosocial, token, "stream=user:notification") as socket:
        gotosocial.post_as("nora", "@acme hello")
        assert (await heard(socket))[0] == ["user:notification"]
    async with listening(gotosocial, token, "") as socket:
        await socket.send(json.dumps({"type": "subscribe", "stream": "user:notification"}))
        await asyncio.sleep(0.05)
        gotosocial.post_as("nora", "@acme hello")
        await silence(socket)
