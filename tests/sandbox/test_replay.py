"""Replaying a recording: it comes out as it went in, once, at its pace, and a bad line stops nothing."""

import json
import time
from pathlib import Path

import httpx2
import pytest

from app.sandbox.replay import Progress, RecordingMissing, SandboxSilent, replay_file
from tests.sandbox.live import LiveBrand, Sandbox

LINES = [
    {"id": "61", "author": "c11", "text": "@Other my zipper broke &amp; fell off", "in_reply_to": None,
     "at": "2017-08-08T22:42:01+00:00", "to_brand": True},
    {"id": "60", "author": "@brand", "text": "@11 That's not good.", "in_reply_to": "61",
     "at": "2017-08-08T22:45:06Z", "to_brand": False},
    {"id": "62", "author": "c11", "text": "Thanks @acme!", "in_reply_to": "60",
     "at": "2017-08-09T00:46:08+02:00", "to_brand": True},
    {"id": "post/ä 7", "author": "Jo Bloggs!", "text": "same here", "in_reply_to": "61",
     "at": "2017-08-08T23:00:00", "to_brand": False},
    {"id": "lost", "author": "c12", "text": "as I said", "in_reply_to": "never", "at": "2017-08-10T10:00:00Z",
     "to_brand": True},
]  # fmt: skip


def write(folder: Path, lines: list) -> Path:
    path = folder / "posts.jsonl"
    path.write_text(
        "".join(f"{one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)}\n" for one in lines)
    )
    return path


def replay(sandbox: Sandbox, path: Path, rate: float = 0, **more) -> Progress:
    return replay_file(path, sandbox.base_url, rate, lambda _: None, **more)


def by_given(sandbox: Sandbox) -> dict[str, dict]:
    return {one["given_id"]: one for one in sandbox.posts() if one["given_id"]}


def test_it_comes_out_as_it_went_in(sandbox: Sandbox, brand: LiveBrand, acme: httpx2.Client, tmp_path: Path) -> None:
    progress = replay(sandbox, write(tmp_path, LINES))
    assert (progress.posted, progress.bad, progress.lost_parents) == (5, [], 1)
    found = by_given(sandbox)
    assert {"60", "61", "62", "lost"} <= {one["id"] for one in found.values()}
    assert found["post/ä 7"]["id"].isdecimal()
    assert found["61"]["created_at"] == "2017-08-08T22:42:01.000Z"
    assert found["62"]["created_at"] == "2017-08-08T22:46:08.000Z"
    assert found["post/ä 7"]["created_at"] == "2017-08-08T23:00:00.000Z"
    assert [found[one]["in_reply_to_id"] for one in ("61", "60", "62", "lost")] == [None, "61", "60", None]
    assert (found["60"]["author"], found["61"]["author"]) == ("acme", "c11")
    assert found["61"]["text"] == "@acme @Other my zipper broke &amp; fell off"
    assert found["62"]["text"] == "Thanks @acme!"
    assert found["post/ä 7"]["mentions"] == []
    assert found["60"]["text"] == "@11 That's not good."
    told = acme.get("/api/v1/notifications").json()
    assert [one["status"]["id"] for one in told] == ["lost", "62", "61"]
    thread = acme.get("/api/v1/statuses/61/context").json()["descendants"]
    assert [one["id"] for one in thread] == ["60", "62", found["post/ä 7"]["id"]]


