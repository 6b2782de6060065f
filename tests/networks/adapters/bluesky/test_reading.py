"""Notifications walked so that none is missed, and private messages that do not get in their way."""

import asyncio
import json
import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from websockets.asyncio.server import ServerConnection

from app.core.clock import now
from app.networks import errors
from app.networks.adapters.bluesky import NETWORK, pages
from app.networks.adapters.bluesky.place import MOST_KNOWN
from app.networks.port import Hint
from tests.networks.adapters.bluesky.conftest import Joined, join
from tests.networks.adapters.bluesky.server import Fault, Server
from tests.networks.adapters.bluesky.world import did_of, iso
from tests.networks.given import walk


async def test_what_is_filed_late_below_what_was_read_is_still_heard_and_nothing_twice(joined: Joined):
    joined.server.post("nora", "@acme first")
    start = (await NETWORK.mentions(joined.account, None)).cursor
    joined.server.post("nora", "@acme second")
    found, cursor = await walk(NETWORK, joined.account, start)
    late = joined.server.post("omar", "@acme late")
    joined.server.world.posts[late].record["createdAt"] = iso(now() - timedelta(minutes=9))  # below all the others
    more, cursor = await walk(NETWORK, joined.account, cursor)
    assert [one.text for one in (*found, *more)] == ["@acme second", "@acme late"]
    assert (await walk(NETWORK, joined.account, cursor))[0] == []


async def test_what_shifts_up_when_something_is_deleted_is_not_new(joined: Joined, monkeypatch):
    """What was said long before the account was connected must not become tickets."""
    monkeypatch.setattr(pages, "_SIZE", 5)
    old = [joined.server.post("nora", f"@acme old {n}") for n in range(9)]
    start = (await NETWORK.mentions(joined.account, None, limit=5)).cursor
    for uri in old[-3:]:
        joined.server.delete(uri)
    found, _ = await walk(NETWORK, joined.account, start)
    assert found == []


async def test_a_long_absence_is_gone_through_piece_by_piece(joined: Joined, monkeypatch):
    monkeypatch.setattr(pages, "_SIZE", 10)
    monkeypatch.setattr(pages, "_MOST_PAGES", 3)
    joined.server.post("nora", "@acme before")
    start = (await NETWORK.mentions(joined.account, None)).cursor
    monkeypatch.setattr("app.networks.adapters.bluesky.place.LATE", timedelta(0))
    sent = [f"@acme number {n}" for n in range(95)]
    for text in sent:
        joined.server.post("nora", text)
    found, cursor = await walk(NETWORK, joined.account, start)
    assert sorted({one.text for one in found}) == sorted(sent)
    assert len(cursor) < 13 * MOST_KNOWN + 400
    joined.server.post("nora", "@acme after")
    found, _ = await walk(NETWORK, joined.account, cursor)
    assert [one.text for one in found] == ["@acme after"]


async def test_a_cursor_that_cannot_be_read_begins_again_and_loses_nothing(joined: Joined):
    joined.server.post("nora", "@acme one")
    for cursor in ("", "[]", "{", '{"m":5,"n":{}}'):
        found, _ = await walk(NETWORK, joined.account, cursor)
        assert [one.text for one in found] == ["@acme one"]


@pytest.mark.parametrize("kind", ["error", "drop", "html"])
async def test_a_post_that_cannot_be_looked_at_is_handed_over_as_it_was_notified(joined: Joined, kind):
    joined.server.faults.append(Fault(kind, "/xrpc/app.bsky.feed.getPosts", times=None))
    joined.server.post("nora", "@acme one")
    (post,) = (await NETWORK.mentions(joined.account, None)).items
    assert post.text == "@acme one"


async def test_a_reply_that_nobody_was_told_of_is_found_in_the_thread(joined: Joined):
    root = joined.server.post("nora", "@acme it is down")
    ours = joined.server.post("acme", "on it", under=root)
    lost = joined.server.post("nora", "still down", under=ours)
    joined.server.world.silent.add(lost)
    start = await NETWORK.mentions(joined.account, None)
    assert lost not in {one.remote_id for one in start.items}
    below = (await NETWORK.thread(joined.account, root)).descendants
    assert {(one.remote_id, one.role) for one in below} == {(ours, "own"), (lost, "mention")}


