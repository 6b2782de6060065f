"""The one way out: bounded in time and size, to checked addresses, and honest about what may have left."""

import asyncio
import gzip
import json
import logging

import pytest

from app.core import client
from app.core.addresses import HostRefused, HostUnknown, checked_addresses, is_public
from app.core.settings import settings
from tests.rude import answer, rude_server


@pytest.fixture
def private_allowed(monkeypatch):
    monkeypatch.setattr(settings(), "allow_private_networks", True)


@pytest.mark.usefixtures("private_allowed")
class TestAnAllowedServer:
    async def test_its_answer_is_read_whole_with_headers_in_lower_case(self):
        async def handler(asked):
            asked.writer.write(answer(b'{"a": 1}', "X-Thing: yes"))

        async with rude_server(handler) as url:
            got = await client.request("GET", url)
        assert (got.status, got.json(), got.headers["x-thing"]) == (200, {"a": 1}, "yes")

    async def test_it_sees_who_asks_what_was_asked_and_the_name_it_was_asked_by(self):
        seen = []

        async def handler(asked):
            seen.append(asked)
            asked.writer.write(answer(b"{}"))

        async with rude_server(handler) as url:
            port = url.rpartition(":")[2]
            await client.request("GET", f"http://localhost:{port}/x", params=[("types[]", "a"), ("types[]", "b")])
        assert seen[0].headers["host"] == f"localhost:{port}"
        assert seen[0].headers["user-agent"].startswith("Mentiondesk")
        assert (seen[0].method, seen[0].path, seen[0].query) == ("GET", "/x", {"types[]": ["a", "b"]})

    async def test_a_redirect_is_an_answer_and_is_not_followed(self):
        async def handler(asked):
            asked.writer.write(answer(b"", "Location: /elsewhere", status="302 Found"))

        async with rude_server(handler) as url:
            assert (await client.request("GET", url)).status == 302

    async def test_a_cookie_set_for_one_account_does_not_come_back_with_the_next(self):
        heads = []

        async def handler(asked):
            heads.append(asked.headers)
            asked.writer.write(answer(b"", "Set-Cookie: session=alice; Path=/"))

        async with rude_server(handler) as url:
            await client.request("GET", url)
            await client.request("GET", url)
        assert len(heads) == 2
        assert "cookie" not in heads[1]

    async def test_an_answer_larger_than_allowed_is_not_read(self):
        async def handler(asked):
            asked.writer.write(answer(b"x" * 2_000_001))

        async with rude_server(handler) as url:
            with pytest.raises(client.AnswerTooLarge, match="2 MB"):
                await client.request("GET", url, largest=2_000_000)

    async def test_a_small_answer_that_unfolds_into_a_large_one_is_not_unfolded(self):
        bomb = gzip.compress(b"\0" * 50_000_000)

        async def handler(asked):
            asked.writer.write(answer(bomb, "Content-Encoding: gzip"))

        async with rude_server(handler) as url:
            with pytest.raises(client.AnswerTooLarge):
                await client.request("GET", url)

    async def test_a_compressed_answer_is_read(self):
        async def handler(asked):
            asked.writer.write(answer(gzip.compress(b'{"ok": true}'), "Content-Encoding: gzip"))

        async with rude_server(handler) as url:
            assert (await client.request("GET", url)).json() == {"ok": True}

    async def test_a_server_that_never_ends_is_left_when_the_budget_is_spent(self):
        async def handler(asked):
            asked.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while True:  # a byte now and then keeps every per-read timeout happy
                asked.writer.write(b"x")
                await asked.writer.drain()
                await asyncio.sleep(0.02)

        async with rude_server(handler) as url:
            with pytest.raises(client.Unreachable) as failure:
                await client.request("GET", url, budget=1.0)
        assert failure.value.sent

    async def test_a_line_cut_after_the_request_left_says_that_it_left(self):
        async def handler(asked):
            asked.writer.transport.abort()

        async with rude_server(handler) as url:
            with pytest.raises(client.Unreachable) as failure:
                await client.request("POST", url, content={})
        assert failure.value.sent

    async def test_a_closed_port_says_that_nothing_left(self):
        async with rude_server(lambda *_: asyncio.sleep(0)) as url:
            pass
        with pytest.raises(client.Unreachable) as failure:
            await client.request("POST", url, content={})
        assert not failure.value.sent
        await client.close()

    async def test_an_address_that_is_none_says_that_nothing_left(self):
        for url in ("http://[", "gopher://example.org/", "http://"):
            with pytest.raises((client.Unreachable, HostUnknown)):
                await client.request("GET", url)
        await client.close()

    async def test_no_credential_reaches_the_logs_even_when_everything_is_logged(self, caplog):
        async def handler(asked):
            asked.writer.write(answer(b"{}"))

        with caplog.at_level(logging.DEBUG):
            async with rude_server(handler) as url:
                await client.request("GET", url, headers={"authorization": "Bearer s3cret-token"})
        assert "s3cret" not in caplog.text


async def test_a_json_answer_nested_without_end_is_a_value_error():
    with pytest.raises(ValueError, match="deep"):
        client.Answer(200, {}, b"[" * 200_000).json()
    with pytest.raises(json.JSONDecodeError):
        client.Answer(200, {}, b"<html>").json()


REFUSED = [
    "127.0.0.1",
    "localhost",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "0.0.0.0",
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "fe80::1",
    "fd00:ec2::254",
    "224.0.0.1",
    "255.255.255.255",
]


@pytest.fixture
def private_refused(monkeypatch):
    monkeypatch.setattr(settings(), "allow_private_networks", False)


@pytest.mark.usefixtures("private_refused")
@pytest.mark.parametrize("host", REFUSED)
async def test_private_hosts_are_refused_in_every_spelling(host):
    with pytest.raises(HostRefused):
        await checked_addresses(host, 80)


@pytest.mark.usefixtures("private_refused")
async def test_a_request_to_a_private_host_is_refused_before_anything_leaves():
    connected = asyncio.Event()

    async def handler(asked):
        connected.set()
        asked.writer.write(answer(b""))

    async with rude_server(handler) as url:
        with pytest.raises(HostRefused):
            await client.request("GET", url)
    assert not connected.is_set()


@pytest.mark.usefixtures("private_refused")
async def test_a_public_address_is_kept():
    assert await checked_addresses("9.9.9.9", 443) == ("9.9.9.9",)
    assert is_public("2620:fe::9")


async def test_a_name_that_does_not_exist_is_unknown():
    with pytest.raises(HostUnknown):
        await checked_addresses("no-such-host.invalid", 80)
    with pytest.raises(HostUnknown):
        await checked_addresses("a" * 70 + ".example", 80)