def test_twice_changes_nothing(sandbox: Sandbox, brand: LiveBrand, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    replay(sandbox, path)
    before, count = sandbox.posts(), sandbox.overview()
    again = replay(sandbox, path)
    assert (again.posted, again.known) == (0, 5)
    assert (sandbox.posts(), sandbox.overview()) == (before, count)


def test_a_deleted_post_does_not_rise_again(sandbox: Sandbox, brand: LiveBrand, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    replay(sandbox, path)
    sandbox.delete("62")
    assert replay(sandbox, path).posted == 0
    assert "62" not in by_given(sandbox)


def test_bad_lines_are_named_and_the_rest_goes_on(sandbox: Sandbox, brand: LiveBrand, tmp_path: Path) -> None:
    good = LINES[0]
    lines = [
        good,
        "{not json",
        json.dumps([1]),
        {k: v for k, v in good.items() if k != "at"},
        good | {"id": "70", "at": "yesterday"},
        "",
        good | {"id": "71", "text": ""},
        good | {"id": 72},
        good | {"id": "61", "author": "somebody else"},
        good | {"id": "73", "to_brand": "perhaps"},
        good | {"id": "74", "extra": "is passed over"},
    ]
    progress = replay(sandbox, write(tmp_path, lines))
    assert [number for number, _ in progress.bad] == [2, 3, 4, 5, 7, 8, 9, 10]
    assert dict(progress.bad)[4] == "“at” is missing"
    assert "another post" in dict(progress.bad)[9]
    assert sorted(by_given(sandbox)) == ["61", "74"]


def test_bytes_that_are_no_text(sandbox: Sandbox, brand: LiveBrand, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(LINES[0]).encode() + b"\n\xff\xfe\n" + json.dumps(LINES[2]).encode())
    progress = replay(sandbox, path)
    assert ([number for number, _ in progress.bad], progress.posted) == ([2], 2)


def test_a_late_parent_takes_its_place(sandbox: Sandbox, brand: LiveBrand, acme: httpx2.Client, tmp_path: Path) -> None:
    replay(sandbox, write(tmp_path, [LINES[2], LINES[1], LINES[0]]))
    around = acme.get("/api/v1/statuses/62/context").json()
    assert [one["id"] for one in around["ancestors"]] == ["61", "60"]


def test_the_pace_is_kept(sandbox: Sandbox, brand: LiveBrand, tmp_path: Path) -> None:
    lines = [LINES[0] | {"id": f"p{n}"} for n in range(20)]
    told: list[int] = []
    began = time.monotonic()
    replay_file(write(tmp_path, lines), sandbox.base_url, 25, lambda progress: told.append(progress.posted))
    took = time.monotonic() - began
    assert 0.7 <= took < 3
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == 20


def test_thousands_in_seconds(sandbox: Sandbox, brand: LiveBrand, acme: httpx2.Client, tmp_path: Path) -> None:
    lines = [LINES[0] | {"id": str(n), "author": f"c{n % 700}"} for n in range(3000)]
    progress = replay(sandbox, write(tmp_path, lines))
    assert progress.posted == 3000
    assert progress.seconds < 15
    walked, cursor = 0, "0"
    while page := acme.get("/api/v1/notifications", params={"min_id": cursor, "limit": 80}).json():
        walked += len(page)
        cursor = page[0]["id"]
    assert walked == 3000


def test_the_brand_can_be_named(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.brand("acme")
    sandbox.brand("globex")
    replay(sandbox, write(tmp_path, LINES[:2]), brand="globex")
    found = by_given(sandbox)
    assert (found["60"]["author"], found["61"]["mentions"]) == ("globex", ["globex"])


def test_without_a_brand_one_is_made_and_never_a_customer(sandbox: Sandbox, tmp_path: Path) -> None:
    replay(sandbox, write(tmp_path, [LINES[1], LINES[0] | {"author": "acme"}]))
    found = by_given(sandbox)
    assert sandbox.overview()["brands"] == ["acme"]
    assert (found["60"]["author"], found["61"]["author"]) == ("acme", "acme_customer")


def test_the_other_family_gets_ids_of_its_own(gotosocial: Sandbox, tmp_path: Path) -> None:
    gotosocial.brand("acme")
    path = write(tmp_path, LINES)
    replay(gotosocial, path)
    before = gotosocial.posts()
    assert {len(one["id"]) for one in before} == {26}
    assert replay(gotosocial, path).known == 5
    assert gotosocial.posts() == before
    found = by_given(gotosocial)
    assert found["62"]["in_reply_to_id"] == found["60"]["id"]


def test_no_file_and_no_sandbox(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(RecordingMissing):
        replay(sandbox, tmp_path / "none.jsonl")
    with pytest.raises(SandboxSilent, match="goes on where it stopped"):
        replay_file(write(tmp_path, LINES), "http://127.0.0.1:9", 0, lambda _: None)