async def test_a_reply_that_threads_do_not_show_is_found_through_what_answers_it(joined: Joined):
    root = joined.server.post("nora", "@acme it is down")
    left_out = joined.server.post("omar", "same here", under=root)
    leaf = joined.server.post("nora", "since when?", under=left_out)
    world = joined.server.world
    world.posts[left_out].hidden = True
    thread = await NETWORK.thread(joined.account, leaf)
    assert [one.remote_id for one in thread.ancestors] == [root, left_out]
    del world.posts[root]
    thread = await NETWORK.thread(joined.account, leaf)
    assert [one.remote_id for one in thread.ancestors] == [left_out]


class TestMessages:
    """Against the double alone: `@atproto/dev-env` starts no service for `chat.bsky`, nor does any published package.

    Its account server only passes such calls on, to an address that does not exist there.
    """

    async def test_a_conversation_is_one_chain_and_each_message_comes_once(self, joined: Joined):
        joined.server.whisper("nora", "acme", "psst")
        start = await NETWORK.mentions(joined.account, None)
        first = start.items[-1]
        assert (first.text, first.role, first.in_reply_to, first.author.handle) == ("psst", "direct", None, "nora.test")
        joined.server.whisper("nora", "acme", "are you there?")
        joined.server.whisper("acme", "nora", "yes")
        found, cursor = await walk(NETWORK, joined.account, start.cursor)
        assert [(one.text, one.role) for one in found] == [("are you there?", "direct"), ("yes", "own")]
        assert [one.in_reply_to for one in found] == [first.remote_id, found[0].remote_id]
        assert (await walk(NETWORK, joined.account, cursor))[0] == []
        thread = await NETWORK.thread(joined.account, found[0].remote_id)
        assert [one.text for one in thread.ancestors] == ["psst"]
        assert [one.text for one in thread.descendants] == ["yes"]
        with pytest.raises(errors.Gone):
            await NETWORK.post(joined.account, f"{found[0].remote_id}9")

    async def test_more_messages_than_a_page_holds_come_all(self, joined: Joined, monkeypatch):
        monkeypatch.setattr("app.networks.adapters.bluesky.chat._SIZE", 5)
        start = await NETWORK.mentions(joined.account, None)
        for n in range(17):
            joined.server.whisper("nora", "acme", f"{n}")
        found, _ = await walk(NETWORK, joined.account, start.cursor)
        assert [one.text for one in found] == [str(n) for n in range(17)]
        assert all(one.in_reply_to == before.remote_id for before, one in pairwise(found))

    @pytest.mark.parametrize("kind", ["error", "rate_limit", "html"])
    async def test_messages_that_cannot_be_read_do_not_keep_mentions_from_us_and_come_later(self, joined: Joined, kind):
        start = await NETWORK.mentions(joined.account, None)
        joined.server.whisper("nora", "acme", "psst")
        joined.server.post("nora", "@acme hello")
        joined.server.faults.append(Fault(kind, "/xrpc/chat.", times=None))
        found, cursor = await walk(NETWORK, joined.account, start.cursor)
        assert [one.text for one in found] == ["@acme hello"]
        joined.server.faults.clear()
        found, _ = await walk(NETWORK, joined.account, cursor)
        assert [one.text for one in found] == ["psst"]

    async def test_what_the_log_never_told_is_found_by_looking_through_the_conversations(self, joined: Joined):
        start = await NETWORK.mentions(joined.account, None)
        joined.server.whisper("nora", "acme", "psst")
        joined.server.world.log.clear()
        assert (await walk(NETWORK, joined.account, start.cursor))[0] == []
        earlier = json.loads(start.cursor)
        earlier["k"] = (now() - timedelta(minutes=11)).isoformat()
        found, _ = await walk(NETWORK, joined.account, json.dumps(earlier))
        assert [one.text for one in found] == ["psst"]

    async def test_conversations_of_several_are_left_alone(self, joined: Joined):
        start = await NETWORK.mentions(joined.account, None)
        joined.server.whisper("nora", "acme", "psst")
        world = joined.server.world
        (convo,) = world.members
        world.members[convo] = (*world.members[convo], world.person("omar"))
        assert (await walk(NETWORK, joined.account, start.cursor))[0] == []

    async def test_a_conversation_that_we_left_does_not_hold_up_the_others(self, joined: Joined):
        start = await NETWORK.mentions(joined.account, None)
        joined.server.whisper("nora", "acme", "psst")
        joined.server.whisper("omar", "acme", "hello?")
        server, nora = joined.server, did_of("nora")
        left = next(convo for convo, people in server.world.members.items() if nora in people)
        server.gone.add(left)
        found, _ = await walk(NETWORK, joined.account, start.cursor)
        assert [one.text for one in found] == ["hello?"]

    async def test_a_password_without_messages_never_asks_for_them(self, server):
        server.chats = False
        joined = await join(server)
        assert joined.connected.warnings == ("connect.bluesky.no_messages",)
        server.asked.clear()
        await NETWORK.mentions(joined.account, None)
        assert not [one for one in server.asked if "chat" in one.path]


