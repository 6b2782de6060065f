"""The promises of the port on the way out and in trouble, kept by every adapter, against a live server of its kind."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.port import Hint, Upload
from tests.networks.given import first, outgoing


async def test_a_reply_is_published_under_its_parent_to_whom_it_is_for(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    text = adapter.compose(got.author.handle, [], "It is up again.", "public", own=account.handle)
    sent = await adapter.publish(account, outgoing(got, "", text=text, content_warning="status", language="en"))
    posts = stage.posts_of_brand()
    assert [post["id"] for post in posts] == [sent.remote_id]
    assert posts[0]["in_reply_to_id"] == got.remote_id
    assert posts[0]["visibility"] == "public"
    assert "It is up again." in sent.text
    assert sent.uri
    assert abs(sent.posted_at - now()) < timedelta(seconds=30)
    assert stage.was_told("nora", sent.remote_id)
    read = await adapter.post(account, sent.remote_id)
    assert (read.role, read.content_warning, read.in_reply_to) == ("own", "status", got.remote_id)


async def test_a_private_reply_stays_private_and_reaches_its_recipient(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme psst", visibility="direct")
    got = await first(adapter, account)
    text = adapter.compose(got.author.handle, ["bob@elsewhere.example"], "Just us.", "direct", own=account.handle)
    sent = await adapter.publish(account, outgoing(got, "", text=text, recipients=(got.author.handle,)))
    assert stage.posts_of_brand()[0]["visibility"] == "direct"
    assert stage.was_told("nora", sent.remote_id)


async def test_a_private_text_that_names_anybody_else_is_refused_before_it_leaves(desk):
    _, adapter, account = desk
    with pytest.raises(errors.ExtraMentions) as refused:
        adapter.compose("nora@x.example", [], "ask @bob@y.example", "direct", own=account.handle)
    assert refused.value.handles == ("bob@y.example",)


async def test_the_same_reply_composed_twice_names_nobody_twice_and_never_the_brand(desk):
    _, adapter, account = desk
    others = ["Bob@y.example", account.handle, "nora@x.example"]
    once = adapter.compose("nora@x.example", others, "Hello", "public", own=account.handle)
    assert adapter.compose("nora@x.example", others, once, "public", own=account.handle) == once
    assert once.lower().count("@bob@y.example") == 1
    assert f"@{account.handle}" not in once


async def test_a_picture_goes_out_with_its_description(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme show me")
    got = await first(adapter, account)
    media_id = await adapter.upload(account, Upload(stage.picture(), "image/png", "A red square", "square.png"))
    reply = outgoing(got, "Here.", media_ids=(media_id,))
    begun = now()
    sent = await adapter.publish(account, reply)
    read = await adapter.post(account, sent.remote_id)
    assert [(m.kind, m.alt) for m in read.media] == [("image", "A red square")]
    found = await adapter.find(account, reply, begun)
    assert found is not None
    assert found.remote_id == sent.remote_id


async def test_a_picture_that_is_processed_for_a_while_is_waited_for(desk):
    stage, adapter, account = desk
    stage.slow_pictures(1.2)
    media_id = await adapter.upload(account, Upload(stage.picture(), "image/png", "", "square.png"))
    assert media_id


async def test_a_picture_that_is_none_is_rejected_in_the_servers_words(desk):
    _, adapter, account = desk
    with pytest.raises(errors.Rejected) as refused:
        await adapter.upload(account, Upload(b"not a picture", "image/png", "", "x.png"))
    assert refused.value.sentence


async def test_a_text_that_fits_our_count_fits_theirs_and_one_more_is_rejected(desk):
    stage, adapter, account = desk
    from app.networks import text as counting

    stage.post("nora", "@acme how long?")
    got = await first(adapter, account)
    limits = adapter.limits(account)
    begin = f"@{got.author.handle} 👩‍👩‍👧‍👦 é https://example.com/a/long/way/to/go "
    room = limits.max_characters - counting.count(begin, "cw", limits)
    fits = begin + "x" * room
    assert counting.check(fits, "cw", limits).problem is None
    await adapter.publish(account, outgoing(got, "", text=fits, content_warning="cw"))
    assert counting.check(fits + "x", "cw", limits).problem == "too_long"
    with pytest.raises(errors.Rejected) as refused:
        await adapter.publish(account, outgoing(got, "", text=fits + "x", content_warning="cw"))
    assert refused.value.sentence
    assert len(stage.posts_of_brand()) == 1


async def test_a_parent_that_vanished_is_gone_and_nothing_is_published(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme never mind")
    got = await first(adapter, account)
    stage.delete(got.remote_id)
    with pytest.raises(errors.Gone):
        await adapter.publish(account, outgoing(got, "Hello?"))
    assert stage.posts_of_brand() == []


@pytest.mark.parametrize("fault", ["drop", "error", "html", "broken"])
async def test_a_lost_answer_is_unknown_and_the_post_is_found(desk, fault):
    stage, adapter, account = desk
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    reply = outgoing(got, "It is  up\n\nagain: https://example.com/a?b=c&d=e :-) <ok>")
    begun = now()
    stage.break_publish(fault, after=True)
    with pytest.raises(errors.Unknown):
        await adapter.publish(account, reply)
    found = await adapter.find(account, reply, begun)
    assert found is not None
    assert [post["id"] for post in stage.posts_of_brand()] == [found.remote_id]
    if adapter.repeat_safe(account):
        assert (await adapter.publish(account, reply)).remote_id == found.remote_id
        assert len(stage.posts_of_brand()) == 1


async def test_a_request_that_did_nothing_leaves_nothing_to_find(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    reply = outgoing(got, "It is up again.")
    begun = now()
    stage.break_publish("drop", after=False)
    with pytest.raises(errors.Unknown):
        await adapter.publish(account, reply)
    assert await adapter.find(account, reply, begun) is None


async def test_find_is_not_taken_in_by_similar_posts(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme one")
    got = await first(adapter, account)
    stage.post("nora", "@acme two")
    other = await first(adapter, account)
    reply = outgoing(got, "Sorry about that!")
    begun = now()
    await adapter.publish(account, outgoing(got, "Sorry about this!"))
    await adapter.publish(account, outgoing(other, "Sorry about that!"))
    await adapter.publish(account, replace(reply, key="cw", content_warning="other"))
    stage.post("bob", f"@{got.author.handle} Sorry about that!", in_reply_to_id=got.remote_id)
    assert await adapter.find(account, reply, begun) is None
    assert await adapter.find(account, reply, begun + timedelta(hours=1)) is None
    sent = await adapter.publish(account, reply)
    found = await adapter.find(account, reply, begun)
    assert found is not None
    assert found.remote_id == sent.remote_id
    assert await adapter.find(account, reply, begun + timedelta(hours=1)) is None


async def test_find_never_says_no_when_it_could_not_look(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    stage.break_reads("error")
    with pytest.raises(errors.Transient):
        await adapter.find(account, outgoing(got, "Hello"), now())


@pytest.mark.parametrize("fault", ["drop", "error", "html", "broken"])
async def test_reading_in_trouble_is_transient_and_works_again_afterwards(desk, fault):
    stage, adapter, account = desk
    stage.post("nora", "@acme hello")
    stage.break_reads(fault)
    for call in (adapter.mentions(account, None), adapter.older_mentions(account, None), adapter.thread(account, "1")):
        with pytest.raises(errors.Transient) as trouble:
            await call
        assert stage.token not in trouble.value.sentence
        assert "<" not in trouble.value.sentence
    stage.mend()
    assert len((await adapter.mentions(account, None)).items) == 1


async def test_a_rate_limit_says_when_to_come_back_and_nothing_was_done(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme hello")
    got = await first(adapter, account)
    stage.limit_rate(40)
    for call in (adapter.mentions(account, None), adapter.publish(account, outgoing(got, "Hello"))):
        with pytest.raises(errors.RateLimited) as limited:
            await call
        assert limited.value.retry_at is not None
        assert timedelta(0) < limited.value.retry_at - datetime.now(UTC) <= timedelta(seconds=41)
    stage.mend()
    assert stage.posts_of_brand() == []


async def test_a_revoked_sign_in_is_unauthorized_everywhere(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme hello")
    got = await first(adapter, account)
    stage.revoke()
    for call in (
        adapter.mentions(account, None),
        adapter.thread(account, got.remote_id),
        adapter.publish(account, outgoing(got, "Hello")),
        adapter.find(account, outgoing(got, "Hello"), now()),
        adapter.upload(account, Upload(stage.picture(), "image/png", "", "x.png")),
        anext(adapter.hints(account)),
    ):
        with pytest.raises(errors.Unauthorized):
            await call


async def test_the_live_line_hints_once_it_stands_and_then_at_what_happens(desk):
    stage, adapter, account = desk
    async with aclosing(adapter.hints(account)) as hints:
        assert await asyncio.wait_for(anext(hints), 30) == Hint()
        posted = stage.post("nora", "@acme hello")
        hint = await asyncio.wait_for(anext(hints), 30)
        assert hint.remote_id == posted
        stage.delete(posted)
        assert (await asyncio.wait_for(anext(hints), 30)).remote_id == posted


async def test_a_line_that_is_cut_ends_or_is_transient_and_can_be_had_again(desk):
    stage, adapter, account = desk
    async with aclosing(adapter.hints(account)) as hints:
        await asyncio.wait_for(anext(hints), 30)
        await asyncio.to_thread(stage.cut_line)
        with pytest.raises((errors.Transient, StopAsyncIteration)):
            await asyncio.wait_for(anext(hints), 30)
    async with aclosing(adapter.hints(account)) as hints:
        assert await asyncio.wait_for(anext(hints), 30) == Hint()
