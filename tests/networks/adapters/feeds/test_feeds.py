"""Feeds as they really are: what is new comes once, edits are seen, and rude or hostile ones are refused in words."""

import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.settings import settings
from app.networks import errors
from app.networks.adapters.feeds import NETWORK
from app.networks.adapters.feeds.document import read
from app.networks.adapters.feeds.position import position
from app.networks.answerable import Asked as Question
from app.networks.incoming import Request
from app.networks.port import Account, Page
from tests.conftest import Turned
from tests.networks.adapters.feeds.blog import Blog, a_blog, atom, entry, sample
from tests.rude import answer


@pytest.fixture
async def blog() -> AsyncIterator[Blog]:
    async with a_blog() as running:
        yield running


async def connected(blog: Blog, path: str = "/feed", **fields: str) -> Account:
    return (await NETWORK.connect({"server": f"{blog.url}{path}", **fields}, {}, {}, "")).account


def words(page: Page) -> list[str]:
    return [item.text for item in page.items]


async def test_what_is_new_comes_once_oldest_first_and_an_unchanged_feed_is_not_even_sent(blog: Blog) -> None:
    blog.body = atom(entry("1", "one"))
    account = await connected(blog)
    start = await NETWORK.mentions(account, None)
    assert words(start) == ["one"]
    blog.body = atom(entry("3", "three"), entry("2", "two"), entry("1", "one"))
    page = await NETWORK.mentions(account, start.cursor)
    assert (words(page), page.more) == (["two", "three"], False)
    again = await NETWORK.mentions(account, page.cursor)
    assert (again.items, again.cursor) == ((), page.cursor)
    assert blog.asked[-1].headers["if-none-match"].startswith('W/"')


async def test_pages_of_a_long_feed_end_with_all_of_it_though_the_server_says_nothing_changed(blog: Blog) -> None:
    account = await connected(blog)
    cursor = (await NETWORK.mentions(account, None)).cursor
    blog.body = atom(*(entry(str(n), f"number {n}") for n in reversed(range(7))))
    found: list[str] = []
    for _ in range(3):
        page = await NETWORK.mentions(account, cursor, limit=3)
        found += words(page)
        cursor = page.cursor
    assert found == [f"number {n}" for n in range(7)]
    assert not page.more
    assert words(await NETWORK.mentions(account, cursor, limit=3)) == []


async def test_an_edit_comes_again_under_the_same_name_and_another_id_for_the_same_does_not(blog: Blog) -> None:
    blog.body = atom(entry("1", "it is brokn"))
    account = await connected(blog)
    first = await NETWORK.mentions(account, None)
    blog.body = atom(entry("1", "it is broken"))
    page = await NETWORK.mentions(account, first.cursor)
    assert [(i.uri, i.text) for i in page.items] == [(first.items[0].uri, "it is broken")]
    assert page.items[0].edited_at is not None
    blog.body = atom(entry("changed-by-a-move", "it is broken", link="https://blog.example/1"))
    assert words(await NETWORK.mentions(account, page.cursor)) == []


async def test_what_falls_out_of_a_busy_feed_is_looked_for_on_its_older_pages(blog: Blog) -> None:
    blog.body = atom(entry("1", "one"))
    account = await connected(blog)
    cursor = (await NETWORK.mentions(account, None)).cursor
    blog.places["/feed2"] = answer(
        atom(entry("3", "three"), entry("2", "two"), entry("1", "one")), "Content-Type: application/xml"
    )
    blog.body = atom(entry("5", "five"), entry("4", "four"), more="<link rel='next' href='/feed2'/>")
    assert words(await NETWORK.mentions(account, cursor)) == ["two", "three", "four", "five"]


async def test_words_that_are_listened_for_and_the_brands_own_name(blog: Blog) -> None:
    blog.body = atom(entry("3", "nothing"), entry("2", "thank you", who="Acme Team"), entry("1", "ACME is late"))
    account = await connected(blog, words="acme, parcel", own="acme team")
    page = await NETWORK.mentions(account, None)
    assert [(i.role, i.text) for i in page.items] == [("mention", "ACME is late"), ("own", "thank you")]