async def the_line(server: Server) -> ServerConnection:
    """The only connection to the server's stream, as soon as that knows of it."""
    begun = time.monotonic()
    while not server.lines.connections:
        assert time.monotonic() - begun < 30
        await asyncio.sleep(0.001)
    (line,) = server.lines.connections
    return line


class TestLine:
    async def test_it_hints_at_what_concerns_the_account_and_at_nothing_else(self, server):
        joined = await join(server, stream=server.stream)
        hints = NETWORK.hints(joined.account)
        assert await anext(hints) == Hint()
        server.post("omar", "nothing to see here")
        root = server.post("nora", "@acme hello")
        deep = server.post("omar", "me too", under=root)
        server.delete(deep)
        ours = server.post("acme", "on it", under=root)
        assert [(await anext(hints)).remote_id for _ in range(2)] == [root, ours]
        below = server.post("omar", "and me", under=ours)
        server.delete(below)
        assert [(await anext(hints)).remote_id for _ in range(2)] == [below, below]
        await hints.aclose()

    async def test_accounts_of_one_service_share_one_connection_and_each_hears_its_own(self, server):
        acme = await join(server, stream=server.stream)
        omar = await join(server, stream=server.stream, identifier="omar.test", password=server.brand("omar"))
        first, second = NETWORK.hints(acme.account), NETWORK.hints(omar.account)
        assert [await anext(first), await anext(second)] == [Hint()] * 2
        await the_line(server)
        ours, theirs = server.post("nora", "@acme hello"), server.post("nora", "@omar hello")
        assert ((await anext(first)).remote_id, (await anext(second)).remote_id) == (ours, theirs)
        await first.aclose()  # who leaves does not take the line along
        again = server.post("nora", "@omar hello again")
        assert (await anext(second)).remote_id == again
        first = NETWORK.hints(acme.account)
        assert await anext(first) == Hint()
        await the_line(server)
        assert server.cut_lines() == 1
        for hints in (first, second):  # and all hear of its end
            with pytest.raises(errors.Transient):
                await anext(hints)
        hints = NETWORK.hints(omar.account)
        assert await anext(hints) == Hint()
        line = await the_line(server)
        await hints.aclose()
        closed = asyncio.run_coroutine_threadsafe(line.wait_closed(), server._loop)
        await asyncio.wait_for(asyncio.wrap_future(closed), 30)  # the last closes it

    async def test_without_a_stream_it_is_only_worth_looking_now_and_then(self, joined: Joined):
        from app.networks.adapters.bluesky import line

        hints = line.listen(joined.account, tick=0.01)
        assert [await anext(hints) for _ in range(3)] == [Hint()] * 3
        await hints.aclose()

    async def test_nothing_listens_there(self, joined: Joined):
        account = replace(joined.account, traits={**joined.account.traits, "stream": "ws://127.0.0.1:9"})
        with pytest.raises(errors.Transient):
            await anext(NETWORK.hints(account))
