"""What is particular to WordPress: its zones, moderation states, rewritten characters, duplicates and walls."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.core import client
from app.core.clock import now
from app.networks import errors
from app.networks.adapters.wordpress import NETWORK
from app.networks.answerable import Answerable
from app.networks.answerable import Asked as Question
from app.networks.port import Account, Inbound, Outgoing
from tests.networks.adapters.wordpress.site import Fault, Site

RETURN = "https://desk.example/return"


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    url = running.url
    fresh = Site()
    for name, value in vars(fresh).items():
        setattr(running, name, value)
    running.url = url
    running.passwords["acme"] = "abcd efgh ijkl mnop"
    return running


async def connected(site: Site, login: str = "acme") -> Account:
    site.passwords.setdefault(login, "abcd efgh ijkl mnop")
    fields = {"server": site.url, "user": login, "token": site.passwords[login]}
    return (await NETWORK.connect(fields, {}, {}, RETURN)).account


async def newest(account: Account) -> Inbound:
    return (await NETWORK.mentions(account, None)).items[-1]


def reply(parent: Inbound, text: str) -> Outgoing:
    return Outgoing("k", text, parent.remote_id, "public", parent_facts=parent.facts)


async def test_a_person_allows_us_on_the_sites_own_page(site: Site) -> None:
    begun = await NETWORK.authorize({"server": site.url}, RETURN)
    question = dict(parse_qsl(urlsplit(begun.url).query))
    assert urlsplit(begun.url).netloc == urlsplit(site.url).netloc
    back = dict(parse_qsl(urlsplit(site.allow(question["success_url"], "acme", "qrst uvwx")).query))
    assert back["state"] == begun.state
    connected = await NETWORK.connect({}, begun.keep, back, RETURN)
    assert (connected.account.handle, connected.name, connected.warnings) == ("acme@127.0.0.1", "Acme Blog", ())
    with pytest.raises(errors.Rejected):
        await NETWORK.connect({}, begun.keep, {**back, "state": "forged"}, RETURN)
    with pytest.raises(errors.Rejected, match="denied"):
        await NETWORK.connect({}, begun.keep, {"state": begun.state, "error": "access_denied"}, RETURN)


async def test_every_comment_comes_once_whatever_the_sites_time_zone(site: Site) -> None:
    account = await connected(site)
    start = await NETWORK.mentions(account, None)
    for n in range(250):
        site.say("Nora", f"number {n}", at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=n))
    site.say("Acme", "our own", member=3)
    site.say("Elsewhere", "[...]", type="pingback")
    for zone in (-12, 0, 14):
        site.zone = timedelta(hours=zone)
        for one in site.comments.values():
            at = datetime.fromisoformat(one["date_gmt"]).replace(tzinfo=UTC)
            one["date"] = (at + site.zone).replace(tzinfo=None).isoformat()
        found: list[str] = []
        cursor: str | None = '{"id": 900, "at": "2026-11-01T00:00:00+00:00"}'
        while True:
            page = await NETWORK.mentions(account, cursor)
            found += [item.text for item in page.items]
            cursor = page.cursor
            if not page.more:
                break
        assert found == [f"number {n}" for n in range(250)]
    assert start.cursor is not None
    back: list[str] = []
    before: str | None = None
    while True:
        page = await NETWORK.older_mentions(account, before, limit=60)
        back = [item.text for item in page.items] + back
        before = page.cursor
        if not page.more:
            break
    assert back == [f"number {n}" for n in range(250)]


async def test_guests_are_told_apart_and_comments_are_known_as_in_the_sites_feed(site: Site) -> None:
    account = await connected(site)
    first = site.say("Anna", "it is late", author_avatar_urls={"24": "https://g.example/a1?s=24"})
    site.say("Anna", "mine too", parent=first, author_avatar_urls={"24": "https://g.example/b2?s=24"})
    one, two = (await NETWORK.mentions(account, None)).items
    assert one.author.name == two.author.name == "Anna"
    assert one.author.remote_id != two.author.remote_id
    assert two.in_reply_to == one.remote_id
    assert one.uri == f"{site.url}/#comment-{first}"


async def test_a_comment_that_waits_for_approval_is_seen_by_who_may_approve(site: Site) -> None:
    site.say("Nora", "is this on?", status="hold")
    account = await connected(site)
    held = await newest(account)
    asked = Question(held.remote_id, held.author.remote_id, held.role, "public", held.posted_at, facts=held.facts)
    assert NETWORK.answerable(account, asked, now()).notes == ("answer.wordpress.parent_held",)
    site.moderators.clear()
    told = await NETWORK.connect({"server": site.url, "user": "acme", "token": site.passwords["acme"]}, {}, {}, RETURN)
    assert told.warnings == ("connect.wordpress.no_moderation",)
    assert (await NETWORK.mentions(told.account, None)).items == ()
    with pytest.raises(errors.Gone):
        await NETWORK.post(told.account, held.remote_id)


async def test_a_post_that_takes_no_comments_or_soon_none_is_known_before_anybody_types(site: Site) -> None:
    site.posts[17] = {"comment_status": "closed", "date_gmt": "2026-11-01T10:00:00"}
    site.posts[18] = {"comment_status": "open", "date_gmt": "2026-11-01T10:00:00"}
    fields = {"server": site.url, "user": "acme", "token": site.passwords["acme"], "close_days": "14"}
    account = (await NETWORK.connect(fields, {}, {}, RETURN)).account
    assert (await NETWORK.refresh(account)).account == account

    async def how(number: int, at: datetime) -> Answerable:
        got = await NETWORK.post(account, str(number))
        (paged,) = [one for one in (await NETWORK.mentions(account, None)).items if one.remote_id == got.remote_id]
        assert paged.facts == got.facts
        asked = Question(got.remote_id, "", got.role, "public", got.posted_at, url=got.url, facts=got.facts)
        return NETWORK.answerable(account, asked, at)

    at = datetime(2026, 11, 10, tzinfo=UTC)
    end = datetime(2026, 11, 15, 10, tzinfo=UTC)
    closed, open_, page = (site.say("Nora", "hello", post=post) for post in (17, 18, 19))
    assert ((await how(closed, at)).how, (await how(closed, at)).why) == ("no", "answer.wordpress.closed")
    assert await how(open_, at) == Answerable(until=end)
    assert (await how(open_, end)).why == "answer.wordpress.closed"
    assert await how(page, at) == Answerable()
    site.posts.clear()  # what is not known forbids nothing
    assert await how(closed, at) == Answerable()
    for wrong in ("two weeks", "-1", "0", "1e9", "99999"):
        with pytest.raises(errors.Rejected) as refused:
            await NETWORK.connect({**fields, "close_days": wrong}, {}, {}, RETURN)
        assert refused.value.field == "close_days"


async def test_an_answer_that_the_site_holds_back_is_out_and_said_to_be_unseen(site: Site) -> None:
    site.moderators.clear()
    site.holds = True
    site.say("Nora", "it is late")
    account = await connected(site)
    sent = await NETWORK.publish(account, reply(await newest(account), "Sorry."))
    assert sent.doubt == "answer.wordpress.held"


async def test_words_arrive_as_typed_and_are_found_though_the_site_rewrites_them(site: Site) -> None:
    site.say("Nora", "it is late")
    account = await connected(site)
    answer = reply(await newest(account), "It's <b>on</b> its way... & soon")
    begun = now()
    site.faults.append(Fault("drop", "POST", after=True))
    with pytest.raises(errors.Unknown):
        await NETWORK.publish(account, answer)
    found = await NETWORK.find(account, answer, begun)
    assert found is not None
    assert found.text == "It’s <b>on</b> its way… & soon"
    with pytest.raises(errors.Unknown):  # a duplicate is evidence and no refusal
        await NETWORK.publish(account, answer)
    assert sum(one["author"] == 3 for one in site.comments.values()) == 1
    assert await NETWORK.find(account, replace(answer, text="It's on its way... & later"), begun) is None
    assert await NETWORK.find(account, answer, begun + timedelta(hours=1)) is None


async def test_closed_comments_spam_and_walls_are_said_in_words(site: Site) -> None:
    number = site.say("Nora", "it is late")
    account = await connected(site)
    parent = await newest(account)
    site.closed = True
    with pytest.raises(errors.Rejected, match="closed"):
        await NETWORK.publish(account, reply(parent, "Sorry."))
    site.comments[number]["status"] = "trash"
    with pytest.raises(errors.Gone):
        await NETWORK.thread(account, parent.remote_id)
    site.passwords.clear()
    with pytest.raises(errors.Unauthorized, match="invalid application password"):
        await NETWORK.mentions(account, None)
    await client.close()


async def test_an_edit_without_a_date_is_seen_by_what_it_says(site: Site) -> None:
    number = site.say("Nora", "it is brokn")
    account = await connected(site)
    assert (await newest(account)).undated
    site.comments[number]["content"]["rendered"] = "<p>it is broken</p>"
    assert (await NETWORK.post(account, str(number))).text == "it is broken"