async def test_wordpress_comments_are_threaded_and_known_as_their_site_knows_them(blog: Blog) -> None:
    blog.body = sample("01")
    account = await connected(blog)
    bob, alice = (await NETWORK.mentions(account, None)).items
    assert alice.in_reply_to == bob.remote_id == "https://blog.example/?p=17#comment-901"
    assert (bob.uri, alice.uri) == ("https://blog.example/#comment-901", "https://blog.example/#comment-902")
    assert (bob.author.name, alice.author.name) == ("Bob", "Alice")
    assert alice.text.endswith("same here 👩‍👩‍👧‍👦 مرحبا")
    assert "<script" not in bob.text
    assert bob.posted_at == datetime(2026, 8, 31, 9, 15, tzinfo=UTC)
    asked = Question(bob.remote_id, bob.author.remote_id, bob.role, bob.visibility, bob.posted_at, url=bob.url)
    answerable = NETWORK.answerable(account, asked, bob.posted_at)
    assert (answerable.how, answerable.url) == ("by_hand", "https://blog.example/2026/08/launch/#comment-901")


async def test_atom_threads_json_feeds_and_items_without_anything_to_know_them_by(blog: Blog) -> None:
    blog.body = sample("02")
    (carol,) = (await NETWORK.mentions(await connected(blog), None)).items
    assert carol.in_reply_to == "tag:blog.example,2026:0"
    assert carol.edited_at == datetime(2026, 8, 31, 10, 0, tzinfo=UTC)
    blog.body, blog.headers = sample("03"), {"Content-Type": "application/feed+json"}
    second, dan = (await NETWORK.mentions(await connected(blog), None)).items
    assert (second.remote_id, second.text) == ("2", "numeric id must be coerced to string")
    assert (dan.author.name, dan.text, dan.language) == ("Dan", "Brand is down again", "en")
    assert second.author.remote_id.startswith("nobody:")
    blog.body, blog.headers = sample("04"), {}
    bare, late = (await NETWORK.mentions(await connected(blog), None)).items
    assert (bare.remote_id, bare.url) == (f"{blog.url}/42", f"{blog.url}/42")
    assert late.url == f"{blog.url}/rel/path?utm_source=rss"
    assert late.remote_id == f"{blog.url}/rel/path"
    assert abs(late.posted_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_damaged_feed_is_read_and_said_to_be_so(blog: Blog) -> None:
    blog.body = sample("05")
    told = await NETWORK.connect({"server": f"{blog.url}/feed"}, {}, {}, "")
    assert told.warnings == ("connect.feeds.damaged",)
    assert (await NETWORK.mentions(told.account, None)).items


@pytest.mark.parametrize(
    "body",
    [
        sample("06"),
        sample("07"),
        sample("07").decode("utf-8", "replace").encode("utf-16"),
        b"<?xml version='1.0' encoding='utf-7'?>" + atom(entry("1", "x")),
        b"/etc/passwd",
        b"",
        b"[" * 100_000,
        b'{"version": "1"}',
        b"\xff\xfe\x00",
    ],
)
async def test_pages_bombs_and_anything_else_are_refused_in_words(blog: Blog, body: bytes) -> None:
    blog.body = body
    with pytest.raises(errors.Transient) as refused:
        await connected(blog)
    assert "feed" in refused.value.sentence.lower()
    assert "/etc" not in refused.value.sentence


async def test_a_page_that_names_its_feed_leads_there(blog: Blog) -> None:
    blog.places["/"] = answer(
        b"<html><link rel=alternate type=application/atom+xml href=/feed>", "Content-Type: text/html"
    )
    assert (await connected(blog, "/")).server == f"{blog.url}/feed"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("410 Gone", errors.Unauthorized),
        ("403 Forbidden", errors.Unauthorized),
        ("404 Not Found", errors.Transient),
        ("500 Oh", errors.Transient),
        ("429 Slow", errors.RateLimited),
    ],
)
async def test_refusals_stop_wait_or_try_again(blog: Blog, status: str, kind: type[errors.NetworkError]) -> None:
    account = await connected(blog)
    blog.status, blog.headers = status, {"Retry-After": "7200"}
    with pytest.raises(kind) as refused:
        await NETWORK.mentions(account, None)
    assert refused.value.sentence.endswith(".")
    if isinstance(refused.value, errors.RateLimited):
        assert refused.value.retry_at is not None
        assert refused.value.retry_at - datetime.now(UTC) > timedelta(minutes=110)


