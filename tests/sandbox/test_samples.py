"""What the sandbox sends has the shape of what real servers were recorded to send: the same keys, the same kinds."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.sandbox.conftest import Opener
from tests.sandbox.live import LiveBrand, Sandbox
from tests.sandbox.pictures import PNG

SAMPLES = Path(__file__).parent / "samples"
FREE = {"meta", "roles", "role", "custom"}
"""Members whose inside differs from picture to picture and person to person."""


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text())


def differences(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """List where an answer of ours lacks a key of theirs or has another kind of value; null fits anything."""
    if ours is None or theirs is None:
        return []
    if type(ours) is not type(theirs) and not (isinstance(ours, (int, float)) and isinstance(theirs, (int, float))):
        return [f"{where}: {type(ours).__name__} instead of {type(theirs).__name__}"]
    if isinstance(theirs, dict):
        missing = [f"{where}.{key} is missing" for key in theirs if key not in ours]
        shared = [key for key in theirs if key in ours and key not in FREE]
        return missing + [one for key in shared for one in differences(ours[key], theirs[key], f"{where}.{key}")]
    if isinstance(theirs, list) and theirs and ours:
        return differences(ours[0], theirs[0], f"{where}[0]")
    return []


def test_a_mention(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.post_as(
        "alice@toot.example", "@acme my order #4711 has not arrived & nobody answers.\nHelp?", language="en"
    )
    ours, theirs = acme.get("/api/v1/notifications").json()[0], sample("notification_mention")
    assert differences(ours, theirs) == []
    assert ours["account"]["roles"] is None  # as of every account of another server
    expected = theirs["status"]["content"].replace("https://social.example/@brand", f"{sandbox.base_url}/@acme")
    assert ours["status"]["content"] == expected.replace("<span>brand</span>", "<span>acme</span>")


def test_a_mention_with_everything(sandbox: Sandbox, acme: httpx2.Client, open_client: Opener) -> None:
    alice = open_client(sandbox, sandbox.token(sandbox.person("alice")["acct"]))
    media = alice.post("/api/v2/media", files={"file": ("p.png", PNG, "image/png")}).json()["id"]
    text = "@acme مرحبًا، الطلب #تالف 😡 👩‍👩‍👧‍👦 🏳️‍🌈 :blobcat:"
    body = {"status": text, "spoiler_text": "صورة", "media_ids": [media], "language": "ar"}
    assert alice.post("/api/v1/statuses", json=body).json().get("error") is None
    ours, theirs = acme.get("/api/v1/notifications").json()[0], sample("notification_media")
    assert differences(ours, theirs) == []
    assert ours["status"]["tags"][0]["name"] == "تالف"
    assert ours["status"]["emojis"][0]["shortcode"] == "blobcat"
    assert 'class="mention hashtag" rel="tag">#<span>تالف</span></a>' in ours["status"]["content"]


def test_a_quote(sandbox: Sandbox, acme: httpx2.Client) -> None:
    mine = sandbox.post_as("acme", "We ship worldwide!", application="Helpdesk")
    sandbox.quote("bob", mine["id"], "Not to my village they do not")
    ours, theirs = acme.get("/api/v1/notifications").json()[0], sample("notification_quote")
    assert differences(ours, theirs) == []
    assert ours["status"]["content"].startswith('<p class="quote-inline">RE: <a href="')


def test_conversations(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.post_as("alice", "@acme privately: my address is 1 Test St", visibility="direct")
    assert differences(acme.get("/api/v1/conversations").json(), sample("conversations")) == []


def test_posting_and_deleting(sandbox: Sandbox, acme: httpx2.Client) -> None:
    parent = sandbox.post_as("alice@toot.example", "@acme hello?")
    body = {"status": "@alice@toot.example Sorry! We are on it.", "in_reply_to_id": parent["id"]}
    made = acme.post("/api/v1/statuses", json=body).json()
    assert differences(made, sample("posted")) == []
    gone = acme.delete(f"/api/v1/statuses/{made['id']}").json()
    assert differences(gone, sample("deleted")) == []
    assert "content" not in gone
    assert gone["text"] == body["status"]


def test_relationships_policy_instance_and_metadata(sandbox: Sandbox, acme: httpx2.Client) -> None:
    alice = sandbox.person("alice")["id"]
    related = acme.get("/api/v1/accounts/relationships", params={"id[]": alice}).json()
    assert differences(related, sample("relationships")) == []
    assert differences(acme.get("/api/v2/notifications/policy").json(), sample("policy")) == []
    assert differences(acme.get("/api/v2/instance").json(), sample("instance")) == []
    metadata = acme.get("/.well-known/oauth-authorization-server").json()
    assert differences(metadata, sample("oauth_metadata")) == []
    assert set(sample("oauth_metadata")["scopes_supported"]) <= set(metadata["scopes_supported"])


def recorded(status: int, words: str) -> dict[str, Any]:
    """Find a recorded Mastodon error."""
    return next(
        one["body"]
        for one in sample("errors")
        if one["software"].startswith("mastodon") and one["status"] == status and words in str(one["body"])
    )


def test_errors_read_as_recorded(sandbox: Sandbox, acme: httpx2.Client, open_client: Opener) -> None:
    def post(**body):
        return acme.post("/api/v1/statuses", json=body)

    nobody = open_client(sandbox, "nobody's")
    reader = open_client(sandbox, sandbox.token("acme", ["read"]))
    assert nobody.get("/api/v1/notifications").json() == recorded(401, "token")
    assert reader.post("/api/v1/statuses", json={"status": "x"}).json() == recorded(403, "scopes")
    assert acme.get("/api/v1/statuses/12").json() == recorded(404, "Record")
    assert post(status=" ").json() == recorded(422, "blank")
    assert post(status="é" * 501).json() == recorded(422, "limit")
    bob = sandbox.person("bob")
    refused = post(status="@bob hello", allowed_mentions=[sandbox.person("alice")["id"]])
    assert refused.status_code == 422
    assert differences(refused.json(), recorded(422, "unexpected")) == []
    assert refused.json()["unexpected_accounts"][0]["id"] == bob["id"]
    assert post(status="@bob hello", allowed_mentions=[bob["id"]]).status_code == 200
    sandbox.options(rate_limit=0)
    limited = acme.get("/api/v1/notifications")
    assert (limited.status_code, limited.json()) == (429, recorded(429, "Too many"))
    assert {name.lower() for name in sample("errors")[6]["headers"]} <= set(limited.headers)
    assert limited.headers["x-ratelimit-remaining"] == "0"


def test_gotosocial(gotosocial: Sandbox, open_client: Opener) -> None:
    brand = gotosocial.brand("brand")
    client = open_client(gotosocial, brand.token)
    made = gotosocial.post_as("alice", "@brand here is my address privately", visibility="direct")
    page = client.get("/api/v1/notifications").json()
    assert differences(page, sample("gotosocial_notifications")) == []
    theirs = sample("gotosocial_notifications")[0]
    assert page[0]["status"]["content"] == theirs["status"]["content"].replace("http://gts.test", gotosocial.base_url)
    assert set(page[0]["status"]) == set(theirs["status"])
    alice = open_client(gotosocial, gotosocial.token("alice"))
    assert differences(alice.delete(f"/api/v1/statuses/{made['id']}").json(), sample("gotosocial_deleted")) == []


@pytest.mark.parametrize("name", ["err_404", "err_blank", "err_too_long", "err_401", "err_reply_deleted"])
def test_gotosocial_errors(gotosocial: Sandbox, open_client: Opener, name: str) -> None:
    brand = gotosocial.brand("brand")
    client = open_client(gotosocial, None if name == "err_401" else brand.token)
    ask = {
        "err_404": lambda: client.get("/api/v1/statuses/01M80ME4TGHN85PG9G201ZMB6Y"),
        "err_blank": lambda: client.post("/api/v1/statuses", json={"status": ""}),
        "err_too_long": lambda: client.post("/api/v1/statuses", json={"status": "x" * 5001}),
        "err_401": lambda: client.get("/api/v1/notifications"),
        "err_reply_deleted": lambda: client.post("/api/v1/statuses", json={"status": "x", "in_reply_to_id": "01M8"}),
    }
    answer, expected = ask[name](), sample("gotosocial_errors")[name]
    assert (answer.status_code, answer.json()) == (expected["status"], expected["body"])


def test_the_comparison_can_fail(brand: LiveBrand) -> None:
    assert differences({"a": 1}, {"a": 1, "b": 2}) == [".b is missing"]
    assert differences([{"a": "1"}], [{"a": 1}]) == ["[0].a: str instead of int"]
