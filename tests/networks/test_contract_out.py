"""The promises of the port on the way out and in trouble, kept by every adapter, against a live server of its kind."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.answerable import Asked
from app.networks.incoming import Request
from app.networks.port import Hint, Upload
from tests.networks.given import RETURN, first, needs, outgoing, ready, send
from tests.networks.pictures import red_square


async def test_a_reply_is_published_under_its_parent_to_whom_it_is_for(desk):
    stage, adapter, account = desk
    needs(adapter, "public")
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    text = adapter.compose(got.author.handle, [], "It is up again.", "public", own=account.handle)
    wish = outgoing(got, "", text=text, content_warning=stage.warning, language="en")
    sent = await send(adapter, account, wish)
    posts = stage.posts_of_brand()
    assert [post["id"] for post in posts] == [sent.remote_id]
    assert posts[0]["in_reply_to_id"] == got.remote_id
    assert posts[0]["visibility"] == "public"
    assert "It is up again." in sent.text
    assert sent.uri
    assert abs(sent.posted_at - now()) < timedelta(seconds=30)
    assert stage.was_told("nora", sent.remote_id)
    read = await adapter.post(account, sent.remote_id)
    assert (read.role, read.content_warning or "", read.in_reply_to) == ("own", stage.warning, got.remote_id)


async def test_a_private_reply_stays_private_and_reaches_its_recipient(desk):
    stage, adapter, account = desk
    needs(adapter, "private")
    stage.post("nora", "@acme psst", visibility="direct")
    got = await first(adapter, account)
    text = adapter.compose(got.author.handle, ["bob@elsewhere.example"], "Just us.", "direct", own=account.handle)
    sent = await send(adapter, account, outgoing(got, "", text=text, recipients=(got.author.handle,)))
    assert stage.posts_of_brand()[0]["visibility"] == "direct"
    assert stage.was_told("nora", sent.remote_id)


async def test_a_public_post_can_be_answered_in_private(desk):
    stage, adapter, account = desk
    needs(adapter, "public", "private")
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    text = adapter.compose(got.author.handle, [], "What is your number?", "direct", own=account.handle)
    wish = outgoing(got, "", text=text, visibility="direct", recipients=(got.author.handle,), parent_facts=got.facts)
    reply = await ready(adapter, account, wish)
    begun = now()
    sent = await adapter.publish(account, reply)
    (post,) = stage.posts_of_brand()
    assert (post["id"], post["visibility"]) == (sent.remote_id, "direct")
    assert stage.was_told("nora", sent.remote_id)
    found = await adapter.find(account, reply, begun)
    assert found is not None
    assert found.remote_id == sent.remote_id


async def test_a_private_text_that_names_anybody_else_is_refused_before_it_leaves(desk):
    stage, adapter, account = desk
    if not stage.mentions_deliver:
        pytest.skip("whom a text names does not decide who reads it")
    with pytest.raises(errors.ExtraMentions) as refused:
        adapter.compose("nora@x.example", [], "ask @bob@y.example", "direct", own=account.handle)
    assert refused.value.handles == ("bob@y.example",)


async def test_the_same_reply_composed_twice_names_nobody_twice_and_never_the_brand(desk):
    stage, adapter, account = desk
    others = ["Bob@y.example", account.handle, "nora@x.example"]
    once = adapter.compose("nora@x.example", others, "Hello", "public", own=account.handle)
    assert adapter.compose("nora@x.example", others, once, "public", own=account.handle) == once
    assert once.lower().count("@bob@y.example") == int(stage.mentions_deliver)
    assert f"@{account.handle}" not in once


async def test_a_picture_goes_out_with_its_description(desk):
    stage, adapter, account = desk
    needs(adapter, "media")
    stage.post("nora", "@acme show me")
    got = await first(adapter, account)
    media_id = await adapter.upload(account, Upload(stage.picture(), "image/png", "A red square", "square.png"))
    wish = outgoing(got, "Here.", media_ids=(media_id,), alts=("A red square",))
    reply = await ready(adapter, account, wish)
    begun = now()
    sent = await adapter.publish(account, reply)
    read = await adapter.post(account, sent.remote_id)
    assert [(m.kind, m.alt) for m in read.media] == [("image", "A red square")]
    found = await adapter.find(account, reply, begun)
    assert found is not None
    assert found.remote_id == sent.remote_id


async def test_a_picture_that_is_processed_for_a_while_is_waited_for(desk):
    stage, adapter, account = desk
    needs(adapter, "media")
    if not stage.works_on_pictures:
        pytest.skip("pictures are ready when they are uploaded")
    stage.slow_pictures(1.2)
    media_id = await adapter.upload(account, Upload(stage.picture(), "image/png", "", "square.png"))
    assert media_id


async def test_a_picture_that_is_none_is_rejected_in_the_servers_words(desk):
    _, adapter, account = desk
    needs(adapter, "media")
    with pytest.raises(errors.Rejected) as refused:
        await adapter.upload(account, Upload(b"not a picture", "image/png", "", "x.png"))
    assert refused.value.sentence


async def test_a_text_that_fits_our_count_fits_theirs_and_one_more_is_rejected(desk):
    stage, adapter, account = desk
    needs(adapter, "public")
    from app.networks import text as counting

    stage.post("nora", "@acme how long?")
    got = await first(adapter, account)
    limits = adapter.limits(account)
    if limits.unit == "weighted" and counting.count("あ", "", limits) != 2:
        pytest.skip("the house does not weigh texts yet")
    begin = f"@{got.author.handle} 👩‍👩‍👧‍👦 é https://example.com/a/long/way/to/go "
    room = limits.max_characters - counting.count(begin, stage.warning, limits)
    if limits.max_bytes is not None:
        room = min(room, limits.max_bytes - len(begin.encode()))
    fits = begin + "x" * room
    assert counting.check(fits, stage.warning, limits).problem is None
    await send(adapter, account, outgoing(got, "", text=fits, content_warning=stage.warning))
    assert counting.check(fits + "x", stage.warning, limits).problem == "too_long"
    with pytest.raises(errors.Rejected) as refused:
        await send(adapter, account, outgoing(got, "", text=fits + "x", content_warning=stage.warning))
    assert refused.value.sentence
    assert len(stage.posts_of_brand()) == 1


async def test_a_parent_that_vanished_is_gone_and_nothing_is_published(desk):
    stage, adapter, account = desk
    needs(adapter, "public")
    stage.post("nora", "@acme never mind")
    got = await first(adapter, account)
    stage.delete(got.remote_id)
    with pytest.raises(errors.Gone):
        await send(adapter, account, outgoing(got, "Hello?"))
    assert stage.posts_of_brand() == []


@pytest.mark.parametrize("fault", ["drop", "error", "html", "broken"])
async def test_a_lost_answer_is_unknown_and_the_post_is_found(desk, fault):
    stage, adapter, account = desk
    needs(adapter, "public")
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    wish = outgoing(got, "It is  up\n\nagain: https://example.com/a?b=c&d=e :-) <ok>")
    reply = await ready(adapter, account, wish)
    begun = now()
    stage.break_publish(fault, after=True)
    with pytest.raises(errors.Unknown):
        await adapter.publish(account, reply)
    found = await adapter.find(account, reply, begun)
    assert found is not None
    assert [post["id"] for post in stage.posts_of_brand()] == [found.remote_id]
    if adapter.repeat_safe(account, reply):
        assert (await adapter.publish(account, reply)).remote_id == found.remote_id
        assert len(stage.posts_of_brand()) == 1


async def test_a_request_that_did_nothing_leaves_nothing_to_find(desk):
    stage, adapter, account = desk
    needs(adapter, "public")
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    reply = await ready(adapter, account, outgoing(got, "It is up again."))
    begun = now()
    stage.break_publish("drop", after=False)
    with pytest.raises(errors.Unknown):
        await adapter.publish(account, reply)
    assert await adapter.find(account, reply, begun) is None


async def test_find_is_not_taken_in_by_similar_posts(desk):
    stage, adapter, account = desk
    needs(adapter, "public")
    stage.post("nora", "@acme one")
    got = await first(adapter, account)
    stage.post("nora", "@acme two")
    other = await first(adapter, account)
    wish = outgoing(got, "Sorry about that!")
    reply = await ready(adapter, account, wish)
    begun = now()
    await send(adapter, account, outgoing(got, "Sorry about this!"))
    await send(adapter, account, outgoing(other, "Sorry about that!"))
    if stage.warning:
        await send(adapter, account, replace(wish, key="cw", content_warning=stage.warning))
    stage.post("bob", f"@{got.author.handle} Sorry about that!", in_reply_to_id=got.remote_id)
    assert await adapter.find(account, reply, begun) is None
    assert await adapter.find(account, reply, begun + timedelta(hours=1)) is None
    sent = await adapter.publish(account, reply)
    found = await adapter.find(account, reply, begun)
    assert found is not None
    assert found.remote_id == sent.remote_id
    if not reply.prepared:  # what is known by its key is known at any time
        assert await adapter.find(account, reply, begun + timedelta(hours=1)) is None


async def test_find_never_says_no_when_it_could_not_look(desk):
    stage, adapter, account = desk
    needs(adapter, "public")
    stage.post("nora", "@acme it is down")
    got = await first(adapter, account)
    reply = await ready(adapter, account, outgoing(got, "Hello"))
    stage.break_reads("error")
    with pytest.raises(errors.Transient):
        await adapter.find(account, reply, now())


@pytest.mark.parametrize("fault", ["drop", "error", "html", "broken"])
async def test_reading_in_trouble_is_transient_and_works_again_afterwards(desk, fault):
    stage, adapter, account = desk
    posted = stage.post("nora", "@acme hello")
    stage.break_reads(fault)
    calls = [adapter.mentions(account, None)]
    calls += [adapter.older_mentions(account, None)] if "backfill" in adapter.can else []
    calls += [adapter.thread(account, posted)] if "reread" in adapter.can else []
    for call in calls:
        with pytest.raises(errors.Transient) as trouble:
            await call
        assert not stage.token or stage.token not in trouble.value.sentence
        assert "<" not in trouble.value.sentence
    stage.mend()
    assert len((await adapter.mentions(account, None)).items) == 1


async def test_a_rate_limit_says_when_to_come_back_and_nothing_was_done(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme hello")
    got = await first(adapter, account)
    calls = [lambda: adapter.mentions(account, None)]
    if "public" in adapter.can:
        reply = await ready(adapter, account, outgoing(got, "Hello"))
        calls.append(lambda: adapter.publish(account, reply))
    stage.limit_rate(60)
    for call in calls:
        with pytest.raises(errors.RateLimited) as limited:
            await call()
        assert limited.value.retry_at is not None
        assert timedelta(0) < limited.value.retry_at - datetime.now(UTC) <= timedelta(seconds=61)
    stage.mend()
    assert stage.posts_of_brand() == []


async def test_a_revoked_sign_in_is_unauthorized_everywhere(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme hello")
    got = await first(adapter, account)
    calls = [lambda: adapter.mentions(account, None)]
    if "reread" in adapter.can:
        calls.append(lambda: adapter.thread(account, got.remote_id))
    if "public" in adapter.can:
        reply = await ready(adapter, account, outgoing(got, "Hello"))
        calls += [lambda: adapter.publish(account, reply), lambda: adapter.find(account, reply, now())]
    if "media" in adapter.can:
        calls.append(lambda: adapter.upload(account, Upload(stage.picture(), "image/png", "", "x.png")))
    if "hint" in adapter.can:
        calls.append(lambda: anext(adapter.hints(account)))
    stage.revoke()
    for call in calls:
        with pytest.raises(errors.Unauthorized):
            await call()


async def test_what_a_network_does_not_offer_is_refused_and_not_pretended(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme hello")
    got = await first(adapter, account)
    wish, limits = outgoing(got, "Hello"), adapter.limits(account)
    asked = Asked(got.remote_id, got.author.remote_id, got.role, got.visibility, got.posted_at, url=got.url)
    refused = []
    if "oauth" not in adapter.can:
        refused.append(lambda: adapter.authorize(stage.fields(), RETURN))
    if "media" not in adapter.can:
        assert limits.max_media == 0
        refused.append(lambda: adapter.upload(account, Upload(red_square(), "image/png", "", "x.png")))
    if "incoming" not in adapter.can:
        refused.append(lambda: adapter.incoming(account, Request("POST", {}, {}, b"")))
    if not adapter.can & {"public", "private"}:
        assert limits.max_characters == 0
        said = adapter.answerable(account, asked, now())
        assert (said.how, said.url) == ("by_hand", got.url)
        assert adapter.repeat_safe(account, wish) is None
        assert await adapter.find(account, wish, now()) is None
        refused += [lambda: adapter.prepare(account, wish), lambda: adapter.publish(account, wish)]
    else:
        assert adapter.answerable(account, replace(asked, vanished=True), now()).how == "no"
    for call in refused:
        with pytest.raises(errors.Rejected) as no:
            await call()
        assert no.value.sentence.endswith(".")
    if "hint" not in adapter.can:
        assert [hint async for hint in adapter.hints(account)] == []
    assert stage.posts_of_brand() == []


async def test_the_live_line_hints_once_it_stands_and_then_at_what_happens(desk):
    stage, adapter, account = desk
    needs(adapter, "hint")
    async with aclosing(adapter.hints(account)) as hints:
        assert await asyncio.wait_for(anext(hints), 30) == Hint()
        posted = stage.post("nora", "@acme hello")
        hint = await asyncio.wait_for(anext(hints), 30)
        assert hint.remote_id == posted
        if stage.tells_deletions:
            stage.delete(posted)
            assert (await asyncio.wait_for(anext(hints), 30)).remote_id == posted


async def test_a_line_that_is_cut_ends_or_is_transient_and_can_be_had_again(desk):
    stage, adapter, account = desk
    needs(adapter, "hint")
    async with aclosing(adapter.hints(account)) as hints:
        await asyncio.wait_for(anext(hints), 30)
        await asyncio.to_thread(stage.cut_line)
        with pytest.raises((errors.Transient, StopAsyncIteration)):
            await asyncio.wait_for(anext(hints), 30)
    async with aclosing(adapter.hints(account)) as hints:
        assert await asyncio.wait_for(anext(hints), 30) == Hint()