async def test_a_feed_that_moved_for_good_is_believed_the_third_time(blog: Blog) -> None:
    account = replace(await connected(blog), server=f"{blog.url}/old")
    blog.places["/old"] = answer(b"", "Location: /feed", status="301 Moved Permanently")
    cursor = None
    for _ in range(3):
        cursor = (await NETWORK.mentions(account, cursor)).cursor
    assert position(cursor).url == f"{blog.url}/feed"
    blog.asked.clear()
    await NETWORK.mentions(account, cursor)
    assert [one.path for one in blog.asked] == ["/feed"]


async def test_a_redirect_to_a_private_address_and_one_without_end_are_refused(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = replace(await connected(blog), server=f"{blog.url}/round")
    blog.places["/round"] = answer(b"", "Location: /round", status="302 Found")
    with pytest.raises(errors.Transient, match="on and on"):
        await NETWORK.mentions(account, None)
    blog.places["/round"] = answer(b"", "Location: file:///etc/passwd", status="302 Found")
    with pytest.raises(errors.Transient):
        await NETWORK.mentions(account, None)
    blog.places["/round"] = answer(b"", "Location: http://127.0.0.1/", status="302 Found")
    monkeypatch.setattr(settings(), "allow_private_networks", False)
    with pytest.raises(errors.Rejected):
        await NETWORK.mentions(account, None)


async def test_it_asks_as_seldom_as_the_feed_and_its_server_wish(blog: Blog) -> None:
    async def pause() -> float:
        return (await NETWORK.mentions(await connected(blog), None)).again or 0

    assert 810 <= await pause() <= 990
    blog.headers = {"Cache-Control": "public, max-age=3600"}
    assert 3_240 <= await pause() <= 3_960
    blog.headers = {"Cache-Control": "max-age=99999999999999999999"}
    assert await pause() <= 86_400 * 1.1
    blog.headers, blog.body = {}, b"<rss version='2.0'><channel><ttl>120</ttl><title>t</title></channel></rss>"
    assert 6_480 <= await pause() <= 7_920


async def test_a_hub_is_asked_to_call_us_and_believed_only_with_its_signature(blog: Blog) -> None:
    blog.places["/hub"] = answer(b"", status="202 Accepted")
    blog.body = atom(more=f"<link rel='hub' href='{blog.url}/hub'/><link rel='self' href='{blog.url}/feed'/>")
    account = replace(await connected(blog), incoming_url="https://desk.example/api/v1/incoming/ac_1/secret")
    page = await NETWORK.mentions(account, None)
    (form,) = blog.forms
    assert (form["hub.mode"], form["hub.topic"], form["hub.callback"]) == (
        "subscribe",
        f"{blog.url}/feed",
        account.incoming_url,
    )
    assert len(form["hub.secret"]) < 200
    assert (page.again or 0) > 3_000
    await NETWORK.mentions(account, page.cursor)
    assert len(blog.forms) == 1

    query = {"hub.mode": "subscribe", "hub.topic": f"{blog.url}/feed", "hub.challenge": "abc"}
    assert (await NETWORK.incoming(account, Request("GET", query, {}, b""))).body == "abc"
    strange = await NETWORK.incoming(account, Request("GET", {**query, "hub.topic": "https://x.example"}, {}, b""))
    assert (strange.status, strange.body) == (404, "")
    signed = "sha256=" + hmac.new(form["hub.secret"].encode(), b"<feed/>", hashlib.sha256).hexdigest()
    told = await NETWORK.incoming(account, Request("POST", {}, {"x-hub-signature": signed}, b"<feed/>"))
    assert (told.status, told.happened) == (204, True)
    for forged in ("sha256=00", "md5=00", "", signed + "é"):
        told = await NETWORK.incoming(account, Request("POST", {}, {"x-hub-signature": forged}, b"<feed/>"))
        assert (told.status, told.happened, told.problem) == (204, False, "signature")


@pytest.mark.parametrize("hub", ["away", "refuses"])
async def test_a_hub_that_does_not_promise_is_left_alone_for_an_hour_and_the_feed_read_as_ever(
    blog: Blog, turned: Turned, hub: str
) -> None:
    at = "http://127.0.0.1:9/hub" if hub == "away" else f"{blog.url}/hub"
    blog.places["/hub"] = answer(b"", status="403 Forbidden")
    blog.body = atom(entry("1", "one"), more=f"<link rel='hub' href='{at}'/>")
    account = replace(await connected(blog), incoming_url="https://desk.example/incoming")
    page = await NETWORK.mentions(account, None)
    assert words(page) == ["one"]
    assert 810 <= (page.again or 0) <= 990
    blog.places["/hub"] = answer(b"", status="202 Accepted")
    blog.asked.clear()
    blog.body = atom(entry("2", "two"), entry("1", "one"), more=f"<link rel='hub' href='{blog.url}/hub'/>")
    if hub == "refuses":
        turned.set(turned.at + timedelta(minutes=59))
        page = await NETWORK.mentions(account, page.cursor)
        assert (words(page), blog.forms) == (["two"], [])
        turned.set(turned.at + timedelta(minutes=2))
        blog.body = atom(entry("3", "three"), entry("2", "two"), more=f"<link rel='hub' href='{blog.url}/hub'/>")
    page = await NETWORK.mentions(account, page.cursor)  # another hub than the one that is away is asked at once
    assert len(blog.forms) == 1
    assert (page.again or 0) > 3_000


async def test_a_promise_that_cannot_be_renewed_holds_until_its_end(blog: Blog, turned: Turned) -> None:
    blog.places["/hub"] = answer(b"", status="202 Accepted")
    blog.body = atom(entry("1", "one"), more=f"<link rel='hub' href='{blog.url}/hub'/>")
    account = replace(await connected(blog), incoming_url="https://desk.example/incoming")
    page = await NETWORK.mentions(account, None)
    blog.places["/hub"] = answer(b"", status="500 Oh")
    for days, pause in ((9, 3_600), (2, 900)):
        turned.set(turned.at + timedelta(days=days))
        blog.body = atom(entry(f"day {days}", "more"), more=f"<link rel='hub' href='{blog.url}/hub'/>")
        page = await NETWORK.mentions(account, page.cursor)
        assert pause * 0.9 <= (page.again or 0) <= pause * 1.1
    assert len(blog.forms) == 3


async def test_nothing_can_be_sent_or_asked_for(blog: Blog) -> None:
    account = await connected(blog)
    assert not NETWORK.can & {"public", "private"}
    assert NETWORK.limits(account).max_characters == 0
    with pytest.raises(errors.Rejected):
        await NETWORK.prepare(account, None)  # type: ignore[arg-type]
    with pytest.raises(errors.Rejected):
        await NETWORK.authorize({}, "")
    assert [hint async for hint in NETWORK.hints(account)] == []


def test_a_cursor_stays_small_and_any_text_is_read_as_one() -> None:
    here = position(None)
    here.known = {str(n): "x" for n in range(10_000)}
    assert len(position(here.text()).known) == 2_000
    for odd in ("", "x", "[]", '{"known": 3, "moves": "x", "leased": []}', json.dumps({"known": {"a": None}})):
        assert position(odd).text()


@pytest.mark.parametrize(
    "piece", [b"<a ", b"<a>", b"</a>", b"&amp", b"<![CDATA[", b"<!--", b"<entry><id>", b"'\"<", b"\0\0"]
)
def test_broken_xml_costs_little_however_it_is_broken(piece: bytes) -> None:
    begun = time.process_time()
    for size in (25_000, 2_000_000):
        body = b"<feed xmlns='http://www.w3.org/2005/Atom'>" + piece * (size // len(piece))
        with contextlib.suppress(errors.Transient):
            read(body, {}, "https://blog.example/feed")
    assert time.process_time() - begun < 20


def test_of_a_very_long_feed_the_first_thousand_are_read() -> None:
    item = entry("x" * 40, "words &amp; more")
    assert len(read(atom(*[item] * 1_100), {}, "https://blog.example/feed").items) == 1_000


def test_what_is_nested_without_end_is_no_feed_or_an_empty_one() -> None:
    body = atom(b"".join((b"<a>" * 8_000, b"</a>" * 8_000)).decode())
    begun = time.process_time()
    with contextlib.suppress(errors.Transient):
        assert read(body, {}, "https://blog.example/feed").items == []
    assert time.process_time() - begun < 20
