"""Replies whose record is made once, put there however often, and looked at afterwards; and messages that know no key."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.adapters.bluesky import NETWORK
from app.networks.adapters.bluesky.detect import detect
from app.networks.adapters.bluesky.record import NotAllowed
from app.networks.adapters.bluesky.tid import encode, mint
from app.networks.answerable import YES, Answerable, Asked
from app.networks.port import Inbound, Upload
from tests.networks.adapters.bluesky.conftest import Joined
from tests.networks.adapters.bluesky.server import Fault
from tests.networks.adapters.bluesky.world import POST, did_of
from tests.networks.given import first, outgoing, ready, send
from tests.networks.pictures import red_square

PUT = "/xrpc/com.atproto.repo.putRecord"


async def heard(joined: Joined, text: str = "@acme it is down") -> Inbound:
    joined.server.post("nora", text)
    return await first(NETWORK, joined.account)


def ours(joined: Joined) -> list[dict]:
    return [one.record for one in joined.server.world.posts.values() if one.did == did_of("acme")]


def asked_about(post: Inbound, **more) -> Asked:
    given = {"author_remote_id": post.author.remote_id, "role": post.role, "visibility": post.visibility}
    return Asked(post.remote_id, posted_at=post.posted_at, facts=post.facts, **{**given, **more})


async def test_a_reply_is_frozen_whole_with_its_roots_marks_and_language(joined: Joined):
    root = joined.server.post("nora", "@acme it is down")
    middle = joined.server.post("omar", "@acme here too", under=root)
    got = await first(NETWORK, joined.account)
    assert got.remote_id == middle
    words = "é👩‍👩‍👧‍👦 see https://example.com/a?b=c. Thanks @omar.test and @nobody.test #down, bye"
    reply = await ready(NETWORK, joined.account, outgoing(got, "", text=words, language="fr"))
    record = reply.prepared["record"]
    assert (record["text"], record["langs"], record["$type"]) == (words, ["fr"], POST)
    assert record["reply"]["root"]["uri"] == root
    assert record["reply"]["parent"] == {"uri": middle, "cid": joined.server.world.posts[middle].cid}
    data = words.encode()
    marked = {
        data[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(): one["features"][0]
        for one in record["facets"]
    }
    assert marked["https://example.com/a?b=c"]["uri"] == "https://example.com/a?b=c"
    assert marked["@omar.test"]["did"] == did_of("omar")
    assert marked["#down"]["tag"] == "down"
    assert len(marked) == 3
    assert json.loads(json.dumps(reply.prepared)) == reply.prepared
    sent = await NETWORK.publish(joined.account, reply)
    assert sent.doubt is None
    assert sent.facts == {"cid": joined.server.world.posts[sent.remote_id].cid, "root": record["reply"]["root"]}


async def test_the_same_reply_by_several_at_once_is_one_post(joined: Joined):
    reply = await ready(NETWORK, joined.account, outgoing(await heard(joined), "", text="On it"))
    sent = await asyncio.gather(*(NETWORK.publish(joined.account, reply) for _ in range(5)))
    assert len({one.remote_id for one in sent}) == 1
    assert len(ours(joined)) == 1


async def test_a_key_under_which_something_else_lies_is_not_taken_for_the_reply(joined: Joined):
    reply = await ready(NETWORK, joined.account, outgoing(await heard(joined), "", text="On it"))
    record = reply.prepared["record"]
    joined.server.world.put(did_of("acme"), reply.prepared["rkey"], record | {"text": "Something else"})
    for call in (NETWORK.publish(joined.account, reply), NETWORK.find(joined.account, reply, now())):
        with pytest.raises(errors.Rejected):
            await call
    assert [one["text"] for one in ours(joined)] == ["Something else"]


async def test_what_was_never_prepared_is_never_published(joined: Joined):
    with pytest.raises(errors.Rejected):
        await NETWORK.publish(joined.account, outgoing(await heard(joined), "", text="On it"))


async def test_a_reply_that_nobody_is_shown_is_in_doubt_and_one_not_shown_yet_is_not(joined: Joined):
    other = joined.server.post("omar", "another thread")
    reply = await ready(NETWORK, joined.account, outgoing(await heard(joined), "", text="On it"))
    reply.prepared["record"]["reply"]["root"] = {"uri": other, "cid": joined.server.world.posts[other].cid}
    assert (await NETWORK.publish(joined.account, reply)).doubt == "answer.bluesky.hidden"
    joined.server.world.unseen = True
    late = await send(NETWORK, joined.account, outgoing(await first(NETWORK, joined.account), "", text="Later"))
    assert late.doubt is None


async def test_trouble_while_looking_afterwards_takes_nothing_back(joined: Joined):
    reply = await ready(NETWORK, joined.account, outgoing(await heard(joined), "", text="On it"))
    joined.server.faults.append(Fault("error", "/xrpc/app.bsky.", times=None))
    assert (await NETWORK.publish(joined.account, reply)).doubt is None


async def test_an_answer_to_our_own_post_that_the_network_does_not_show_yet(joined: Joined):
    got = await heard(joined)
    one = await send(NETWORK, joined.account, outgoing(got, "", text="First part"))
    joined.server.world.unseen = True
    joined.server.world.silent.add(one.remote_id)
    wish = outgoing(got, "", text="Second part", in_reply_to=one.remote_id, parent_facts=one.facts)
    two = await ready(NETWORK, joined.account, wish)
    place = two.prepared["record"]["reply"]
    assert (place["root"]["uri"], place["parent"]["uri"]) == (got.remote_id, one.remote_id)


class TestWhatForbidsAnAnswer:
    async def test_an_author_who_takes_no_replies(self, joined: Joined):
        got = await heard(joined)
        assert NETWORK.answerable(joined.account, asked_about(got), now()) == YES
        joined.server.world.gates.add(got.remote_id)
        closed = await NETWORK.post(joined.account, got.remote_id)
        answer = NETWORK.answerable(joined.account, asked_about(closed), now())
        assert (answer.how, answer.why) == ("private_only", "answer.bluesky.replies_off")
        silent = replace(joined.account, traits={**joined.account.traits, "chat": False})
        assert NETWORK.answerable(silent, asked_about(closed), now()).how == "no"
        with pytest.raises(NotAllowed):
            await ready(NETWORK, joined.account, outgoing(got, "", text="On it"))

    async def test_blocks_and_what_is_gone(self, joined: Joined):
        got = await heard(joined)
        joined.server.world.blocks.add((did_of("nora"), did_of("acme")))
        for call in (
            NETWORK.post(joined.account, got.remote_id),
            ready(NETWORK, joined.account, outgoing(got, "", text="On it")),
        ):
            with pytest.raises(errors.Gone):
                await call
        for facts, why in (({"blocked_by": True}, "blocked"), ({"blocking": True}, "blocking")):
            told = NETWORK.answerable(joined.account, replace(asked_about(got), facts=facts), now())
            assert told == Answerable("no", f"answer.bluesky.{why}", url=told.url)
        assert NETWORK.answerable(joined.account, asked_about(got, vanished=True), now()).why == "answer.vanished"

    async def test_a_warning_in_ones_own_words_is_refused_before_it_leaves(self, joined: Joined):
        with pytest.raises(errors.Rejected):
            await ready(NETWORK, joined.account, outgoing(await heard(joined), "", text="x", content_warning="Spoiler"))


class TestMessages:
    async def test_a_message_goes_out_once_and_is_found_by_what_came_after_it_was_prepared(self, joined: Joined):
        joined.server.whisper("nora", "acme", "psst")
        got = await first(NETWORK, joined.account)
        wish = outgoing(got, "", text="Thanks!")
        await send(NETWORK, joined.account, wish)
        reply = await ready(NETWORK, joined.account, replace(wish, key="another"))
        assert await NETWORK.find(joined.account, reply, now()) is None
        joined.server.faults.append(Fault("drop", "/xrpc/chat.bsky.convo.sendMessage", after=True))
        with pytest.raises(errors.Unknown):
            await NETWORK.publish(joined.account, reply)
        assert NETWORK.repeat_safe(joined.account, reply) is None
        joined.server.whisper("nora", "acme", "Thanks!")
        found = await NETWORK.find(joined.account, reply, now())
        said = next(iter(joined.server.world.convos.values()))
        assert [(one["text"], one["sender"]["did"]) for one in said[1:]] == [
            *(("Thanks!", did_of("acme")), ("Thanks!", did_of("acme")), ("Thanks!", did_of("nora"))),
        ]
        assert found.remote_id.endswith(f"/{said[2]['id']}")

    async def test_a_private_answer_to_a_public_post_begins_a_conversation(self, joined: Joined):
        got = await heard(joined)
        sent = await send(NETWORK, joined.account, outgoing(got, "", text="Your code is 4711", visibility="direct"))
        assert (await NETWORK.post(joined.account, sent.remote_id)).role == "own"
        assert set(joined.server.world.members[sent.facts["convo"]]) == {did_of("acme"), did_of("nora")}
        assert ours(joined) == []

    async def test_a_password_without_messages_sends_none_and_says_so_before(self, joined: Joined):
        joined.server.whisper("nora", "acme", "psst")
        got = await first(NETWORK, joined.account)
        silent = replace(joined.account, traits={**joined.account.traits, "chat": False})
        assert NETWORK.answerable(silent, asked_about(got), now()).how == "by_hand"
        with pytest.raises(errors.Rejected):
            await ready(NETWORK, silent, outgoing(got, "", text="Hi"))


async def test_a_picture_keeps_its_description_and_comes_as_it_was_uploaded(joined: Joined):
    picture = await NETWORK.upload(joined.account, Upload(red_square(), "image/png", "", "x.png"))
    wish = outgoing(await heard(joined), "", text="", media_ids=(picture, picture), alts=("one", ""))
    images = (await ready(NETWORK, joined.account, wish)).prepared["record"]["embed"]["images"]
    assert [one["alt"] for one in images] == ["one", ""]
    assert images[0]["image"]["ref"]["$link"] in joined.server.world.blobs


def test_keys_are_made_in_order_and_never_twice():
    at = datetime(2026, 3, 4, tzinfo=UTC)
    made = [mint(at) for _ in range(1000)]
    assert len(set(made)) == 1000
    assert made == sorted(made)
    assert {len(key) for key in made} == {13}
    assert encode(2**63 - 1) == "bzzzzzzzzzzzz"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mail me@acme.test or a@b", []),
        ("(@acme.test)", [("mention", "acme.test")]),
        ("https://x.example/@acme.test #1 #a1 ##x", [("link", "https://x.example/@acme.test"), ("tag", "a1")]),
        ("#你好。 ＃tag!", [("tag", "你好"), ("tag", "tag")]),
    ],
)
def test_what_is_marked_in_a_text(text, found):
    assert [(one.kind, one.said) for one in detect(text)] == found
