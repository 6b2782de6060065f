"""Servers that are rude, odd or hostile, and one that somebody else wrote."""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import aclosing

import httpx2
import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.adapters.mastodon import line
from app.networks.adapters.mastodon.adapter import Mastodon
from app.networks.adapters.mastodon.client import Api
from app.networks.port import Account, Hint, Outgoing
from tests.networks.adapters.mastodon.recorded import BRAND, recorded
from tests.rude import Asked, answer, rude_server
from tests.sandbox.live import Sandbox, start_sandbox
from tests.sandbox.mock import start_mock

MASTODON = Mastodon()
REPLY = Outgoing("k", "@alice@toot.example Hello", "115000000000000100", "public")


def account(server: str, **traits) -> Account:
    return Account("mastodon", server, BRAND.account_id, "brand@social.example", {"token": "t0k3n"}, traits)


def mention(number: int) -> dict:
    return recorded("01") | {
        "id": str(number),
        "status": recorded("01")["status"] | {"id": str(number), "uri": f"u{number}"},
    }


class TestPages:
    async def test_a_page_too_large_to_read_is_asked_for_in_smaller_pieces(self):
        sizes = []

        async def handler(asked: Asked) -> bytes:
            size = int(asked.query["limit"][0])
            sizes.append(size)
            return answer(b"[" + b" " * 6_000_000 + b"]") if size > 5 else answer([mention(7)])

        async with rude_server(handler) as server:
            page = await MASTODON.mentions(account(server), "5")
        assert sizes == [80, 20, 5]
        assert (page.cursor, len(page.items)) == ("7", 1)

    async def test_a_server_that_ignores_the_cursor_does_not_keep_us_walking(self):
        async def handler(_asked: Asked) -> bytes:
            return answer([mention(7), mention(6)])

        async with rude_server(handler) as server:
            page = await MASTODON.mentions(account(server), "9")
            older = await MASTODON.older_mentions(account(server), "6")
            begun = await MASTODON.mentions(account(server), "0")
        assert (page.cursor, page.more) == ("9", False)
        assert (older.cursor, older.more) == ("6", False)
        assert (begun.cursor, begun.more) == ("7", True)

    async def test_one_unreadable_notification_does_not_hold_up_the_page(self):
        page = [
            mention(8),
            {"id": "7", "type": "mention", "status": {"id": "7"}},
            5,
            None,
            {"type": "mention"},
            mention(6),
        ]

        async def handler(_asked: Asked) -> bytes:
            return answer(page)

        async with rude_server(handler) as server:
            got = await MASTODON.mentions(account(server), "5")
        assert [item.remote_id for item in got.items] == ["6", "8"]
        assert [reject.remote_id for reject in got.rejects] == [None, None, None, "7"]
        assert got.cursor == "8"

    async def test_what_the_server_filters_is_asked_for_and_only_known_kinds_are_left_out(self):
        seen: list[Asked] = []

        async def handler(asked: Asked) -> bytes:
            seen.append(asked)
            return answer([])

        async with rude_server(handler) as server:
            await MASTODON.mentions(account(server), "5", limit=500)
        (asked,) = seen
        assert asked.query["min_id"] == ["5"]
        assert asked.query["limit"] == ["80"]
        assert asked.query["include_filtered"] == ["true"]
        assert "types[]" not in asked.query
        assert not {"mention", "quote", "update", "status"} & set(asked.query["exclude_types[]"])
        assert asked.headers["authorization"] == "Bearer t0k3n"

    @pytest.mark.parametrize("body", [{}, "x", None, 5])
    async def test_a_page_that_is_no_list_is_transient(self, body):
        async def handler(_asked: Asked) -> bytes:
            return answer(body)

        async with rude_server(handler) as server:
            for call in (MASTODON.mentions(account(server), None), MASTODON.find(account(server), REPLY, now())):
                with pytest.raises(errors.Transient):
                    await call


