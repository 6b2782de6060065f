"""The pure parts: families and limits, failures and waits, who is named, how a reply is recognised, what frames say."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.client import Answer
from app.core.settings import settings
from app.networks import errors
from app.networks.adapters.mastodon.adapter import Mastodon
from app.networks.adapters.mastodon.compose import compose
from app.networks.adapters.mastodon.failures import failure, retry_at, sentence
from app.networks.adapters.mastodon.line import read_frame
from app.networks.adapters.mastodon.recall import recognise
from app.networks.adapters.mastodon.server import family, limits, streaming_address, traits
from app.networks.adapters.mastodon.sign_in import ServerAddressWrong, lacks_scopes, server_address
from app.networks.port import Account, Hint, Outgoing
from tests.networks.adapters.mastodon.recorded import BRAND, frames, recorded

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
MASTODON = Mastodon()


class TestTheServer:
    def test_mastodon_tells_its_limits_and_where_it_streams(self):
        known = traits(recorded("16"), "mastodon", "https://social.example")
        assert known["family"] == "mastodon"
        assert known["streaming"] == "wss://streaming.social.example/api/v1/streaming"
        got = limits(known)
        assert (got.max_characters, got.unit, got.link_weight, got.short_mentions) == (500, "graphemes", 23, True)
        assert (got.max_media, got.max_alt, got.max_media_bytes) == (4, 1500, 16777216)
        assert got.media_types == ("image/jpeg", "image/png", "image/gif", "image/webp")

    def test_other_families_count_code_points_without_discounts(self):
        for name in ("gotosocial", "akkoma", "unknown", "sharkey"):
            got = limits({"family": name, "max_characters": 5000, "link_weight": 25})
            assert (got.unit, got.link_weight, got.short_mentions, got.counts_warning) == (
                "code_points",
                None,
                False,
                True,
            )

    @pytest.mark.parametrize(
        ("version", "software", "extra", "name"),
        [
            ("4.6.3", "mastodon", {}, "mastodon"),
            ("4.6.3", None, {"api_versions": {"mastodon": 10}}, "mastodon"),
            ("4.3.0+glitch", None, {"api_versions": {"mastodon": 2}}, "mastodon"),
            ("4.0.2", "hometown", {}, "mastodon"),
            ("3.5.3+0.20.0-git-57cb4fe", None, {}, "gotosocial"),
            ("3.5.3+0.20.0", "gotosocial", {}, "gotosocial"),
            ("2.7.2 (compatible; Akkoma 3.13.2-0-gc3a)", None, {}, "akkoma"),
            ("2.7.2 (compatible; Pleroma 2.9.0)", None, {}, "pleroma"),
            ("4.2.1 (compatible; Iceshrimp.NET/2024.1)", None, {}, "iceshrimp.net"),
            ("4.2.9 (compatible; Sharkey 2024.9)", None, {"api_versions": {"mastodon": 7}}, "sharkey"),
            ("4.2.9", None, {}, "unknown"),
            (None, None, {}, "unknown"),
        ],
    )
    def test_its_family_is_recognised_and_doubt_trusts_it_with_nothing(self, version, software, extra, name):
        assert family({"version": version, **extra}, software) == name
        account = Account("mastodon", "https://x.example", "1", "a@x.example", {}, {"family": name})
        keeps = name in {"mastodon", "akkoma", "pleroma", "iceshrimp.net"}
        assert MASTODON.repeat_safe(account, Outgoing("k", "Hi", "1", "public")) == (3300 if keeps else None)

    @pytest.mark.parametrize(
        ("advertised", "server", "address"),
        [
            ("wss://streaming.x.example", "https://x.example", "wss://streaming.x.example/api/v1/streaming"),
            ("wss://127.0.0.1:4000", "http://127.0.0.1:4000", "ws://127.0.0.1:4000/api/v1/streaming"),
            ("wss://other.example", "http://127.0.0.1:4000", "wss://other.example/api/v1/streaming"),
            ("https://x.example/api/v1/streaming/", "https://x.example", "wss://x.example/api/v1/streaming"),
            (None, "https://x.example", "wss://x.example/api/v1/streaming"),
            ("javascript:alert(1)", "https://x.example", "wss://x.example/api/v1/streaming"),
            ("wss://[", "http://x.example:80", "ws://x.example:80/api/v1/streaming"),
        ],
    )
    def test_where_it_streams(self, advertised, server, address):
        assert streaming_address(advertised, server) == address

    @given(st.recursive(st.none() | st.integers() | st.floats() | st.text(), lambda i: st.dictionaries(
        st.sampled_from(["configuration", "statuses", "urls", "streaming", "version", "domain", "max_characters",
                         "media_attachments", "supported_mime_types", "api_versions", "mastodon"]), i) | st.lists(i)))  # fmt: skip
    def test_any_instance_gives_traits_and_limits_that_can_be_stored(self, instance):
        known = traits(instance, None, "https://x.example")
        json.dumps(known)
        assert limits(known).max_characters > 0


class TestTheAddressPeopleType:
    @pytest.mark.parametrize(
        "said",
        [
            "social.example",
            " https://social.example/ ",
            "HTTPS://Social.Example",
            "@brand@social.example",
            "brand@social.example",
        ],
    )
    def test_many_spellings_are_one_server(self, said):
        assert server_address(said) == "https://social.example"

    def test_ports_and_addresses(self):
        assert server_address("https://social.example:8443") == "https://social.example:8443"
        assert server_address("http://127.0.0.1:4000/") == "http://127.0.0.1:4000"
        assert server_address("http://[::1]:4000") == "http://[::1]:4000"

    def test_plain_http_carries_no_credentials_over_the_open_internet(self, monkeypatch):
        monkeypatch.setattr(settings(), "allow_private_networks", False)
        with pytest.raises(ServerAddressWrong):
            server_address("http://social.example")

    @given(st.text())
    def test_anything_else_is_refused_with_a_sentence(self, said):
        try:
            assert server_address(said).startswith(("https://", "http://"))
        except ServerAddressWrong as refused:
            assert refused.sentence  # noqa: PT017

    def test_fewer_rights_than_asked_are_noticed_wider_ones_are_not(self):
        asked = "read:statuses write:media"
        assert not lacks_scopes({"asked": asked, "scopes": "read write:media"})
        assert lacks_scopes({"asked": asked, "scopes": "read:statuses"})
        assert not lacks_scopes({"token": "pasted"})


def answer(status: int, body: object = None, headers: dict[str, str] | None = None) -> Answer:
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Answer(status, headers or {}, raw)


class TestFailures:
    @pytest.mark.parametrize("row", recorded("15"), ids=lambda row: f"{row['software']} {row['status']}"[:40])
    def test_recorded_failures_of_publishing(self, row):
        headers = {name.lower(): value for name, value in row.get("headers", {}).items()}
        body = row["body"].encode() if isinstance(row["body"], str) else row["body"]
        got = failure(answer(row["status"], body, headers), wrote=True, one_post=True, now=NOW)
        expected = {401: "Unauthorized", 404: "Gone", 429: "RateLimited", 500: "Unknown", 502: "Unknown"}
        by_default = "RateLimited" if "retry-after" in headers else "Unknown" if row["status"] == 503 else "Rejected"
        assert type(got).__name__ == expected.get(row["status"], by_default)
        assert got is not None
        assert "<" not in got.sentence
        if isinstance(row["body"], dict):
            assert got.sentence in {row["body"].get("error"), row["body"].get("error_description")}

    @pytest.mark.parametrize(
        ("status", "one_post", "kind"),
        [
            (401, False, errors.Unauthorized),
            (403, False, errors.Unauthorized),
            (403, True, errors.Rejected),
            (404, True, errors.Gone),
            (410, True, errors.Gone),
            (404, False, errors.Rejected),
            (302, False, errors.Rejected),
            (408, False, errors.Transient),
            (500, False, errors.Transient),
            (503, True, errors.Transient),
            (429, True, errors.RateLimited),
        ],
    )
    def test_reading(self, status, one_post, kind):
        assert type(failure(answer(status), wrote=False, one_post=one_post, now=NOW)) is kind

    def test_a_proxys_page_with_retry_after_does_not_say_that_nothing_was_done(self):
        page = answer(503, b"<html>down</html>", {"retry-after": "30", "content-type": "text/html"})
        assert isinstance(failure(page, wrote=True, one_post=True, now=NOW), errors.Unknown)

    @pytest.mark.parametrize("status", [200, 202, 206])
    def test_success_is_no_failure(self, status):
        assert failure(answer(status), wrote=True, one_post=True, now=NOW) is None

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({"retry-after": "30"}, 30),
            ({"retry-after": format_datetime(NOW + timedelta(seconds=50), usegmt=True)}, 50),
            ({"x-ratelimit-reset": "2026-09-01T12:05:00.000000Z"}, 300),
            ({"x-ratelimit-reset": str(int((NOW + timedelta(seconds=70)).timestamp()))}, 70),
            ({"retry-after": "nonsense", "x-ratelimit-reset": "2026-09-01T12:01:00Z"}, 60),
            ({"retry-after": "-5"}, 1),
            ({"retry-after": "0"}, 1),
            ({"retry-after": "99999999"}, 3600),
            ({"x-ratelimit-reset": "9999-12-31T23:59:59Z"}, 3600),
            ({"x-ratelimit-reset": "2001-01-01T00:00:00Z"}, 1),
        ],
    )
    def test_when_to_come_back(self, headers, seconds):
        assert retry_at(headers, NOW) == NOW + timedelta(seconds=seconds)

    @given(st.text(max_size=40))
    def test_any_header_gives_a_time_within_the_hour_or_none(self, said):
        for name in ("retry-after", "x-ratelimit-reset"):
            when = retry_at({name: said}, NOW)
            assert when is None or NOW < when <= NOW + timedelta(hours=1)
        assert retry_at({"retry-after": "nan"}, NOW) is None

    @given(st.binary() | st.sampled_from([b"null", b"[]", b'{"error": 5}', b'{"error": {}}', b'"x"']))
    def test_the_sentence_is_always_one(self, body):
        assert sentence(answer(500, body))


class TestWhoIsNamed:
    OWN = "brand@social.example"

    def test_the_author_comes_in_front_then_the_others(self):
        got = compose("alice@toot.example", ["bob@b.example"], "Hello", "public", self.OWN)
        assert got == "@alice@toot.example @bob@b.example Hello"

    def test_whoever_is_named_already_is_not_named_again(self):
        text = "Hello @Alice@TOOT.example and @bob@b.example."
        assert compose("alice@toot.example", ["bob@b.example"], text, "unlisted", self.OWN) == text
        assert compose("carol@social.example", [], "Hi @carol!", "public", self.OWN) == "Hi @carol!"

    def test_the_brand_is_never_added(self):
        assert compose(self.OWN, [self.OWN, "BRAND@social.example"], "Hello", "public", self.OWN) == "Hello"

    def test_a_private_reply_names_its_recipient_alone(self):
        got = compose("alice@toot.example", ["bob@b.example"], "Psst", "direct", self.OWN)
        assert got == "@alice@toot.example Psst"

    @pytest.mark.parametrize(
        ("text", "extra"),
        [
            ("ask @bob@b.example", ("bob@b.example",)),
            ("ask @bob", ("bob@social.example",)),
            ("@alice is somebody else here", ("alice@social.example",)),
            ("(@bob@b.example)", ("bob@b.example",)),
            ("x,@bob@127.0.0.1:8400", ("bob@127.0.0.1:8400",)),
            ("@bob@b.example @carol@c.example @bob@b.example", ("bob@b.example", "carol@c.example")),
        ],
    )
    def test_a_private_reply_that_names_others_is_refused_with_their_handles(self, text, extra):
        with pytest.raises(errors.ExtraMentions) as refused:
            compose("alice@toot.example", [], text, "direct", self.OWN)
        assert refused.value.handles == extra
        assert all(f"@{handle}" in refused.value.sentence for handle in extra)

    @pytest.mark.parametrize(
        "text",
        [
            "write to help@brand.example",
            "https://social.example/@bob",
            "5 @ 3",
            "@ bob",
            "a@b",
            "@brand and @alice@toot.example",
        ],
    )
    def test_what_only_looks_like_a_mention_does_not_count(self, text):
        assert text in compose("alice@toot.example", [], text, "direct", self.OWN)


class TestRecognising:
    REPLY = Outgoing("k", "@alice@toot.example Sorry! We are on it.", "115000000000000100", "public")
    SINCE = datetime(2026, 8, 31, 9, 15, 30, tzinfo=UTC)

    def found(self, *, since=None, by="Helpdesk", reply=None, **changes):
        status = recorded("18") | changes
        return recognise([None, 5, status], reply or self.REPLY, since or self.SINCE, BRAND, by)

    def test_a_reply_of_ours_is_recognised_within_a_minute_of_clocks(self):
        got = self.found()
        assert got is not None
        assert got.remote_id == "115000000000000110"
        assert self.found(by=None)
        assert self.found(since=self.SINCE + timedelta(seconds=30))
        assert not self.found(since=self.SINCE + timedelta(seconds=31))

    @pytest.mark.parametrize(
        "changes",
        [
            {"in_reply_to_id": "115000000000000101"},
            {"in_reply_to_id": None},
            {"content": "<p>Sorry! We are on it?</p>"},
            {"spoiler_text": "news"},
            {"visibility": "direct"},
            {"application": {"name": "Tusky"}},
            {"account": {"id": "109000000000000002"}},
            {"created_at": "2026-08-31T09:00:00Z"},
            {"created_at": None},
            {"media_attachments": [{"id": "1"}]},
        ],
        ids=lambda changes: next(iter(changes)),
    )
    def test_anything_else_is_not(self, changes):
        assert self.found(**changes) is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"visibility": "unlisted"},
            {"application": None},
            {"content": "Sorry!  We are\non it."},
            {"content": "<p>@alice@toot.example Sorry!</p><p>We are on it.</p>"},
            {"content": "<p>mangled</p>", "text": "@alice@toot.example Sorry! We are on it."},
            {"content": "", "pleroma": {"content": {"text/plain": "@alice Sorry! We are on it."}}},
        ],
    )
    def test_what_servers_rewrite_does_not_matter(self, changes):
        assert self.found(**changes)

    @pytest.mark.parametrize(
        ("text", "content"),
        [
            (
                "See https://example.com/a/b?c=1&d=2 & tell us.",
                (
                    '<p>See <a href="https://example.com/a/b?c=1&amp;d=2"><span class="invisible">https://</span>'
                    '<span class="ellipsis">example.com/a/b?c=1</span><span class="invisible">&amp;d=2</span></a>'
                    " &amp; tell us.</p>"
                ),
            ),
            ("See www.example.com", '<p>See <a href="http://www.example.com">www.example.com</a></p>'),
            (
                "Café #été 👩‍👩‍👧‍👦",
                '<p>Cafe\u0301 <a class="mention hashtag" href="https://x.example/t">#<span>été</span></a> 👩‍👩‍👧‍👦</p>',
            ),
            ("a <b> c", "<p>a &lt;b&gt; c</p>"),
        ],
    )
    def test_links_tags_and_marks(self, text, content):
        reply = Outgoing("k", text, "115000000000000100", "public")
        assert self.found(reply=reply, content=content)

    def test_pictures_must_be_ours(self):
        reply = Outgoing("k", self.REPLY.text, "115000000000000100", "public", media_ids=("7",))
        assert not self.found(reply=reply)
        assert self.found(reply=reply, media_attachments=[{"id": "7"}])

    def test_the_newest_of_several_is_taken(self):
        late = recorded("18") | {"id": "2", "created_at": "2026-08-31T09:16:00Z"}
        got = recognise([late, recorded("18")], self.REPLY, self.SINCE, BRAND, None)
        assert got is not None
        assert got.remote_id == "2"


class TestFrames:
    def test_recorded_frames_of_mastodon(self):
        got = [read_frame(frame, BRAND.account_id) for frame in frames("12_ws_frames")]
        assert got[:4] == [
            Hint("115000000000000100"),
            Hint(None),
            Hint("115000000000000100"),
            Hint("115000000000000100"),
        ]
        assert got[5:8] == [None, None, Hint()]
        assert got[8] is None  # somebody else's post, not to us

    def test_recorded_frames_of_gotosocial_all_name_a_post(self):
        got = [read_frame(frame, "01FEFQ76ZDYD767EKWN8GY78VZ") for frame in frames("gotosocial_live/ws_frames")]
        assert all(hint is not None for hint in got)
        assert got[-1] == Hint("01M80MHF2QJ7T677AJNTMFGP62")
        assert got[5] is not None
        assert (
            got[5].remote_id
            == json.loads(json.loads(frames("gotosocial_live/ws_frames")[5])["payload"])["last_status"]["id"]
        )

    def test_our_own_post_hints_at_what_it_replies_to(self):
        status = recorded("18")
        frame = json.dumps({"event": "update", "payload": json.dumps(status)})
        assert read_frame(frame, BRAND.account_id) == Hint("115000000000000100")

    @given(st.text() | st.binary() | st.sampled_from(["[" * 100_000, '{"event":"notification","payload":"{"}']))
    def test_any_frame_is_read(self, frame):
        assert read_frame(frame, "1") is None or isinstance(read_frame(frame, "1"), Hint)
