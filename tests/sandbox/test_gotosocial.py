"""The second personality: where a server of the other family differs, and a client of the first would trip."""

import httpx2
import pytest

from tests.sandbox.conftest import Opener
from tests.sandbox.live import Sandbox


@pytest.fixture
def gts(gotosocial: Sandbox, open_client: Opener) -> httpx2.Client:
    return open_client(gotosocial, gotosocial.brand("acme").token)


def test_the_key_is_ignored(gotosocial: Sandbox, gts: httpx2.Client) -> None:
    for _ in range(2):
        gts.post("/api/v1/statuses", json={"status": "twice"}, headers={"Idempotency-Key": "k"})
    assert len(gotosocial.posts()) == 2


def test_ids_are_ulids_that_sort(gotosocial: Sandbox) -> None:
    ids = [gotosocial.post_as("nora", str(n))["id"] for n in range(50)]
    assert ids == sorted(ids)
    assert {len(one) for one in ids} == {26}


def test_code_points_count_without_discount(gts: httpx2.Client) -> None:
    assert gts.post("/api/v1/statuses", json={"status": "é" * 5000}).status_code == 200
    family = gts.post("/api/v1/statuses", json={"status": "👩‍👩‍👧‍👦" * 1000})
    assert family.status_code == 400
    assert gts.post("/api/v1/statuses", json={"status": "x" * 4980 + " https://example.com/long"}).status_code == 400


def test_the_instance_is_recognisable(gotosocial: Sandbox, gts: httpx2.Client) -> None:
    said = gts.get("/api/v2/instance").json()
    assert "api_versions" not in said
    assert "+0.20.0" in said["version"]
    assert said["configuration"]["urls"]["streaming"] == gotosocial.base_url.replace("http", "wss")
    assert said["configuration"]["statuses"]["max_characters"] == 5000


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/api/v2/notifications", 404),
        ("GET", "/api/v2/notifications/policy", 404),
        ("GET", "/api/v1/streaming/health", 404),
        ("GET", "/api/v1/streaming/user", 404),
        ("GET", "/.well-known/oauth-authorization-server", 404),
        ("GET", "/api/v1/statuses?id[]=1", 405),
        ("GET", "/api/v1/notifications?limit=abc", 400),
    ],
)
def test_what_it_lacks(gts: httpx2.Client, method: str, path: str, code: int) -> None:
    assert gts.request(method, path).status_code == code


def test_links_lead_on_even_from_the_last_page(gotosocial: Sandbox, gts: httpx2.Client) -> None:
    gotosocial.post_as("nora", "@acme hello")
    assert set(gts.get("/api/v1/notifications").links) == {"next", "prev"}
    assert gts.get("/api/v1/notifications?min_id=zzzz").json() == []


def test_posts_are_unlisted_and_accounts_locked(gotosocial: Sandbox, gts: httpx2.Client) -> None:
    assert gts.post("/api/v1/statuses", json={"status": "hello"}).json()["visibility"] == "unlisted"
    assert gotosocial.person("nora")["locked"] is True
    assert gts.post("/api/v1/statuses", json={"status": "x", "visibility": "loud"}).status_code == 422


def test_an_edit_tells_only_who_reacted(gotosocial: Sandbox, gts: httpx2.Client) -> None:
    made = gotosocial.post_as("nora", "@acme hello")
    gotosocial.edit(made["id"], "@acme hello?")
    assert [one["type"] for one in gts.get("/api/v1/notifications").json()] == ["mention"]
    gts.post("/api/v1/statuses", json={"status": "@nora hi", "in_reply_to_id": made["id"]})
    gotosocial.edit(made["id"], "@acme hello!")
    assert [one["type"] for one in gts.get("/api/v1/notifications").json()] == ["update", "mention"]


def test_a_blockers_notifications_vanish(gotosocial: Sandbox, gts: httpx2.Client) -> None:
    gotosocial.post_as("nora", "@acme hello")
    gotosocial.block("nora", "acme")
    assert gts.get("/api/v1/notifications").json() == []
