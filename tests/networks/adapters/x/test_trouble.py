"""Servers that are rude where X should be: nothing is lost, nothing hangs, and what is said is a sentence."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

import pytest

from app.networks import errors
from app.networks.adapters.x.adapter import X
from app.networks.adapters.x.line import listen
from app.networks.port import Account, Outgoing
from tests.faults.proxy import a_page_of_html, broken, cut, no_list, slow, ten_megabytes, wait
from tests.networks.adapters.x.recorded import sample
from tests.rude import Asked, answer, rude_server

REPLY = Outgoing("k", "Hello", "2090000000000000001", "public")
CURSOR = '{"at":"2026-08-31T00:00:00+00:00","m":"2089999999999999990"}'
NO_MESSAGES = answer({"meta": {"result_count": 0}})


def account(server: str) -> Account:
    return Account("x", server, "1111111111111111111", "brand", {"token": "t0k3n", "bearer": "b34r3r"}, {})


def page(**changed: Any) -> bytes:
    """The recorded page of mentions as the last there is, with something else in its posts."""
    body = sample("01")
    del body["meta"]["next_token"]
    for one in body["data"]:
        one.update(changed)
    return json.dumps(body).encode()


async def again_and_again(_asked: Asked, _body: bytes) -> bytes:
    """429 whose time has passed long ago."""
    return answer({"detail": "Too Many Requests"}, "x-rate-limit-reset: 1", status="429 Too Many Requests")


async def elsewhere(_asked: Asked, _body: bytes) -> bytes:
    """A redirect."""
    return answer(b"", "Location: https://elsewhere.example/", status="302 Found")


async def no_page(_asked: Asked, _body: bytes) -> bytes:
    """An object under data where a list belongs."""
    return answer({"data": {"id": "1"}, "meta": {}})


async def nothing_said(_asked: Asked, _body: bytes) -> bytes:
    """A success without a word."""
    return answer(b"")


REFUSING = [
    a_page_of_html,
    broken,
    cut,
    no_list,
    ten_megabytes,
    wait,
    again_and_again,
    elsewhere,
    no_page,
    nothing_said,
]
Rude = Callable[[Asked, bytes], Awaitable[bytes | None]]


async def refused(rude: Rude) -> None:
    async def handler(asked: Asked) -> bytes | None:
        return await rude(asked, page())

    async with rude_server(handler) as server:
        for call in (
            X().mentions(account(server), CURSOR),
            X().thread(account(server), "1"),
            X().refresh(account(server)),
        ):
            with pytest.raises(errors.NetworkError) as told:
                await call
            assert not isinstance(told.value, errors.Gone | errors.Unknown)
            assert told.value.sentence.endswith((".", "s"))
            assert "<" not in told.value.sentence
            if isinstance(told.value, errors.RateLimited) and told.value.retry_at is not None:
                assert told.value.retry_at.timestamp() > time.time()


@pytest.mark.parametrize("rude", REFUSING, ids=lambda one: one.__name__)
async def test_nothing_can_be_read_and_it_is_said(rude: Rude):
    await refused(rude)


@pytest.mark.faults
async def test_nothing_can_be_read_for_as_long_as_a_call_may_take():
    began = time.monotonic()
    await refused(slow)
    assert time.monotonic() - began < 70


@pytest.mark.parametrize(
    "rude", [a_page_of_html, broken, cut, ten_megabytes, nothing_said], ids=lambda one: one.__name__
)
async def test_an_answer_to_a_post_that_says_nothing_leaves_its_fate_open(rude: Rude):
    async def handler(asked: Asked) -> bytes | None:
        return await rude(asked, b'{"data": {"id": "2090000000000000077"}}')

    async with rude_server(handler) as server:
        with pytest.raises(errors.Unknown):
            await X().publish(account(server), REPLY)


@pytest.mark.parametrize(
    "changed",
    [
        {"created_at": "0001-01-01T00:00:00.000Z"},
        {"created_at": "9999-12-31T23:59:59.999Z"},
        {"created_at": None, "lang": 5, "entities": [], "attachments": "x", "referenced_tweets": {}},
        {"entities": {"mentions": [{"username": f"somebody{n}", "start": n} for n in range(4000)]}},
        {"edit_history_tweet_ids": ["x", None, "9" * 400]},
        {"text": "x" * 200_000},
    ],
    ids=["year 1", "year 9999", "other types", "4,000 mentions", "odd history", "long"],
)
async def test_what_is_strange_is_taken_in_all_the_same(changed: dict[str, Any]):
    async def handler(asked: Asked) -> bytes:
        return answer(page(**changed)) if asked.path.endswith("/mentions") else NO_MESSAGES

    async with rude_server(handler) as server:
        got = await X().mentions(account(server), CURSOR)
    assert [item.remote_id for item in got.items] == ["2090000000000000001", "2090000000000000002"]
    assert got.cursor is not None
    assert "2090000000000000002" in got.cursor


async def test_one_unreadable_post_does_not_hold_up_the_page():
    body = json.loads(page())
    body["data"] = [body["data"][0], 5, None, {"id": "x"}, {"text": "no id"}, body["data"][1]]

    async def handler(asked: Asked) -> bytes:
        return answer(body) if asked.path.endswith("/mentions") else NO_MESSAGES

    async with rude_server(handler) as server:
        got = await X().mentions(account(server), CURSOR)
    assert (len(got.items), len(got.rejects)) == (2, 2)


async def test_a_server_that_always_has_another_page_does_not_keep_us_walking():
    body = {**json.loads(page()), "meta": {"next_token": "again"}}
    asked_for: list[str] = []

    async def handler(asked: Asked) -> bytes:
        asked_for.append(asked.path)
        return answer(body if asked.path.endswith("/mentions") else {"data": [], "meta": {"next_token": "again"}})

    async with rude_server(handler) as server:
        got = await X().mentions(account(server), CURSOR)
    assert len(got.items) == 2
    assert len(asked_for) < 20


async def test_silence_about_a_post_is_no_word_that_it_is_gone():
    async def handler(asked: Asked) -> bytes:
        return answer({"errors": [{"resource_id": "5", "type": "https://api.x.com/2/problems/resource-not-found"}]})

    async with rude_server(handler) as server:
        with pytest.raises(errors.Transient):
            await X().post(account(server), "6")
        with pytest.raises(errors.Gone):
            await X().post(account(server), "5")


async def test_a_line_that_says_nonsense_is_worth_a_look_and_one_that_is_too_long_is_broken():
    lines = asyncio.Event()

    async def handler(asked: Asked) -> bytes | None:
        if asked.path != "/2/activity/stream":
            return answer({"data": []})
        asked.writer.write(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b'5\r\n{"a":\r\n' + b"3\r\n]\r\n\r\n"
        )
        await lines.wait()
        return b"600000\r\n" + b"x" * 0x600000 + b"\r\n"

    async with rude_server(handler) as server, aclosing(listen(account(server))) as hints:
        assert (await asyncio.wait_for(anext(hints), 10)).remote_id is None
        assert (await asyncio.wait_for(anext(hints), 10)).remote_id is None
        lines.set()
        with pytest.raises(errors.Transient, match="larger"):
            await asyncio.wait_for(anext(hints), 10)
