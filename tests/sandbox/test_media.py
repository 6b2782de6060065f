"""Pictures: what is taken, when it is ready, and that each is used once."""

import httpx2
import pytest

from app.sandbox.picture import shape
from tests.sandbox.live import Sandbox
from tests.sandbox.pictures import GIF, JPEG, PNG, WEBP, png


def upload(client: httpx2.Client, data: bytes = PNG, **form: str) -> httpx2.Response:
    return client.post("/api/v2/media", files={"file": ("picture", data, "image/png")}, data=form)


@pytest.mark.parametrize(
    ("data", "mime", "size"),
    [
        (PNG, "image/png", (2, 1)),
        (GIF, "image/gif", (3, 2)),
        (JPEG, "image/jpeg", (5, 4)),
        (WEBP, "image/webp", (7, 8)),
    ],
)
def test_a_picture_is_known_by_its_bytes(data: bytes, mime: str, size: tuple[int, int]) -> None:
    found = shape(data)
    assert found is not None
    assert (found.mime, (found.width, found.height)) == (mime, size)


@pytest.mark.parametrize("data", [b"", b"hello", b"<svg/>", PNG[:20], JPEG[:12], b"\xff\xd8" + b"\xff" * 40])
def test_what_is_no_picture_is_422(acme: httpx2.Client, data: bytes) -> None:
    assert upload(acme, data).status_code == 422


def test_the_picture_is_served_as_it_came(acme: httpx2.Client, sandbox: Sandbox) -> None:
    made = upload(acme, png(4, 3), description="two poles").json()
    assert made["meta"]["original"]["size"] == "4x3"
    assert made["url"].startswith(sandbox.base_url)
    served = acme.get(made["url"])
    assert (served.content, served.headers["content-type"]) == (png(4, 3), "image/png")


def test_working_on_it_takes_a_while(acme: httpx2.Client, sandbox: Sandbox) -> None:
    sandbox.options(picture_seconds=60)
    started = upload(acme)
    media_id = started.json()["id"]
    assert (started.status_code, started.json()["url"]) == (202, None)
    assert acme.get(f"/api/v1/media/{media_id}").status_code == 206
    early = acme.post("/api/v1/statuses", json={"status": "x", "media_ids": [media_id]})
    assert early.status_code == 422
    sandbox.options(clock_shift=61)
    assert acme.get(f"/api/v1/media/{media_id}").status_code == 200
    assert acme.post("/api/v1/statuses", json={"status": "x", "media_ids": [media_id]}).status_code == 200


def test_a_picture_is_used_once_and_four_are_enough(acme: httpx2.Client) -> None:
    ids = [upload(acme).json()["id"] for _ in range(5)]
    assert acme.post("/api/v1/statuses", json={"status": "x", "media_ids": ids}).status_code == 422
    made = acme.post("/api/v1/statuses", json={"status": "", "media_ids": ids[:4]}).json()
    assert [one["id"] for one in made["media_attachments"]] == ids[:4]
    again = acme.post("/api/v1/statuses", json={"status": "x", "media_ids": ids[:1]})
    assert again.status_code == 422
    assert ids[0] in again.json()["error"]


def test_the_words_can_be_changed_before_and_with_an_edit(acme: httpx2.Client) -> None:
    media_id = upload(acme).json()["id"]
    assert acme.put(f"/api/v1/media/{media_id}", json={"description": "poles"}).json()["description"] == "poles"
    made = acme.post("/api/v1/statuses", json={"status": "x", "media_ids": [media_id]}).json()
    change = {"status": "x!", "media_ids": [media_id], "media_attributes": [{"id": media_id, "description": "two"}]}
    edited = acme.put(f"/api/v1/statuses/{made['id']}", json=change).json()
    assert edited["media_attachments"][0]["description"] == "two"
    dropped = acme.put(f"/api/v1/statuses/{made['id']}", json={"status": "x!"}).json()
    assert dropped["media_attachments"] == []


def test_too_large_and_too_wordy(acme: httpx2.Client) -> None:
    assert upload(acme, PNG + b"\x00" * (16 * 1024 * 1024)).status_code == 422
    assert upload(acme, description="x" * 1501).status_code == 422


def test_somebody_elses_picture_cannot_be_used(acme: httpx2.Client, sandbox: Sandbox) -> None:
    media_id = upload(acme).json()["id"]
    headers = {"Authorization": f"Bearer {sandbox.token(sandbox.person('nora')['acct'])}"}
    body = {"status": "x", "media_ids": [media_id]}
    assert acme.post("/api/v1/statuses", json=body, headers=headers).status_code == 422
