"""Reading X: gaps, ceilings, the search, direct messages, both generations of names, and what it costs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.adapters.x import listen, messages
from app.networks.adapters.x.memory import memory_of
from app.networks.adapters.x.pages import read_position
from tests.networks.adapters.x.conftest import Desk

MENTIONS = "/2/users/{}/mentions"


def listening(desk: Desk, query: str = '"Acme" -is:retweet') -> None:
    desk.account = replace(desk.account, traits={**desk.account.traits, "query": query})


async def test_a_gap_of_several_pages_is_one_page_oldest_first(desk: Desk):
    desk.stage.post("nora", "@acme before")
    cursor = await desk.cursor()
    for n in range(230):
        desk.stage.world.say(f"c{n % 40}", f"@acme number {n}")
    page = await desk.x.mentions(desk.account, cursor)
    assert [item.text for item in page.items] == [f"@acme number {n}" for n in range(230)]
    assert not page.more
    assert await desk.new(str(page.cursor)) == ()
    assert len(desk.calls(MENTIONS.format(desk.account.remote_id))) == 1 + 3 + 1


async def test_a_gap_larger_than_x_gives_is_said_and_not_passed_over(desk: Desk):
    desk.stage.post("nora", "@acme before")
    cursor = await desk.cursor()
    desk.stage.world.ceiling = 800
    for n in range(810):
        desk.stage.world.say("nora", f"@acme {n}")
    page = await desk.x.mentions(desk.account, cursor)
    assert len(page.items) == 800
    (told,) = page.rejects
    assert "gives no older ones" in told.reason


async def test_a_failure_in_the_middle_of_a_gap_loses_nothing(desk: Desk):
    desk.stage.post("nora", "@acme before")
    cursor = await desk.cursor()
    for n in range(120):
        desk.stage.world.say("nora", f"@acme {n}")
    path = MENTIONS.format(desk.account.remote_id)
    desk.stage.fault("rate_limit", path=path, times=None)
    desk.stage.gate.faults[0].times = 0
    first = desk.x.mentions(desk.account, cursor)
    desk.stage.gate.faults.clear()
    assert len((await first).items) == 120
    desk.stage.fault("error", path="/2/users", times=1)
    memory_of(desk.account)._profiles.clear()
    with pytest.raises(errors.Transient):
        await desk.x.mentions(desk.account, cursor)
    assert len(await desk.new(cursor)) == 120


@pytest.mark.parametrize("generation", ["tweet", "post"])
async def test_the_server_may_know_posts_by_either_name_and_change_its_mind(desk: Desk, generation: str):
    desk.stage.world.generation = generation
    got = await desk.asked("@acme still broken")
    assert got.text == "@acme still broken"
    refused = [q for q in desk.calls(MENTIONS.format(desk.account.remote_id)) if "tweet.fields" in q]
    assert len(refused) == (2 if generation == "tweet" else 1)  # asked once, then remembered
    desk.stage.world.generation = "post" if generation == "tweet" else "tweet"
    edited = desk.stage.world.edit(got.remote_id, "@acme it works")
    again = await desk.x.post(desk.account, got.remote_id)
    assert (again.uri, again.text, again.facts["id"]) == (got.uri, "@acme it works", edited.id)


async def test_a_parent_that_is_gone_fails_no_page(desk: Desk):
    parent = await desk.stage.post_as_brand("Hello")
    desk.stage.delete(parent)
    got = await desk.asked("@acme as I said", in_reply_to_id=parent)
    assert got.in_reply_to == parent
    assert (await desk.x.thread(desk.account, got.remote_id)).ancestors == ()


async def test_a_reply_under_an_edited_post_hangs_under_its_first_version(desk: Desk):
    root = await desk.asked("@acme brokn")
    latest = desk.stage.world.edit(root.remote_id, "@acme broken")
    answer = await desk.asked("@acme anyone?", in_reply_to_id=latest.id)
    assert answer.in_reply_to == root.remote_id
    thread = await desk.x.thread(desk.account, root.remote_id)
    assert thread.post is not None
    assert (thread.post.text, [p.uri for p in thread.descendants]) == ("@acme broken", [answer.uri])


async def test_the_search_hears_who_does_not_name_the_account_and_says_each_post_once(desk: Desk):
    listening(desk)
    desk.stage.post("nora", "I like Acme")
    page = await desk.x.mentions(desk.account, None)
    desk.stage.post("nora", "Acme is down")
    desk.stage.post("zoe", "@acme Acme is down here too")
    found = await desk.new(str(page.cursor))
    assert [(p.text, p.role) for p in found] == [
        ("Acme is down", "mention"),
        ("@acme Acme is down here too", "mention"),
    ]
    assert [p.facts["names_us"] for p in found] == [False, True]
    assert desk.used().keys() == {"mention.read", "post.read", "profile.read"}


def test_the_search_is_never_asked_for_more_than_a_week(turned):
    old = "1000000000000000000"
    ((name, when),) = listen.since_when(now() - timedelta(days=30), old)
    assert (name, when) == ("start_time", f"{now() - listen.REACH:%Y-%m-%dT%H:%M:%SZ}")
    assert listen.since_when(now() - timedelta(hours=1), None)[0][0] == "start_time"


async def test_a_second_inbox_that_fails_does_not_stop_the_first_and_is_read_later(desk: Desk):
    cursor = await desk.cursor()
    desk.stage.post("nora", "@acme psst", visibility="direct")
    desk.stage.post("nora", "@acme hello")
    desk.stage.fault("rate_limit", path="/2/dm_events")
    memory_of(desk.account).messages_asked.clear()
    page = await desk.x.mentions(desk.account, cursor)
    assert [p.text for p in page.items] == ["@acme hello"]
    memory_of(desk.account).messages_asked.clear()
    assert [p.text for p in await desk.new(str(page.cursor))] == ["psst"]


async def test_messages_are_asked_for_once_a_minute_and_at_once_when_one_is_told(desk: Desk):
    cursor = await desk.cursor()
    desk.stage.post("nora", "one", visibility="direct")
    assert await desk.new(cursor) == ()
    memory_of(desk.account).message_waits = True
    (got,) = await desk.new(cursor)
    assert got.text == "one"
    for _ in range(14):
        memory_of(desk.account).message_waits = True
        await desk.new(cursor)
    assert len(desk.calls("/2/dm_events")) <= 12


async def test_an_import_brings_messages_first_none_too_old_and_then_mentions(desk: Desk, monkeypatch):
    monkeypatch.setattr(messages, "_PART", "2")
    desk.stage.post("nora", "@acme long ago")
    for text in ("too old", "one", "two"):
        desk.stage.post("nora", text, visibility="direct")
    desk.stage.world.write("acme", "nora", "hello")
    desk.stage.post("nora", "three", visibility="direct")
    old, first, *_ = desk.stage.world.messages
    old.id = str(int(old.id) - (3_600_000 << 22))  # an hour earlier: the time stands in the number
    since = messages.to_instant(desk.stage.world.message_entity(first))
    memory = memory_of(desk.account)
    pages, cursor, waits = [], None, 0
    while True:
        page = await desk.x.older_mentions(desk.account, cursor, since=since)
        if page.again:
            assert (page.items, page.cursor) == ((), cursor)
            memory.messages_asked.clear()  # a minute later
            waits += 1
        else:
            pages.append(page.items)
        cursor = page.cursor
        if not page.more:
            break
    found = [[item.text for item in items] for items in pages]
    assert found == [["hello", "three"], ["one", "two"], [], ["@acme long ago"], []]
    assert waits == 2
    assert memory.asked_by == {}  # who asked last is for readings to say
    one, two = pages[1]
    assert one.in_reply_to == two.in_reply_to
    refusal = {"title": "Forbidden", "status": 403}
    memory.messages_asked.clear()
    desk.stage.fault("answer", path="/2/dm_events", status=403, body=refusal)
    assert [item.text for item in (await desk.x.older_mentions(desk.account, None)).items] == ["@acme long ago"]


async def test_our_own_message_answers_what_was_said_last_and_all_of_a_talk_hangs_together(desk: Desk):
    cursor = await desk.cursor()
    for text in ("one", "two"):
        desk.stage.post("nora", text, visibility="direct")
    desk.stage.world.write("acme", "nora", "hello")
    memory_of(desk.account).messages_asked.clear()
    one, two, ours = await desk.new(cursor)
    assert one.in_reply_to == two.in_reply_to
    assert (ours.role, ours.in_reply_to) == ("own", two.remote_id)
    assert (await desk.x.thread(desk.account, one.remote_id)).post == one
    assert desk.calls(f"/2/dm_events/{one.remote_id.split('-')[1]}") == []
    memory_of(desk.account).messages.clear()
    assert (await desk.x.post(desk.account, one.remote_id)).text == "one"


async def test_an_app_that_may_not_search_still_reads_the_post_and_what_it_answers(desk: Desk):
    root = await desk.asked()
    below = await desk.asked("@acme hello?", in_reply_to_id=root.remote_id)
    refusal = {"title": "Client Forbidden", "type": "https://api.x.com/2/problems/client-forbidden"}
    desk.stage.fault("answer", path="/2/tweets/search/recent", status=403, body=refusal)
    thread = await desk.x.thread(desk.account, below.remote_id)
    assert [one.uri for one in thread.ancestors] == [root.uri]


async def test_empty_pages_cost_nothing_and_people_are_read_once_a_day(desk: Desk):
    cursor = await desk.cursor()
    desk.used()
    await desk.new(cursor)
    assert desk.used() == {}
    for n in range(3):
        desk.stage.post("nora", f"@acme {n}")
    first = await desk.new(cursor)
    assert desk.used() == {"mention.read": 3, "profile.read": 1}
    await desk.new(cursor)  # what was read today is free
    assert desk.used() == {}
    await desk.x.thread(desk.account, first[0].remote_id)
    assert desk.used() == {"post.read": 1}


async def test_credits_that_are_used_up_are_said_plainly(desk: Desk):
    desk.stage.world.out_of_credits = True
    with pytest.raises(errors.RateLimited, match="credits") as told:
        await desk.x.mentions(desk.account, None)
    assert told.value.retry_at is not None


async def test_a_cursor_is_the_same_text_for_the_same_place_and_survives_nonsense(desk: Desk):
    cursor = await desk.cursor()
    assert read_position(cursor).cursor() == cursor
    for nonsense in ("null", "[]", "12", "{", '{"m": [], "at": 5}'):
        assert read_position(nonsense).mention is None
