"""The promises of the port, kept by every adapter the registry finds, against a live server of its kind: the way in.

A new network joins by a `stage.py` in its folder: something that starts a server, posts there as customers do, and breaks it.
"""

from dataclasses import replace
from datetime import UTC, timedelta
from inspect import getfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.port import Inbound, Page
from app.networks.registry import network, networks
from tests.networks.given import RETURN, first, needs, walk
from tests.networks.stages import STAGES


def test_the_registry_finds_what_is_there_and_nothing_else():
    # where nobody is asked there is no server to be asked
    assert [one.name for one in networks().values() if not STAGES[one.name] and "brought" not in one.can] == []
    with pytest.raises(KeyError):
        network("nowhere")
    for name, adapter in networks().items():
        assert Path(getfile(type(adapter))).parent.name == name
        assert adapter.mark.startswith("M")
        assert {field.kind for field in adapter.connect_fields} <= {"text", "url", "secret", "yes_no"}


async def test_a_pasted_token_connects_and_tells_who_the_account_is(desk):
    stage, adapter, account = desk
    assert (account.network, account.server) == (adapter.name, stage.url)
    assert account.remote_id == stage.brand_id
    assert account.handle == stage.full_handle("acme")
    assert not stage.token or stage.token not in repr(account)
    again = await adapter.refresh(account)
    assert again.account == account
    assert again.name


async def test_a_sign_in_through_the_browser_connects(desk):
    stage, adapter, _ = desk
    needs(adapter, "oauth")
    begun = await adapter.authorize(stage.sign_in(), RETURN)
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
    needs(adapter, "oauth")
    begun = await adapter.authorize(stage.sign_in(), RETURN)
    answer = await stage.browser(begun.url)
    with pytest.raises(errors.Rejected):
        await adapter.connect({}, begun.keep, {**answer, "state": "forged"}, RETURN)
    with pytest.raises(errors.Rejected, match="denied"):
        await adapter.connect({}, begun.keep, {"error": "access_denied", "state": begun.state}, RETURN)
    with pytest.raises((errors.Rejected, errors.Unauthorized)):
        await adapter.connect({}, begun.keep, answer | dict((stage.made_up,)), RETURN)


async def test_the_app_is_registered_once_for_a_server_unless_the_server_forgets_it(desk):
    stage, adapter, _ = desk
    needs(adapter, "oauth")
    if not stage.registers_apps:
        pytest.skip("there are no apps, or the brand's own is registered by hand")
    one = await adapter.authorize(stage.sign_in(), RETURN)
    two = await adapter.authorize(stage.sign_in(), RETURN)
    assert one.keep["client_id"] == two.keep["client_id"]
    assert one.state != two.state
    stage.reset()
    three = await adapter.authorize(stage.sign_in(), RETURN)
    assert three.keep["client_id"] != one.keep["client_id"]


@pytest.mark.parametrize("token", ["wrong", "", "with space", "é", "line\nbreak"])
async def test_a_token_that_is_not_accepted_is_unauthorized(desk, token):
    stage, adapter, account = desk
    if not stage.token:
        pytest.skip("nobody signs in there")
    posted = stage.post("nora", "@acme hello")
    bad = replace(account, credentials=stage.credentials(token))
    for call in (adapter.mentions(bad, None), adapter.post(bad, posted), adapter.refresh(bad)):
        with pytest.raises(errors.Unauthorized):
            await call
    stage.token = token
    with pytest.raises(errors.Unauthorized):
        await adapter.connect(stage.fields(), {}, {}, RETURN)


@pytest.mark.parametrize(
    "address", ["", "  ", "https://", "ftp://x.example", "no spaces.example", "//", "http://[", "x"]
)
async def test_an_address_that_is_none_is_refused_with_a_sentence(desk, address):
    stage, adapter, _ = desk
    if not address.strip() and not next(one for one in adapter.connect_fields if one.name == "server").required:
        return  # then it is the network's own
    with pytest.raises(errors.NetworkError) as refused:
        if "oauth" in adapter.can:
            await adapter.authorize({**stage.sign_in(), "server": address}, RETURN)
        await adapter.connect({**stage.fields(), "server": address}, {}, {}, RETURN)
    assert refused.value.sentence.endswith(".")


