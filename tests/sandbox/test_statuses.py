"""Posting, reading, changing: the rules of visibility, keys, counting, blocks and deletion."""

import asyncio

import httpx2
import pytest

from tests.sandbox.conftest import Opener
from tests.sandbox.live import LiveBrand, Sandbox


def post(client: httpx2.Client, text: str, **more) -> dict:
    answer = client.post("/api/v1/statuses", json={"status": text, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("é" * 500, True),
        ("👩‍👩‍👧‍👦" * 500, True),
        ("x" * 501, False),
        ("https://example.com/" + "x" * 600, True),  # every link counts 23
        ("https://example.com/ " + "x" * 476, True),
        ("https://example.com/ " + "x" * 477, False),
        ("@alice@" + "very." * 90 + "long.example " + "x" * 493, True),  # the domain is free
        ("@alice@long.example " + "x" * 494, False),
    ],
)
def test_counting_as_mastodon(acme: httpx2.Client, text: str, fits: bool) -> None:
    assert (acme.post("/api/v1/statuses", json={"status": text}).status_code == 200) is fits


def test_the_warning_counts_too(acme: httpx2.Client) -> None:
    body = {"status": "x" * 490, "spoiler_text": "y" * 11}
    assert acme.post("/api/v1/statuses", json=body).status_code == 422


def test_a_key_lives_an_hour(sandbox: Sandbox, acme: httpx2.Client) -> None:
    def send() -> str:
        return acme.post("/api/v1/statuses", json={"status": "x"}, headers={"Idempotency-Key": "k"}).json()["id"]

    first = send()
    sandbox.options(clock_shift=3590)
    assert send() == first
    sandbox.options(clock_shift=3601)
    assert send() != first
    assert len(sandbox.posts(author="acme")) == 2


async def test_one_key_at_the_same_time_posts_once(sandbox: Sandbox, brand: LiveBrand) -> None:
    headers = brand.headers | {"Idempotency-Key": "k"}
    async with httpx2.AsyncClient(base_url=sandbox.base_url, headers=headers, trust_env=False) as client:
        body = {"status": "once"}
        answers = await asyncio.gather(*(client.post("/api/v1/statuses", json=body) for _ in range(20)))
    assert len({one.json()["id"] for one in answers}) == 1
    assert len(sandbox.posts()) == 1


