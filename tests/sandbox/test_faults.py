"""Faults on demand: each goes wrong as ordered, as often as ordered, and what was carried out stays."""

import json
import time

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.sandbox.live import LiveBrand, Sandbox

POSTS = "/api/v1/statuses"


def send(client: httpx2.Client, text: str = "hello", key: str | None = None) -> httpx2.Response:
    return client.post(POSTS, json={"status": text}, headers={"Idempotency-Key": key} if key else {})


@pytest.mark.parametrize(("after", "held"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("kind", ["drop", "error", "html"])
def test_before_and_after_having_posted(
    sandbox: Sandbox, acme: httpx2.Client, kind: str, after: bool, held: int
) -> None:
    sandbox.fault(kind, POSTS, method="POST", after=after)
    if kind == "drop":
        with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):  # as soon as what we sent is unread
            send(acme)
    else:
        answer = send(acme)
        assert answer.status_code == (500 if kind == "error" else 502)
    assert len(sandbox.posts(author="acme")) == held
    assert send(acme).status_code == 200


def test_a_reset_connection(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.fault("drop", POSTS, reset=True, after=True)
    with pytest.raises(httpx2.TransportError):
        send(acme)
    assert len(sandbox.posts()) == 1


def test_html_is_html(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.fault("html", POSTS)
    answer = send(acme)
    assert (answer.headers["content-type"], answer.text) == ("text/html", "<html>Bad gateway</html>")


def test_broken_json(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.fault("broken", "/api/v1/notifications")
    sandbox.post_as("nora", "@acme hello")
    answer = acme.get("/api/v1/notifications")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize("after", [False, True])
def test_a_delay(sandbox: Sandbox, acme: httpx2.Client, after: bool) -> None:
    sandbox.fault("delay", POSTS, seconds=0.3, after=after)
    began = time.monotonic()
    assert send(acme).status_code == 200
    assert time.monotonic() - began >= 0.3


def test_a_hang_ends_when_the_client_gives_up(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.fault("hang", POSTS, after=True)
    with pytest.raises(httpx2.ReadTimeout):
        acme.post(POSTS, json={"status": "hello"}, timeout=0.2)
    assert len(sandbox.posts()) == 1


def test_429_with_and_without_headers(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.fault("rate_limit", "/api/v1/*", seconds=120)
    limited = acme.get("/api/v1/notifications")
    assert (limited.status_code, limited.headers["x-ratelimit-remaining"]) == (429, "0")
    assert limited.headers["x-ratelimit-reset"].endswith("Z")
    sandbox.fault("rate_limit", "/api/v1/*")
    bare = acme.get("/api/v1/notifications")
    assert (bare.status_code, "x-ratelimit-reset" in bare.headers) == (429, False)


def test_times_skip_and_method(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.fault("error", POSTS, method="POST", code=503, times=2, skip=1, headers={"Retry-After": "30"})
    assert acme.get(POSTS).status_code == 200
    answers = [send(acme) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 503, 503, 200]
    assert answers[1].headers["retry-after"] == "30"


def test_until_cleared(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.fault("error", "*", times=None)
    assert {acme.get("/api/v2/instance").status_code for _ in range(5)} == {500}
    assert sandbox.control("GET", "faults")[0]["met"] == 5
    sandbox.clear_faults()
    assert acme.get("/api/v2/instance").status_code == 200


def test_only_a_repeat_goes_wrong(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.fault("error", POSTS, method="POST", after=True, repeats_only=True)
    assert send(acme, key="a").status_code == 200
    assert send(acme, key="b").status_code == 200
    assert send(acme, key="a").status_code == 500
    assert send(acme, key="a").status_code == 200
    assert len(sandbox.posts()) == 2


async def test_streams_can_be_refused(sandbox: Sandbox, brand: LiveBrand) -> None:
    sandbox.fault("error", "/api/v1/streaming", code=503)
    address = f"{sandbox.base_url.replace('http', 'ws')}/api/v1/streaming?stream=user&access_token={brand.token}"
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, proxy=None):
            raise AssertionError
    assert refused.value.response.status_code == 503


def test_limits_count_down_and_refuse(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.options(rate_limit=3)
    answers = [acme.get("/api/v2/instance") for _ in range(4)]
    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    sandbox.options(clock_shift=301)
    assert acme.get("/api/v2/instance").status_code == 200


def test_paging_has_a_limit_of_its_own(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.options(paging_limit=1)
    assert acme.get("/api/v1/notifications?min_id=1").status_code == 200
    assert acme.get("/api/v1/notifications?min_id=1").status_code == 429
    assert acme.get("/api/v1/notifications").status_code == 200


def test_orders_are_checked(sandbox: Sandbox) -> None:
    for bad in ({"kind": "explode"}, {"kind": "delay", "second": 1}, {"kind": "error", "code": 200}):
        answer = httpx2.post(f"{sandbox.base_url}/sandbox/faults", json=bad, trust_env=False)
        assert answer.status_code == 422
        assert answer.json()["field"]


def test_other_sites_cannot_steer(sandbox: Sandbox) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "http://evil.example", "Host": "evil.example"},
        {"Host": "rebound.example:8420"},
    ):
        answer = httpx2.post(f"{sandbox.base_url}/sandbox/reset", headers=headers, trust_env=False)
        assert answer.status_code == 403, headers
    headers = {"Origin": sandbox.base_url}
    assert httpx2.post(f"{sandbox.base_url}/sandbox/reset", headers=headers, trust_env=False).status_code == 200