async def test_a_server_that_is_not_there_is_transient(desk):
    stage, adapter, _ = desk
    for address in ("http://127.0.0.1:9", "https://no-such-server.invalid"):
        if "oauth" in adapter.can and stage.asks_to_begin:
            with pytest.raises(errors.Transient):
                await adapter.authorize({"server": address}, RETURN)
        with pytest.raises(errors.Transient):
            await adapter.connect({**stage.fields(), "server": address}, {}, {}, RETURN)


async def test_a_mention_arrives_with_everything_the_desk_needs(desk):
    stage, adapter, account = desk
    stage.post("nora", "@acme my order #4711 is late", spoiler_text=stage.warning, language="en")
    got = await first(adapter, account)
    assert got.role == "mention"
    assert got.author.handle == stage.full_handle("nora")
    assert got.visibility == "public"
    assert "my order #4711 is late" in got.text
    assert (got.content_warning or "") == stage.warning
    assert got.language == ("en" if stage.tells_language else None)
    assert abs(got.posted_at - now()) < timedelta(seconds=30)
    assert got.posted_at.tzinfo is UTC
    assert (stage.full_handle("acme") in got.addressed) == stage.names_people
    assert got.uri
    assert got.in_reply_to is None


async def test_a_private_message_is_direct(desk):
    stage, adapter, account = desk
    needs(adapter, "private")
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
        page = await adapter.mentions(account, start.cursor)
        assert replace(page, again=None) == Page((), (), start.cursor, more=False)


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
    needs(adapter, "backfill")
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
    assert [item.text for item in found if item.role != "own"] == ["@acme hello"]
    page = await adapter.mentions(account, start.cursor)
    assert page.rejects == ()


async def test_an_edit_is_seen_when_the_post_is_read_again(desk):
    stage, adapter, account = desk
    needs(adapter, "edit")
    stage.post("nora", "@acme it is brokn")
    before = await first(adapter, account)
    stage.edit(before.remote_id, "@acme it is broken")
    after = await adapter.post(account, before.remote_id)
    assert (after.uri, after.text) == (before.uri, "@acme it is broken")
    assert after.edited_at is not None or after.undated
    assert before.edited_at is None


async def test_what_is_deleted_is_gone(desk):
    stage, adapter, account = desk
    needs(adapter, "reread")
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


async def test_of_many_posts_those_that_were_deleted_are_known_and_no_others(desk):
    stage, adapter, account = desk
    most = adapter.checks(account)
    if not most:
        pytest.skip("it cannot be asked")
    said = [stage.post("nora", f"@acme number {n}") for n in range(min(most, 27))]
    for post in (said[0], said[-1]):
        stage.delete(post)
    told = await adapter.vanished(account, said, None)
    while told.job is not None:
        assert told.again > 0
        told = await adapter.vanished(account, (), told.job)
    assert told.gone == {said[0], said[-1]}


async def test_a_thread_has_what_is_above_and_below_with_their_parents(desk):
    stage, adapter, account = desk
    needs(adapter, "reread")
    root = stage.post("nora", "@acme it is down")
    middle = stage.post("bob", "same here", in_reply_to_id=root)
    leaf = stage.post("nora", "@bob since when?", in_reply_to_id=middle)
    last = stage.post("bob", "since ten", in_reply_to_id=leaf)
    thread = await adapter.thread(account, middle)
    assert [p.remote_id for p in thread.ancestors] == [root]
    assert [p.remote_id for p in thread.descendants] == [leaf, last]
    assert thread.post is not None
    assert (thread.post.remote_id, thread.post.in_reply_to, thread.post.role) == (
        middle,
        root,
        "mention" if stage.all_to_brand else "other",
    )
    assert thread.ancestors[0].role == "mention"