def test_forms_are_read_like_json(sandbox: Sandbox, acme: httpx2.Client) -> None:
    root = sandbox.post_as("nora", "@acme hello")
    data = {"status": "@nora hi", "in_reply_to_id": root["id"], "visibility": "unlisted", "sensitive": "true"}
    made = acme.post("/api/v1/statuses", data=data).json()
    assert (made["in_reply_to_id"], made["visibility"], made["sensitive"]) == (root["id"], "unlisted", True)


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"'])
def test_bad_json_is_said_so(acme: httpx2.Client, body: bytes) -> None:
    answer = acme.post("/api/v1/statuses", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


def test_mentions_are_found_however_they_are_written(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.person("nora")
    sandbox.person("alice@toot.example")
    text = "@Nora @alice@toot.example @nora@sandbox.test @nobody me@nora.example https://x.example/@nora"
    assert [one["acct"] for one in post(acme, text)["mentions"]] == ["nora", "alice@toot.example"]


def test_the_text_cannot_become_markup(acme: httpx2.Client) -> None:
    made = post(acme, '<script>x</script> & "q" https://e.example/?a=1&b="><img src=x>')
    assert "<script" not in made["content"]
    assert "<img" not in made["content"]


def test_private_answers_need_the_mention(sandbox: Sandbox, acme: httpx2.Client, open_client: Opener) -> None:
    root = sandbox.post_as("nora", "@acme psst", visibility="direct")
    nora = open_client(sandbox, sandbox.token("nora"))
    silent = post(acme, "we saw it", in_reply_to_id=root["id"], visibility="direct")
    heard = post(acme, "@nora we saw it", in_reply_to_id=root["id"], visibility="direct")
    seen = [one["id"] for one in nora.get(f"/api/v1/statuses/{root['id']}/context").json()["descendants"]]
    assert seen == [heard["id"]]
    assert nora.get(f"/api/v1/statuses/{silent['id']}").status_code == 404


def test_followers_read_what_is_for_followers(sandbox: Sandbox, open_client: Opener) -> None:
    made = sandbox.post_as("nora", "for friends", visibility="private")
    yusuf = open_client(sandbox, sandbox.token(sandbox.person("yusuf")["acct"]))
    assert yusuf.get(f"/api/v1/statuses/{made['id']}").status_code == 404
    yusuf.post(f"/api/v1/accounts/{made['account']['id']}/follow")
    assert yusuf.get(f"/api/v1/statuses/{made['id']}").status_code == 200


def test_without_a_token_only_the_public_is_seen(sandbox: Sandbox, open_client: Opener) -> None:
    public, private = sandbox.post_as("nora", "hello"), sandbox.post_as("nora", "psst", visibility="direct")
    anybody = open_client(sandbox)
    assert anybody.get(f"/api/v1/statuses/{public['id']}").status_code == 200
    assert anybody.get(f"/api/v1/statuses/{private['id']}").status_code == 404
    assert anybody.get("/api/v1/notifications").status_code == 401


def test_a_deleted_post_leaves_its_answers_without_parent(sandbox: Sandbox, acme: httpx2.Client) -> None:
    root = sandbox.post_as("nora", "@acme hello")
    answer = post(acme, "@nora hi", in_reply_to_id=root["id"])
    sandbox.delete(root["id"])
    left = acme.get(f"/api/v1/statuses/{answer['id']}").json()
    assert (left["in_reply_to_id"], left["in_reply_to_account_id"]) == (None, root["account"]["id"])
    assert acme.get("/api/v1/notifications").json() == []
    assert acme.get(f"/api/v1/statuses/{root['id']}").status_code == 404
    assert acme.post("/api/v1/statuses", json={"status": "x", "in_reply_to_id": root["id"]}).status_code == 404


def test_a_blocker_vanishes(sandbox: Sandbox, acme: httpx2.Client) -> None:
    root = sandbox.post_as("nora", "@acme hello")
    sandbox.block("nora", "acme")
    assert acme.get(f"/api/v1/statuses/{root['id']}").status_code == 404
    assert acme.post("/api/v1/statuses", json={"status": "@nora hi", "in_reply_to_id": root["id"]}).status_code == 404
    assert post(acme, "@nora hi")["mentions"]  # naming her still works, she is not told
    assert acme.get(f"/api/v1/accounts/{root['account']['id']}/statuses").json() == []
    sandbox.block("nora", "acme", on=False)
    assert acme.get(f"/api/v1/statuses/{root['id']}").status_code == 200


def test_an_edit_that_names_the_brand_is_a_mention(sandbox: Sandbox, acme: httpx2.Client) -> None:
    made = sandbox.post_as("nora", "hello")
    assert acme.get("/api/v1/notifications").json() == []
    sandbox.edit(made["id"], "@acme hello")
    sandbox.edit(made["id"], "@acme hello again")
    page = acme.get("/api/v1/notifications").json()
    assert [one["type"] for one in page] == ["mention"]
    assert "again" in page[0]["status"]["content"]  # an old notification shows the present text


def test_a_boosted_post_tells_of_its_edit(sandbox: Sandbox, acme: httpx2.Client) -> None:
    made = sandbox.post_as("nora", "@acme hello")
    sandbox.boost("acme", made["id"])
    sandbox.edit(made["id"], "@acme hello!")
    assert [one["type"] for one in acme.get("/api/v1/notifications").json()] == ["update", "mention"]


def test_the_policy_filters_private_mentions(sandbox: Sandbox, open_client: Opener) -> None:
    shy = open_client(sandbox, sandbox.brand("shy", filters_private=True).token)
    assert shy.get("/api/v2/notifications/policy").json()["for_private_mentions"] == "filter"
    sandbox.post_as("nora", "@shy psst", visibility="direct")
    assert shy.get("/api/v1/notifications").json() == []
    assert len(shy.get("/api/v1/notifications", params={"include_filtered": "true"}).json()) == 1
    waiting = shy.get("/api/v1/notifications/requests").json()
    assert shy.get("/api/v2/notifications/policy").json()["summary"]["pending_requests_count"] == 1
    shy.post("/api/v1/notifications/requests/accept", json={"id": [waiting[0]["id"]]})
    assert len(shy.get("/api/v1/notifications").json()) == 1
    shy.patch("/api/v2/notifications/policy", json={"for_private_mentions": "accept"})
    sandbox.post_as("yusuf", "@shy psst", visibility="direct")
    assert len(shy.get("/api/v1/notifications").json()) == 2


def test_an_own_post_notifies_nobody_of_itself(sandbox: Sandbox, acme: httpx2.Client) -> None:
    post(acme, "@acme note to self")
    assert acme.get("/api/v1/notifications").json() == []
    assert sandbox.posts()[0]["mentions"] == []


def test_dismissing(sandbox: Sandbox, acme: httpx2.Client) -> None:
    sandbox.post_as("nora", "@acme one")
    sandbox.post_as("nora", "@acme two")
    two, one = acme.get("/api/v1/notifications").json()
    assert acme.get(f"/api/v1/notifications/{two['id']}").json() == two
    assert acme.post(f"/api/v1/notifications/{two['id']}/dismiss").status_code == 200
    assert acme.get("/api/v1/notifications").json() == [one]
    assert acme.get(f"/api/v1/notifications/{two['id']}").status_code == 404


def test_search_resolves_addresses(sandbox: Sandbox, acme: httpx2.Client) -> None:
    made = sandbox.post_as("nora", "@acme hello")
    for address in (made["url"], made["uri"]):
        found = acme.get("/api/v2/search", params={"q": address, "resolve": "true", "type": "statuses"}).json()
        assert [one["id"] for one in found["statuses"]] == [made["id"]]


def test_many_at_once(sandbox: Sandbox, acme: httpx2.Client) -> None:
    ids = [sandbox.post_as("nora", f"@acme {n}")["id"] for n in range(3)]
    found = acme.get("/api/v1/statuses", params={"id[]": [*ids, "1"]}).json()
    assert [one["id"] for one in found] == ids


def test_reading_a_conversation(sandbox: Sandbox, acme: httpx2.Client) -> None:
    root = sandbox.post_as("nora", "@acme psst", visibility="direct")
    talk = acme.get("/api/v1/conversations").json()[0]
    assert (talk["unread"], talk["last_status"]["id"]) == (True, root["id"])
    assert not acme.post(f"/api/v1/conversations/{talk['id']}/read").json()["unread"]
    sandbox.post_as("nora", "@acme and?", visibility="direct", in_reply_to_id=root["id"])
    assert acme.get("/api/v1/conversations").json()[0]["unread"]


def test_what_is_not_played_is_refused(acme: httpx2.Client) -> None:
    body = {"status": "later", "scheduled_at": "2030-01-01T00:00:00Z"}
    assert acme.post("/api/v1/statuses", json=body).status_code == 422
    assert acme.get("/api/v1/nothing").json() == {"error": "Not Found"}