class TestPublishing:
    async def test_what_is_sent(self):
        seen: list[Asked] = []

        async def handler(asked: Asked) -> bytes:
            seen.append(asked)
            found = {"id": "109000000000000002"} if asked.path.endswith("/lookup") else recorded("18")
            return answer(found)

        reply = Outgoing(
            "key-1", "@alice@toot.example Hi", "5", "direct", "cw", "fr", ("7",), recipients=("alice@toot.example",)
        )
        async with rude_server(handler) as server:
            await MASTODON.publish(account(server, family="mastodon"), reply)
            await MASTODON.publish(account(server, family="gotosocial"), reply)
        lookup, posted, other = seen
        assert lookup.query == {"acct": ["alice@toot.example"]}
        assert posted.headers["idempotency-key"] == "key-1"
        expected = {
            "status": "@alice@toot.example Hi",
            "in_reply_to_id": "5",
            "visibility": "direct",
            "media_ids": ["7"],
            "spoiler_text": "cw",
            "sensitive": True,
            "language": "fr",
        }
        assert json.loads(posted.body) == expected | {"allowed_mentions": ["109000000000000002"]}
        assert json.loads(other.body) == expected | {"content_type": "text/plain"}

    @pytest.mark.parametrize(
        "said",
        [
            answer(b"<html>Bad gateway</html>", "Content-Type: text/html", status="502 Bad Gateway"),
            answer(b"<html>ok</html>"),
            answer({"no": "status"}),
            answer(b"[" * 100_000),
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
            b"not http at all\r\n\r\n",
            b"",
        ],
        ids=["502 page", "200 page", "no status", "nested", "cut", "no http", "closed"],
    )
    async def test_any_answer_that_is_none_leaves_the_post_unknown(self, said):
        async def handler(asked: Asked) -> bytes | None:
            asked.writer.write(said)
            await asked.writer.drain()
            asked.writer.close()
            return None

        async with rude_server(handler) as server:
            with pytest.raises(errors.Unknown) as unknown:
                await MASTODON.publish(account(server), REPLY)
        assert "<" not in unknown.value.sentence

    async def test_a_server_that_cannot_be_reached_was_not_asked(self):
        async with rude_server(lambda _: asyncio.sleep(0)) as server:
            pass
        with pytest.raises(errors.Transient):
            await MASTODON.publish(account(server), REPLY)

    async def test_silence_is_unknown_when_the_time_is_up_and_reading_is_transient(self):
        async def handler(_asked: Asked) -> None:
            await asyncio.sleep(30)

        async with rude_server(handler) as server:
            begun = time.monotonic()
            with pytest.raises(errors.Unknown):
                await Api(server, "t", budget=1.0).send("POST", "/api/v1/statuses", {}, wrote=True)
            with pytest.raises(errors.Transient):
                await Api(server, "t", budget=0.3).get("/api/v1/notifications")
            assert time.monotonic() - begun < 25

    async def test_one_budget_holds_for_all_requests_of_a_call(self):
        async def handler(_asked: Asked) -> bytes:
            await asyncio.sleep(0.2)
            return answer([])

        async with rude_server(handler) as server:
            api = Api(server, "t", budget=0.5)
            with pytest.raises(errors.Transient):
                for _ in range(10):
                    await api.get("/x")
            assert api.left() == 0.001

    async def test_a_sentence_never_repeats_the_token(self):
        async def handler(_asked: Asked) -> bytes:
            return answer({"error": "token t0k3n is not valid for this"}, status="422 Unprocessable")

        async with rude_server(handler) as server:
            for call in (MASTODON.publish(account(server), REPLY), MASTODON.mentions(account(server), None)):
                with pytest.raises(errors.Rejected, match="token … is not valid") as refused:
                    await call
                assert "t0k3n" not in str(refused.value)

    async def test_a_redirect_is_not_followed_with_our_token(self):
        heads: list[str] = []

        async def handler(asked: Asked) -> bytes:
            heads.append(asked.path)
            return answer(b"", "Location: http://127.0.0.1:1/elsewhere", status="301 Moved")

        async with rude_server(handler) as server:
            with pytest.raises(errors.Rejected, match="elsewhere"):
                await MASTODON.mentions(account(server), None)
        assert len(heads) == 1


class TestTheLine:
    @staticmethod
    def handshake(asked: Asked) -> bytes:
        key = asked.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        return (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n"
        ).encode()

    async def test_a_line_that_stays_open_and_silent_is_found_by_our_own_pings(self):
        async def handler(asked: Asked) -> bytes | None:
            if "sec-websocket-key" in asked.headers:
                asked.writer.write(self.handshake(asked))
                await asyncio.sleep(30)
            return None

        async with rude_server(handler) as server:
            brand = account(server, streaming=server.replace("http", "ws") + "/api/v1/streaming")
            hints = line.listen(brand, ping_seconds=0.1, pong_seconds=0.2)
            async with aclosing(hints):
                assert await anext(hints) == Hint()
                with pytest.raises(errors.Transient):
                    await asyncio.wait_for(anext(hints), 30)

    async def test_the_token_goes_into_a_header_and_not_into_the_address_or_the_log(self, caplog):
        seen: list[Asked] = []

        async def handler(asked: Asked) -> bytes:
            seen.append(asked)
            return answer(b"no", status="503 Busy")

        with caplog.at_level("DEBUG"):
            async with rude_server(handler) as server:
                brand = account(server, streaming=server.replace("http", "ws") + "/api/v1/streaming")
                with pytest.raises(errors.Transient, match="503"):
                    await anext(line.listen(brand))
        assert seen[0].query == {"stream": ["user"]}
        assert seen[0].headers["authorization"] == "Bearer t0k3n"
        assert "t0k3n" not in caplog.text

    @pytest.mark.parametrize(
        "address", ["", "wss://", "ws://no-such-host.invalid/x", "ws://127.0.0.1:9/x", "ws://x:99999/"]
    )
    async def test_an_address_nobody_listens_at_is_transient(self, address):
        with pytest.raises(errors.Transient):
            await anext(line.listen(account("http://x.example", streaming=address)))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox() as running:
        yield running


