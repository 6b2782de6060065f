"""The laws of pages: walked with min_id or max_id, everything comes exactly once, whatever the page size."""

import httpx2
import pytest

from tests.sandbox.live import Sandbox

COUNT = 23


@pytest.fixture
def told(sandbox: Sandbox, acme: httpx2.Client) -> list[str]:
    """The texts of many mentions, oldest first; their ids cross from four digits to five at the tenth."""
    texts = [f"@acme {n}" for n in range(COUNT)]
    for text in texts:
        sandbox.post_as("nora", text)
    return texts


def texts_of(page: list[dict]) -> list[str]:
    return [f"@acme {one['status']['content'].rpartition('</span> ')[2].removesuffix('</p>')}" for one in page]


@pytest.mark.parametrize("size", [1, 2, 5, COUNT - 1, COUNT, COUNT + 1, 80])
def test_min_id_walks_over_all_once(acme: httpx2.Client, told: list[str], size: int) -> None:
    walked, cursor = [], "0"
    while page := acme.get("/api/v1/notifications", params={"min_id": cursor, "limit": size}).json():
        assert len(page) <= size
        walked += reversed(texts_of(page))
        cursor = page[0]["id"]
    assert walked == told


@pytest.mark.parametrize("size", [1, 4, 80])
def test_next_links_walk_back_over_all_once(acme: httpx2.Client, told: list[str], size: int) -> None:
    walked, address = [], f"/api/v1/notifications?limit={size}&types[]=mention"
    while address:
        answer = acme.get(address)
        walked += texts_of(answer.json())
        address = answer.links.get("next", {}).get("url")
        assert address is None or "types" in address
    assert walked == told[::-1]


def test_ids_order_by_length_first(acme: httpx2.Client, told: list[str]) -> None:
    ids = [one["id"] for one in acme.get("/api/v1/notifications", params={"limit": 80}).json()]
    assert ids == sorted(ids, key=lambda one: (len(one), one), reverse=True)


def test_since_id_skips_to_the_newest(acme: httpx2.Client, told: list[str]) -> None:
    oldest = acme.get("/api/v1/notifications", params={"min_id": "0", "limit": 1}).json()[0]["id"]
    page = acme.get("/api/v1/notifications", params={"since_id": oldest, "limit": 3}).json()
    assert texts_of(page) == told[:-4:-1]


def test_limits_are_capped(sandbox: Sandbox, acme: httpx2.Client) -> None:
    for n in range(85):
        sandbox.post_as("nora", f"@acme {n}")
    assert len(acme.get("/api/v1/notifications").json()) == 40
    assert len(acme.get("/api/v1/notifications?limit=1000").json()) == 80
    me = acme.get("/api/v1/accounts/verify_credentials").json()["id"]
    for n in range(45):
        acme.post("/api/v1/statuses", json={"status": str(n)})
    assert len(acme.get(f"/api/v1/accounts/{me}/statuses?limit=100").json()) == 40


def test_news_between_pages_are_not_missed(sandbox: Sandbox, acme: httpx2.Client, told: list[str]) -> None:
    walked, cursor, more = [], "0", iter(range(100, 105))
    while page := acme.get("/api/v1/notifications", params={"min_id": cursor, "limit": 4}).json():
        walked += reversed(texts_of(page))
        cursor = page[0]["id"]
        if (n := next(more, None)) is not None:
            sandbox.post_as("nora", f"@acme {n}")
    assert walked == [*told, *(f"@acme {n}" for n in range(100, 105))]


def test_conversations_are_walked_by_link_alone(sandbox: Sandbox, acme: httpx2.Client) -> None:
    roots = [sandbox.post_as(f"person{n}", "@acme psst", visibility="direct")["id"] for n in range(7)]
    found, address = [], "/api/v1/conversations?limit=3"
    while address:
        answer = acme.get(address)
        found += [one["last_status"]["id"] for one in answer.json()]
        address = answer.links.get("next", {}).get("url")
    assert found == roots[::-1]
