"""What the network hands over, recorded and invented, in our words."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.networks.adapters.bluesky.place import to_note
from app.networks.adapters.bluesky.translate import Reader, to_author, to_inbound, to_message, to_outcome, to_thread
from app.networks.port import Inbound, Reject, Segment

SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
BRAND = "did:plc:ly4wxwutaqjnedmxx6d4rnpe"
LIVE = Reader(BRAND, "brand.test", NOW)
MADE = Reader("did:plc:brandaaaaaaaaaaaaaaaaaaa", "brand.example", NOW)


def recorded(name: str) -> Any:
    said = json.loads((SAMPLES / f"{name}.json").read_text())
    return said.get("body", said)


def outcomes(name: str, reader: Reader) -> list[Any]:
    return [to_outcome(one, reader) for one in recorded(name)["notifications"]]


def test_recorded_notifications_hand_us_mentions_replies_and_quotes_and_nothing_else():
    read = outcomes("local_pds_live/list_notifications_all_reasons", LIVE)
    posts = [one for one in read if isinstance(one, Inbound)]
    assert not [one for one in read if isinstance(one, Reject)]
    assert {(p.author.handle, p.role, p.text) for p in posts} >= {
        ("bob.test", "quote", "lol"),
        ("bob.test", "mention", "@brand.test see this"),
        ("alice.test", "mention", "Order number is 12345"),
    }
    assert all(post.facts["cid"].startswith("bafyrei") for post in posts)
    (reply,) = [p for p in posts if p.text == "Order number is 12345"]
    assert reply.in_reply_to_author == BRAND
    assert reply.facts["root"]["uri"].startswith("at://did:plc:dghzozzagqaz5f4loqilzmcp/")
    assert len(
        {to_note(one, NOW).name for one in recorded("local_pds_live/list_notifications_all_reasons")["notifications"]}
    ) == len(read)


def test_reasons_that_we_do_not_know_hand_us_nothing():
    read = outcomes("list_notifications_mixed", MADE)
    assert [type(one).__name__ for one in read[:5]] == ["Inbound", "Inbound", "Inbound", "NoneType", "NoneType"]
    arabic = read[0]
    assert [(s.kind, s.text) for s in arabic.segments if s.kind != "text"] == [
        ("mention", "@brand.example"),
        ("tag", "#تالف"),
        ("link", "https://shop.example/o/4711"),
    ]
    assert (arabic.language, arabic.addressed, arabic.author.name) == ("ar", ("brand.example",), "Alice")
    assert read[2].quotes == "at://did:plc:brandaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3l3qo2vutsw2b"


def test_a_recorded_thread_has_its_roles():
    above, own, below = to_thread(recorded("local_pds_live/get_post_thread_root")["thread"], LIVE)
    assert (above, own.role) == ((), "mention")
    assert {(p.author.handle, p.role) for p in below} == {
        ("brand.test", "own"),
        ("alice.test", "mention"),  # she answers us
        ("bob.test", "mention"),  # he answers her, and ours is near above: the network tells us of him too
    }
    above, own, below = to_thread(recorded("local_pds_live/get_post_thread_leaf_with_parents")["thread"], LIVE)
    assert [p.author.handle for p in above] == ["alice.test", "brand.test"]
    assert (own.text, [p.text for p in below]) == ("Order number is 12345", ["Same problem here"])


def test_what_is_gone_or_blocked_in_a_thread_is_left_out():
    above, own, below = to_thread(recorded("thread_parent_not_found_and_blocked")["thread"], MADE)
    assert own is not None
    assert own.in_reply_to is not None
    assert own.in_reply_to not in {p.remote_id for p in (*above, *below)}


def test_pictures_films_cards_labels_and_quotes():
    view = recorded("local_pds_live/get_posts_with_image")["posts"][0]
    (picture,) = to_inbound(view, LIVE).media
    assert picture.kind == "image"
    assert picture.url
    assert picture.alt
    quote = to_inbound(recorded("post_view_quote_with_media_detached"), MADE)
    assert (quote.role, quote.content_warning, len(quote.media)) == ("quote", "Graphic media", 1)
    closed = to_inbound(recorded("post_view_reply_disabled_threadgate"), MADE)
    assert closed.facts["replies_off"] is True
    external = {"$type": "app.bsky.embed.external", "external": {"uri": "https://shop.example/x", "title": "Shop"}}
    card = to_inbound(view | {"record": {"text": "look", "embed": external}, "embed": None}, LIVE)
    assert card.segments[-1] == Segment("link", "https://shop.example/x", "https://shop.example/x")
    film = {"playlist": "https://v.example/a.m3u8", "thumbnail": "https://v.example/a.jpg", "alt": "A film"}
    assert [m.kind for m in to_inbound(view | {"embed": film}, LIVE).media] == ["video"]


def _post(text: str, *facets: Any, **more: Any) -> Inbound:
    author = {"did": "did:plc:alice", "handle": "alice.example"}
    view = {"uri": "at://did:plc:alice/app.bsky.feed.post/3a", "cid": "b", "author": author, **more}
    read = to_inbound(view | {"record": {"text": text, "facets": list(facets)}}, MADE)
    assert isinstance(read, Inbound)
    return read


def _facet(start: Any, end: Any, **feature: Any) -> dict[str, Any]:
    kind = {"uri": "link", "did": "mention", "tag": "tag"}[next(iter(feature))]
    return {
        "index": {"byteStart": start, "byteEnd": end},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }


@pytest.mark.parametrize(
    "facet",
    [
        _facet(1, 3, uri="https://x.example"),  # begins within a character
        _facet(0, 1, uri="https://x.example"),
        _facet(3, 2, uri="https://x.example"),
        _facet(-4, 2, uri="https://x.example"),
        _facet(0, 10**30, uri="https://x.example"),
        _facet(True, 2, uri="https://x.example"),
        _facet(0, 2, uri="javascript:alert(1)"),
        _facet(0, 2, uri="https://["),
        _facet(0, 2, did="not a did"),
        _facet("0", 2.5, tag="x"),
    ],
)
def test_a_hostile_facet_marks_nothing_and_harms_nothing(facet):
    post = _post("éa https://real.example", facet)
    assert post.text == "éa https://real.example"
    assert {s.kind for s in post.segments} == {"text"}
    assert post.addressed == ()


def test_the_first_of_overlapping_facets_counts_and_lines_stay_lines():
    post = _post(
        "one two\nthree\n\n\nfour", _facet(0, 7, uri="https://a.example"), _facet(4, 7, uri="https://b.example")
    )
    assert [(s.kind, s.text) for s in post.segments] == [
        *(("link", "one two"), ("break", "\n"), ("text", "three"), ("paragraph", "\n\n"), ("text", "four")),
    ]


def test_a_mention_says_whom_it_names_however_it_looks():
    post = _post("@bank help", _facet(0, 5, did=MADE.did))
    assert (post.role, post.addressed) == ("mention", ("brand.example",))
    assert post.segments[0].href == f"https://bsky.app/profile/{MADE.did}"


def test_times_that_cannot_be_are_not_believed():
    assert _post("x", indexedAt="3026-01-01T00:00:00Z").posted_at == NOW
    assert _post("x", indexedAt="2026-11-01T00:00:00Z").posted_at == datetime(2026, 11, 1, tzinfo=UTC)


def test_an_author_without_a_working_handle_is_known_by_the_did():
    assert to_author({"did": "did:plc:alice", "handle": "handle.invalid"}).handle == "did:plc:alice"
    assert to_author({"did": "alice"}) is None
    stolen = {"uri": "at://did:plc:bob/app.bsky.feed.post/3a", "author": {"did": "did:plc:alice"}, "record": {}}
    assert isinstance(to_inbound(stolen, MADE), Reject)


def test_recorded_messages():
    events = recorded("chat_get_log")["logs"]
    read = [to_message(one.get("message"), MADE, convo="3ldirect1") for one in events]
    assert [one and (one.role, one.visibility, one.text) for one in read] == [
        None,
        ("direct", "direct", "hi, order 4711?"),
        ("own", "direct", "sent by us"),
        None,  # deleted
        None,
    ]