class TestWhatAServerHides:
    async def test_filtered_private_mentions_are_read_all_the_same_and_the_lead_is_warned(self, sandbox):
        sandbox.reset()
        brand = sandbox.brand("acme", filters_private=True)
        fields = {"server": sandbox.base_url, "token": brand.token}
        connected = await MASTODON.connect(fields, {}, {}, "https://desk.example/return")
        assert connected.warnings == ("connect.mastodon.filters_private", "connect.mastodon.filters_others")
        sandbox.post_as("nora", "@acme psst", visibility="direct")
        page = await MASTODON.mentions(connected.account, None)
        assert [item.role for item in page.items] == ["direct"]

    async def test_with_consent_the_filter_is_lifted(self, sandbox):
        sandbox.reset()
        brand = sandbox.brand("acme", filters_private=True)
        fields = {"server": sandbox.base_url, "token": brand.token, "accept_filtered": "yes"}
        connected = await MASTODON.connect(fields, {}, {}, "https://desk.example/return")
        assert connected.warnings == ()
        assert (await MASTODON.refresh(connected.account)).warnings == ()

    async def test_a_repeat_that_fails_on_a_server_that_has_the_post_is_unknown_and_found(self, sandbox):
        sandbox.reset()
        brand = sandbox.brand("acme")
        connected = await MASTODON.connect({"server": sandbox.base_url, "token": brand.token}, {}, {}, "")
        parent = sandbox.post_as("nora", "@acme hello")
        reply = Outgoing("same-key", "@nora@sandbox.test Hello", parent["id"], "public")
        begun = now()
        sent = await MASTODON.publish(connected.account, reply)
        sandbox.fault("error", path="/api/v1/statuses", method="POST", repeats_only=True, after=True)
        with pytest.raises(errors.Unknown):
            await MASTODON.publish(connected.account, reply)
        found = await MASTODON.find(connected.account, reply, begun)
        assert found is not None
        assert found.remote_id == sent.remote_id

    async def test_an_address_where_something_else_lives_says_so(self):
        async def handler(asked: Asked) -> bytes:
            found = asked.path in {"/", "/api/v1/accounts/verify_credentials"}
            return answer(b"<html>hello</html>", status="200 OK" if found else "404 Not Found")

        async with rude_server(handler) as server:
            for call in (
                MASTODON.connect({"server": server, "token": "x"}, {}, {}, ""),
                MASTODON.authorize({"server": server}, "https://desk.example/return"),
            ):
                with pytest.raises(errors.NetworkError, match="does not speak like Mastodon"):
                    await call


@pytest.fixture(scope="module")
def mock(tmp_path_factory) -> Iterator[str]:
    with start_mock(tmp_path_factory.mktemp("mock")) as address:
        yield address


class TestSomebodyElsesServer:
    """What the adapter does with the sandbox it also does with a Mastodon server that we did not write."""

    async def test_mentions_replies_and_repeats(self, mock):
        connected = await MASTODON.connect({"server": mock, "token": "token-of-acme"}, {}, {}, "")
        brand = connected.account
        assert brand.traits["family"] == "mastodon"
        start = await MASTODON.mentions(brand, None)
        nora = {"Authorization": "Bearer token-of-nora"}
        for number in range(5):
            said = {"status": f"@acme number {number}", "visibility": "direct" if number == 4 else "public"}
            assert httpx2.post(f"{mock}/api/v1/statuses", headers=nora, json=said).is_success
        found, cursor = [], start.cursor
        while True:
            page = await MASTODON.mentions(brand, cursor, limit=2)
            found += page.items
            cursor = page.cursor
            if not page.more:
                break
        assert [item.text for item in found] == [f"@acme number {n}" for n in range(5)]
        assert [item.role for item in found] == ["mention"] * 4 + ["direct"]
        reply = Outgoing("key-1", MASTODON.compose("nora", [], "Hello", "public"), found[0].remote_id, "public")
        begun = now()
        sent = await MASTODON.publish(brand, reply)
        assert (await MASTODON.publish(brand, reply)).remote_id == sent.remote_id
        again = await MASTODON.find(brand, reply, begun)
        assert again is not None
        assert again.remote_id == sent.remote_id
        thread = await MASTODON.thread(brand, found[0].remote_id)
        assert [post.role for post in thread.descendants] == ["own"]
