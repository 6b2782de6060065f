"""Recorded notifications and statuses in, our words out; and any JSON at all gives an answer."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.networks.adapters.mastodon.translate import Reader, to_inbound, to_outcome, to_published
from app.networks.port import Inbound, Media, Reject
from tests.networks.adapters.mastodon.recorded import BRAND, GTS_BRAND, recorded


def inbound(name: str, reader: Reader = BRAND) -> Inbound:
    outcome = to_outcome(recorded(name), reader)
    assert isinstance(outcome, Inbound), outcome
    return outcome


def test_a_public_mention():
    got = inbound("01")
    assert got.uri == "https://toot.example/users/alice/statuses/115000000000000100"
    assert got.remote_id == "115000000000000100"
    assert got.url == "https://toot.example/@alice/115000000000000100"
    assert (got.author.remote_id, got.author.handle, got.author.name) == (
        "109000000000000002",
        "alice@toot.example",
        "Alice",
    )
    assert (got.author.followers, got.author.bot) == (12, False)
    assert (got.role, got.visibility) == ("mention", "public")
    assert got.text == "@brand my order #4711 has not arrived & nobody answers.\nHelp?"
    assert got.posted_at == datetime(2026, 8, 31, 9, 15, tzinfo=UTC)
    assert got.edited_at is None
    assert got.addressed == ("brand@social.example",)
    assert (got.content_warning, got.language, got.media, got.quotes) == (None, "en", (), None)


def test_a_warning_right_to_left_words_an_emoji_and_a_picture_without_description():
    got = inbound("02")
    assert got.content_warning == "صورة منتج مكسور / broken item"
    assert got.visibility == "unlisted"
    assert [s.kind for s in got.segments] == ["mention", "text", "tag", "text", "emoji"]
    assert "👩‍👩‍👧‍👦 🏳️‍🌈 :blobcat:" in got.text
    assert got.media == (
        Media(
            "image", "https://files.social.example/orig.jpg", "https://files.social.example/small.jpg", None, 1200, 900
        ),
    )


def test_a_private_message():
    assert (inbound("03").role, inbound("03").visibility) == ("direct", "direct")


def test_a_quote_of_the_brand_hides_the_address_it_repeats():
    got = inbound("04")
    assert got.role == "quote"
    assert got.quotes == "https://social.example/users/brand/statuses/115000000000000050"
    assert got.text == "Not to my village they do not"


def test_a_quote_that_is_not_approved_quotes_nothing_yet():
    assert (inbound("05").quotes, inbound("05").role) == (None, "mention")


def test_an_edit_yields_the_post_as_it_is_now():
    got = inbound("06")
    assert got.text == "@brand my order #4711 arrived EMPTY"
    assert got.edited_at == datetime(2026, 8, 31, 9, 20, tzinfo=UTC)
    assert (got.uri, got.role) == (inbound("01").uri, "mention")


def test_a_boost_of_a_mention_is_passed_over_in_silence():
    assert to_outcome(recorded("07"), BRAND) is None


def test_unknown_kinds_are_set_aside_with_their_raw_text_and_known_ones_passed_over():
    outcomes = [to_outcome(one, BRAND) for one in recorded("08")]
    assert outcomes[:2] == [None, None]
    assert isinstance(outcomes[2], Inbound)  # a reply that awaits our approval is a mention all the same
    assert outcomes[2].role == "mention"
    future = outcomes[3]
    assert isinstance(future, Reject)
    assert (future.remote_id, future.reason) == ("51000011", "unknown type: some.future_type")
    assert json.loads(future.raw) == recorded("08")[3]


def test_an_old_server_leaves_out_what_is_optional_and_sends_plain_text():
    got = inbound("09")
    assert (got.author.handle, got.author.name) == ("min@old.example", "min")
    assert (got.url, got.language, got.role) == (None, None, "mention")
    assert got.text == "@brand plain text only, no html"
    assert got.author.avatar_url is None


def test_a_reply_whose_parent_is_unknown_keeps_the_parents_author():
    got = to_inbound(recorded("10"), BRAND)
    assert isinstance(got, Inbound)
    assert (got.in_reply_to, got.in_reply_to_author) == (None, "109000000000000001")


def test_a_boost_is_no_post():
    got = to_inbound(recorded("22"), BRAND)
    assert isinstance(got, Reject)
    assert got.reason == "a boost is no post"


def test_a_visibility_we_do_not_know_counts_as_followers_only():
    got = to_inbound(recorded("23"), BRAND)
    assert isinstance(got, Inbound)
    assert got.visibility == "followers"
    assert got.segments[0].kind == "mention"


def test_our_own_post_is_own_and_as_published():
    status = recorded("18")
    got = to_inbound(status, BRAND)
    assert isinstance(got, Inbound)
    assert (got.role, got.sent_by) == ("own", "Helpdesk")
    assert to_outcome({"id": "1", "type": "mention", "status": status}, BRAND) is None
    published = to_published(status, BRAND)
    assert published is not None
    assert published.remote_id == "115000000000000110"
    assert published.text == "@alice Sorry! We are on it."


def test_a_page_recorded_from_gotosocial():
    got = [to_outcome(one, GTS_BRAND) for one in recorded("gotosocial_live/notifications_page")]
    assert [item.role for item in got if isinstance(item, Inbound)] == ["direct", "mention", "mention"]
    assert got[0].author.handle == "alice@gts.test"  # type: ignore[union-attr]
    assert got[1].content_warning == "broken item photo"  # type: ignore[union-attr]
    edited = to_inbound(recorded("gotosocial_live/status_edited"), GTS_BRAND)
    assert isinstance(edited, Inbound)
    assert edited.edited_at is not None


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_impossible_dates_are_replaced_by_when_the_mention_came(year):
    notification = recorded("01")
    notification["status"]["created_at"] = year
    got = to_outcome(notification, BRAND)
    assert isinstance(got, Inbound)
    assert got.posted_at == datetime(2026, 8, 31, 9, 15, 1, 123000, tzinfo=UTC)
    notification["created_at"] = year
    got = to_outcome(notification, BRAND)
    assert isinstance(got, Inbound)
    assert got.posted_at == BRAND.now


@pytest.mark.parametrize("when", [None, 5, "yesterday", "", "2026-13-45", "2026-08-31"])
def test_an_unreadable_date_does_not_lose_the_mention(when):
    notification = recorded("01")
    notification["status"]["created_at"] = when
    assert isinstance(to_outcome(notification, BRAND), Inbound)


def test_four_thousand_mentions():
    notification = recorded("01")
    one = notification["status"]["mentions"][0]
    notification["status"]["mentions"] = [{**one, "id": str(n), "acct": f"p{n}@x.example"} for n in range(4_000)]
    notification["status"]["content"] = " ".join(
        f'<a href="https://x.example/@p{n}" class="u-url mention">@<span>p{n}</span></a>' for n in range(4_000)
    )
    got = to_outcome(notification, BRAND)
    assert isinstance(got, Inbound)
    assert len(got.addressed) == 4_000
    assert len([s for s in got.segments if s.kind == "mention"]) == 4_000


def test_a_mention_without_its_post_is_set_aside():
    notification = recorded("01")
    del notification["status"]
    got = to_outcome(notification, BRAND)
    assert isinstance(got, Reject)
    assert got.remote_id == "51000001"


@pytest.mark.parametrize(("member", "value"), [("id", None), ("id", {}), ("account", None), ("uri", 3.5)])
def test_a_post_without_what_makes_it_known_is_set_aside(member, value):
    status = recorded("01")["status"]
    status[member] = value
    if member == "uri":
        status["url"] = None
    assert isinstance(to_inbound(status, BRAND), Reject)


def test_an_address_too_long_to_be_a_key_is_set_aside_and_raw_text_stays_bounded():
    status = recorded("01")["status"] | {"uri": "https://x.example/" + "é" * 1_100, "url": None, "x": "é" * 100_000}
    got = to_inbound(status, BRAND)
    assert isinstance(got, Reject)
    assert len(got.raw.encode()) <= 64_000


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["\x00", "\ud800", "direct", "mention", "2026-08-31T09:15:00Z", "https://x.example/", "[", "<p>"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
RECORDED = [recorded(f"{n:02}") for n in (1, 2, 3, 4, 5, 6, 7, 9)] + recorded("08")


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in inner for place in places(child, (*path, key)))]


@st.composite
def damaged(draw) -> Any:
    """A recording with some of its values replaced or taken away."""
    value = copy.deepcopy(draw(st.sampled_from(RECORDED)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(value)))
        if not path:
            continue
        holder = value
        for key in path[:-1]:
            holder = holder[key]
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[path[-1]]
        else:
            holder[path[-1]] = draw(JUNK)
    return value


@given(damaged() | JUNK)
def test_whatever_comes_is_a_post_a_reject_or_nothing(value):
    outcome = to_outcome(value, BRAND)
    if isinstance(outcome, Inbound):
        assert outcome.role != "own"
        check_storable(outcome)
    elif outcome is not None:
        assert isinstance(outcome, Reject)
        assert outcome.reason
        assert outcome.raw.isascii()
        assert len(outcome.raw) <= 64_000
    status = value.get("status") if isinstance(value, dict) else value
    assert isinstance(to_inbound(status, BRAND), Inbound | Reject)
    to_published(status, BRAND)


def check_storable(got: Inbound) -> None:
    """What a row of ours can hold: no control characters, no half pairs, no number too large, dates that are dates."""
    for text in (got.uri, got.remote_id, got.author.handle, got.author.name, got.text, got.content_warning or ""):
        text.encode()
        assert "\x00" not in text
    assert got.author.followers is None or 0 <= got.author.followers < 2**31
    assert datetime(1990, 1, 1, tzinfo=UTC) <= got.posted_at <= datetime(2026, 9, 2, tzinfo=UTC)
    for segment in got.segments:
        assert segment.href is None or segment.href.startswith(("http://", "https://"))


def test_json_nested_without_end_is_a_reject():
    deep: Any = {}
    for _ in range(100_000):
        deep = [deep]
    got = to_outcome({"id": "1", "type": "strange", "x": deep}, BRAND)
    assert isinstance(got, Reject)
    while deep:  # taken apart by hand: the interpreter would recurse
        deep = deep[0]
