"""Recorded posts, messages and events of X in our words, in both generations of names."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.networks.adapters.x.ids import instant, read_name
from app.networks.adapters.x.names import complains_of
from app.networks.adapters.x.read_text import read_text
from app.networks.adapters.x.translate import around, to_encrypted, to_inbound, to_message, to_outcomes, to_published
from app.networks.html import plain
from app.networks.port import Inbound, Reject, Segment
from tests.networks.adapters.x.recorded import READER, post, posts, sample


def test_a_mention_with_its_author_its_parent_and_its_marks():
    got = post("01", 1)
    assert (got.remote_id, got.uri) == ("2090000000000000001", "https://x.com/i/status/2090000000000000001")
    assert (got.role, got.visibility, got.language) == ("mention", "public", "en")
    assert (got.author.handle, got.author.name, got.author.followers) == ("alice", "Alice", 97)
    assert got.url == "https://x.com/alice/status/2090000000000000001"
    assert [(s.kind, s.text) for s in got.segments] == [
        ("mention", "@brand"), ("text", " order "), ("tag", "#4711"), ("text", " is late"),
    ]  # fmt: skip
    assert got.addressed == ("brand",)
    assert got.posted_at == datetime(2026, 8, 31, 9, 15, tzinfo=UTC)
    reply = post("01", 0)
    assert (reply.in_reply_to, reply.in_reply_to_author) == ("2089999999999999995", "1111111111111111111")


def test_the_names_of_both_generations_say_the_same():
    assert post("02") == replace(post("01", 0), facts=post("02").facts)
    assert post("02").facts == post("01", 0).facts


def test_an_edited_post_keeps_its_first_id_and_is_answered_under_its_latest():
    got = post("04")
    assert (got.remote_id, got.facts["id"]) == ("2090000000000000010", "2090000000000000012")
    assert got.edited_at == instant("2090000000000000012")
    assert got.posted_at == instant("2090000000000000010")
    renamed = {**sample("04")["data"][0]}
    renamed["edit_history_post_ids"] = renamed.pop("edit_history_tweet_ids")
    again = to_inbound({**renamed, "id": "2090000000000000010", "text": "@brand order"}, READER)
    assert isinstance(again, Inbound)
    assert (again.uri, again.edited_at) == (got.uri, None)


def test_a_reply_to_what_was_deleted_is_read_all_the_same():
    assert post("05").in_reply_to == "2089999999999999902"


def test_a_quote_hides_the_link_to_what_it_quotes_and_a_repost_is_no_post():
    quote, repost = posts("06")
    assert isinstance(quote, Inbound)
    assert (quote.text, quote.quotes) == ("look at this", "https://x.com/i/status/2089999999999999995")
    assert isinstance(repost, Reject)
    of_ours = around({"tweets": [{"id": "2089999999999999995", "author_id": READER.account_id}]})
    read = to_inbound(sample("06")["data"][0], READER, of_ours)
    assert isinstance(read, Inbound)
    assert (read.role, read.facts["quotes_us"]) == ("quote", True)
    assert [one.remote_id for one in to_outcomes(sample("06"), READER)] == ["2090000000000000030"]


def test_the_whole_of_a_long_post_is_read():
    assert len(post("07").text) > 900
    entity = sample("07")["data"][0]
    entity["note_post"] = entity.pop("note_tweet")
    assert isinstance(renamed := to_inbound(entity, READER), Inbound)
    assert renamed.text == post("07").text


def test_escaped_words_and_other_scripts_and_a_picture():
    got = post("08")
    assert got.text == "@brand مرحبا 👩‍👩‍👧‍👦 الطلب تالف & <3 🏳️‍🌈"
    assert [(m.kind, m.url, m.alt, m.width) for m in got.media] == [
        ("image", "https://pbs.twimg.com/media/x.jpg", "صورة", 1200)
    ]


def test_a_post_without_its_author_is_set_aside():
    (got,) = posts("09")
    assert isinstance(got, Reject)
    assert "author" in got.reason


@pytest.mark.parametrize("unit", ["points", "utf-16", "nonsense"])
def test_marks_are_found_by_whichever_unit_they_are_counted(unit):
    said = "👩‍👩‍👧‍👦🏳️‍🌈 &amp; @Brand see https://t.co/abc\n\nand #news"
    places = {word: said.index(word) for word in ("@Brand", "https://t.co/abc", "#news")}
    if unit == "utf-16":
        places = {word: len(said[:at].encode("utf-16-le")) // 2 for word, at in places.items()}
    if unit == "nonsense":
        places = {word: 10_000 + n for n, word in enumerate(places)}
    at = list(places.values())
    link = {"url": "https://t.co/abc", "expanded_url": "https://a.example/long", "display_url": "a.example/lo…"}
    marks = {
        "mentions": [{"start": at[0], "username": "brand"}],
        "urls": [{"start": at[1], **link}],
        "hashtags": [{"start": at[2], "tag": "news"}],
    }
    read = read_text(said, marks, hide_status=None)
    assert plain(read) == "👩‍👩‍👧‍👦🏳️‍🌈 & @Brand see https://a.example/long\n\nand #news"
    assert [s.kind for s in read] == ["text", "mention", "text", "link", "paragraph", "text", "tag"]
    assert read[3] == Segment("link", "a.example/lo…", "https://a.example/long")


def test_direct_messages_are_read_and_joins_are_not():
    page = sample("40")
    read = [to_message(one, READER, around(page["includes"])) for one in page["data"]]
    first = read[0]
    assert isinstance(first, Inbound)
    assert (first.role, first.visibility, first.text) == ("direct", "direct", "Hi, order 4711?")
    assert first.remote_id == "dm-1582838499983564806-1111111111111111111-2222222222222222222"
    assert isinstance(picture := read[1], Inbound)
    assert [m.kind for m in picture.media] == ["other"]
    assert picture.in_reply_to == first.in_reply_to
    assert read[2] is None


def test_an_encrypted_message_is_a_notice_that_invents_nothing_and_can_be_read_again_from_its_name():
    payload = sample("25")["data"]["payload"]
    got = to_encrypted(payload, READER)
    assert isinstance(got, Inbound)
    assert (got.role, got.visibility, got.url) == ("direct", "direct", "https://x.com/messages")
    assert got.author.remote_id == "2222222222222222222"
    assert "ciphertext" not in got.text
    name = read_name(got.remote_id)
    assert name is not None
    assert (name.kind, name.sender, name.at) == ("encrypted", got.author.remote_id, got.posted_at)


def test_our_own_post_is_published_even_without_its_author():
    got = to_published(sample("41")["body"]["data"], READER)
    assert got is not None
    assert got.url == "https://x.com/brand/status/2090000000000000077"


def test_a_refusal_of_a_name_is_told_from_other_refusals():
    bad = sample("50")[0]["body"]
    assert not complains_of(bad, "tweet")
    assert complains_of({**bad, "errors": [{"message": "The query parameter [tweet.fields] is not one of …"}]}, "tweet")
