"""The promises of the port, kept by every adapter the registry finds, against a live server of its kind.

A new network joins by one entry in STAGES: something that starts a server, posts there as customers do, and breaks it.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.port import Account, Hint, Inbound, Network, Outgoing, Page, Upload
from app.networks.registry import network, networks
from tests.networks.stage import STAGES, Stage

RETURN = "https://desk.example/return"


@pytest.fixture(params=[f"{name}/{flavour}" for name in networks() for flavour in STAGES[name]], scope="module")
def stage(request) -> Iterator[Stage]:
    name, _, flavour = request.param.partition("/")
    with STAGES[name][flavour]() as made:
        yield made


@pytest.fixture
async def desk(stage: Stage) -> tuple[Stage, Network, Account]:
    """A fresh world, the adapter, and a brand connected in it."""
    stage.reset()
    adapter = network(stage.network)
    connected = await adapter.connect({"server": stage.url, "token": stage.brand()}, {}, {}, RETURN)
    return stage, adapter, connected.account


def outgoing(parent: Inbound, words: str, **more) -> Outgoing:
    given = {"key": f"key-{time.monotonic_ns()}", "in_reply_to": parent.remote_id, "visibility": parent.visibility}
    return Outgoing(**{**given, "text": f"@{parent.author.handle} {words}", **more})


async def walk(adapter: Network, account: Account, cursor: str | None, limit: int = 80) -> tuple[list[Inbound], str]:
    """Every mention after a cursor, and the cursor after them."""
    found: list[Inbound] = []
    while True:
        page = await adapter.mentions(account, cursor, limit=limit)
        found += page.items
        cursor = page.cursor
        if not page.more:
            return found, cursor


async def first(adapter: Network, account: Account) -> Inbound:
    return (await adapter.mentions(account, None)).items[-1]


def test_the_registry_finds_what_is_there_and_nothing_else():
    assert set(networks()) == set(STAGES)
    with pytest.raises(KeyError):
        network("nowhere")
    for name, adapter in networks().items():
        assert adapter.name == name
        assert adapter.label
        assert adapter.mark.startswith("M")
        assert {field.kind for field in adapter.connect_fields} <= {"text", "url", "secret", "yes_no"}


# --- connecting --------------------------------------------------------------------------------------------------


async def test_a_pasted_token_connects_and_tells_who_the_account_is(desk):
    stage, adapter, account = desk
    assert (account.network, account.server) == (adapter.name, stage.url)
    assert account.remote_id == stage.brand_id
    assert account.handle == stage.full_handle("acme")
    assert stage.token not in repr(account)
    again = await adapter.refresh(account)
    assert again.account == account
    assert again.name


async def test_a_sign_in_through_the_browser_connects(desk):
    stage, adapter, _ = desk
    begun = await adapter.authorize({"server": stage.url}, RETURN)
    assert urlsplit(begun.url).netloc == urlsplit(stage.url).netloc
    answer = await stage.browser(begun.url)
    assert answer["state"] == begun.state
    connected = await adapter.connect({}, begun.keep, answer, RETURN)
    assert connected.account.remote_id == stage.brand_id
    stage.post("nora", "@acme hello")
    assert [m.author.handle for m in (await adapter.mentions(connected.account, None)).items]
    assert connected.warnings == ()


async def test_a_return_with_another_state_or_a_refusal_does_not_connect(desk):
    stage, adapter, _ = desk
    begun = await adapter.authorize({"server": stage.url}, RETURN)
    answer = await stage.browser(begun.url)
    with pytest.raises(errors.Rejected):
        await adapter.connect({}, begun.keep, {**answer, "state": "forged"}, RETURN)
    with pytest.raises(errors.Rejected, match="denied"):
        await adapter.connect({}, begun.keep, {"error": "access_denied", "state": begun.state}, RETURN)
    with pytest.raises(errors.Rejected):
        await adapter.connect({}, begun.keep, {**answer, "code": "made-up"}, RETURN)


async def test_the_app_is_registered_once_for_a_server_unless_the_server_forgets_it(desk):
    stage, adapter, _ = desk
    one = await adapter.authorize({"server": stage.url}, RETURN)
    two = await adapter.authorize({"server": stage.url}, RETURN)
    assert one.keep["client_id"] == two.keep["client_id"]
    assert one.state != two.state
    stage.reset()
    three = await adapter.authorize({"server": stage.url}, RETURN)
    assert three.keep["client_id"] != one.keep["client_id"]


@pytest.mark.parametrize("token", ["wrong", "", "with space", "é", "line\nbreak"])
async def test_a_token_that_is_not_accepted_is_unauthorized(desk, token):
    stage, adapter, account = desk
    with pytest.raises(errors.Unauthorized):
        await adapter.connect({"server": stage.url, "token": token}, {}, {}, RETURN)
    bad = replace(account, credentials={"token": token})
    for call in (adapter.mentions(bad, None), adapter.post(bad, "1"), adapter.refresh(bad)):
        with pytest.raises(errors.Unauthorized):
            await call


@pytest.mark.parametrize(
    "address", ["", "  ", "https://", "ftp://x.example", "no spaces.example", "//", "http://[", "x"]
)
async def test_an_address_that_is_none_is_refused_with_a_sentence(desk, address):
    _, adapter, _ = desk
    with pytest.raises(errors.NetworkError) as refused:
        await adapter.authorize({"server": address}, RETURN)
    assert refused.value.sentence.endswith(".")


async def test_a_server_that_is_not_there_is_transient(desk):
    stage, adapter, _ = desk
    for address in ("http://127.0.0.1:9", "https://no-such-server.invalid"):
        with pytest.raises(errors.Transient):
            await adapter.authorize({"server": address}, RETURN)
        with pytest.raises(errors.Transient):
            await adapter.connect({"server": address, "token": stage.token}, {}, {}, RETURN)


# --- the way in --------------------------------------------------------------------------------------------------


async def test_a_mention_arrives_with_everything_the_desk_needs(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme my order #4711 is late", spoiler_text="delivery", language="en")
    got = await first(adapter, account)
    assert got.role == "mention"
    assert got.author.handle == stage.full_handle("nora")
    assert got.visibility == "public"
    assert "my order #4711 is late" in got.text
    assert got.content_warning == "delivery"
    assert got.language == "en"
    assert abs(got.posted_at - now()) < timedelta(seconds=30)
    assert got.posted_at.tzinfo is UTC
    assert stage.full_handle("acme") in got.addressed
    assert got.uri
    assert got.in_reply_to is None


async def test_a_private_message_is_direct(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme my address is 1 Test St", visibility="direct")
    got = await first(adapter, account)
    assert (got.role, got.visibility) == ("direct", "direct")


@pytest.mark.parametrize("limit", [1, 3, 80])
async def test_walking_the_cursor_misses_none_and_repeats_none(desk, limit):
    stage, adapter, account = desk
    stage.post("nora", "@acme before")
    start = await adapter.mentions(account, None)
    assert [item.text for item in start.items] == ["@acme before"]
    assert not start.more
    sent = [f"@acme number {n}" for n in range(7)]
    for text in sent:
        stage.post("nora", text)
    found, cursor = await walk(adapter, account, start.cursor, limit)
    assert [item.text for item in found] == sent
    assert len({item.uri for item in found}) == 7
    found, _ = await walk(adapter, account, cursor, limit)
    assert found == []


async def test_an_empty_page_keeps_the_cursor(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme one")
    start = await adapter.mentions(account, None)
    for _ in range(2):
        assert await adapter.mentions(account, start.cursor) == Page((), (), start.cursor, more=False)


async def test_an_account_nobody_ever_mentioned_has_a_cursor_and_then_misses_none(desk):
    stage, adapter, account = desk
    start = await adapter.mentions(account, None)
    assert (start.items, start.more) == ((), False)
    assert start.cursor is not None
    assert (await adapter.mentions(account, start.cursor)).cursor == start.cursor
    sent = [f"@acme number {n}" for n in range(9)]
    for text in sent:
        stage.post("nora", text)
    found, _ = await walk(adapter, account, start.cursor, limit=2)
    assert [item.text for item in found] == sent


async def test_walking_back_reaches_the_first_mention(desk):
    stage, adapter, account = desk
    sent = [f"@acme number {n}" for n in range(7)]
    for text in sent:
        stage.post("nora", text)
    found: list[Inbound] = []
    before: str | None = None
    while True:
        page = await adapter.older_mentions(account, before, limit=3)
        found = [*page.items, *found]
        before = page.cursor
        if not page.more:
            break
    assert [item.text for item in found] == sent


async def test_likes_boosts_and_own_posts_never_yield_a_mention(desk):
    stage, adapter, account = desk
    start = await adapter.mentions(account, None)
    ours = await stage.post_as_brand("@acme talking to ourselves")
    theirs = stage.post("nora", "@acme hello")
    stage.react("bob", ours)
    stage.react("bob", theirs)
    found, _ = await walk(adapter, account, start.cursor)
    assert [item.text for item in found] == ["@acme hello"]
    page = await adapter.mentions(account, start.cursor)
    assert page.rejects == ()


async def test_an_edit_is_seen_when_the_post_is_read_again(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme it is brokn")
    before = await first(adapter, account)
    stage.edit(before.remote_id, "@acme it is broken")
    after = await adapter.post(account, before.remote_id)
    assert (after.uri, after.text) == (before.uri, "@acme it is broken")
    assert after.edited_at is not None
    assert before.edited_at is None


async def test_what_is_deleted_is_gone(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme never mind")
    got = await first(adapter, account)
    stage.delete(got.remote_id)
    for call in (adapter.post(account, got.remote_id), adapter.thread(account, got.remote_id)):
        with pytest.raises(errors.Gone) as gone:
            await call
        assert gone.value.sentence
    for never in ("999999999999999999", "does/not exist?", "ü"):
        with pytest.raises(errors.Gone):
            await adapter.post(account, never)


async def test_a_thread_has_what_is_above_and_below_with_their_parents(desk):
    stage, adapter, account = desk
    root = stage.post("nora", "@acme it is down")
    middle = stage.post("bob", "same here", in_reply_to_id=root)
    leaf = stage.post("nora", "@bob since when?", in_reply_to_id=middle)
    thread = await adapter.thread(account, middle)
    assert [p.remote_id for p in thread.ancestors] == [root]
    assert [p.remote_id for p in thread.descendants] == [leaf]
    assert thread.post is not None
    assert (thread.post.remote_id, thread.post.in_reply_to, thread.post.role) == (middle, root, "other")
    assert thread.ancestors[0].role == "mention"


# --- the way out -------------------------------------------------------------------------------------------------


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


# --- a network in trouble ------------------------------------------------------------------------------------------


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


# --- the live line -------------------------------------------------------------------------------------------------


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
