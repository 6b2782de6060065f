"""The network outlives its process: posts, people, tokens, pictures and positions are there again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from app.sandbox.address import known_address
from app.sandbox.flavour import GOTOSOCIAL, MASTODON, Flavour
from app.sandbox.saving import MemoryUnreadable, dump, load
from app.sandbox.server import create_sandbox
from app.sandbox.world import World
from tests.sandbox.conftest import Opener
from tests.sandbox.live import start_sandbox
from tests.sandbox.pictures import PNG
from tests.sandbox.test_replay import LINES, replay, write


@pytest.mark.parametrize("flavour", ["mastodon", "gotosocial"])
def test_everything_is_there_again(tmp_path: Path, open_client: Opener, flavour: str) -> None:
    sandbox = start_sandbox(flavour=flavour, folder=tmp_path / "sandbox")
    with sandbox:
        brand = sandbox.brand("acme")
        client = open_client(sandbox, brand.token)
        media = client.post("/api/v2/media", files={"file": ("p.png", PNG, "image/png")}).json()
        root = sandbox.post_as("nora", "@acme hello")
        body = {"status": "@nora hi", "in_reply_to_id": root["id"], "media_ids": [media["id"]]}
        client.post("/api/v1/statuses", json=body, headers={"Idempotency-Key": "k"})
        sandbox.edit(root["id"], "@acme hello?")
        sandbox.favourite("yusuf", root["id"])
        replay(sandbox, write(tmp_path, LINES))
        before = (sandbox.posts(), client.get("/api/v1/notifications").json(), sandbox.overview())
        history = client.get(f"/api/v1/statuses/{root['id']}/history").json()
    with sandbox:
        assert sandbox.brand("acme") == brand
        assert (sandbox.posts(), client.get("/api/v1/notifications").json(), sandbox.overview()) == before
        assert client.get(f"/api/v1/statuses/{root['id']}/history").json() == history
        assert client.get(media["url"]).content == PNG
        again = client.post("/api/v1/statuses", json=body, headers={"Idempotency-Key": "k"})
        assert (again.status_code == 200) is (flavour == "mastodon")  # the other one refuses the used picture
        assert replay(sandbox, write(tmp_path, LINES)).posted == 0
        newest = client.get("/api/v1/notifications", params={"limit": 1}).json()[0]["id"]
        sandbox.post_as("nora", "@acme more")
        page = client.get("/api/v1/notifications", params={"min_id": newest}).json()
        assert len(page) == 1


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_killed_sandbox_never_gives_an_id_twice(tmp_path: Path, ending: signal.Signals) -> None:
    args = [
        sys.executable,
        "-c",
        "from app.sandbox.command import app; app()",
        "serve",
        "--port",
        "0",
        "--folder",
        tmp_path,
    ]

    @contextmanager
    def started() -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
        with subprocess.Popen(args, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                address, token = line.split(" at ")[1].split(";")[0], line.split(" is ")[1].strip()
                headers = {"Authorization": f"Bearer {token}"}
                with httpx2.Client(base_url=address, headers=headers, timeout=60, trust_env=False) as client:
                    yield process, client
            finally:
                process.kill()  # a test that failed would wait for it for ever

    def mention(client: httpx2.Client) -> int:
        assert client.post("/sandbox/posts", json={"as": "nora", "text": "@acme hello"}).is_success
        return int(client.get("/api/v1/notifications?limit=1").json()[0]["id"])

    with started() as (process, client):
        mention(client)
        deadline = time.monotonic() + 10
        while not (tmp_path / "mastodon.json").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        last = [mention(client) for _ in range(20)][-1]
        os.kill(process.pid, signal.SIGKILL)
    with started() as (process, client):
        assert mention(client) > last
        assert known_address(tmp_path) == str(client.base_url).rstrip("/")
        os.kill(process.pid, ending)
        assert process.wait(20) == 0
    assert not (tmp_path / "address").exists()
    assert json.loads((tmp_path / "mastodon.json").read_bytes())["version"] == 1


def test_an_unreadable_memory_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "mastodon.json").write_text("{")
    with pytest.raises(MemoryUnreadable, match="move the file away"):
        create_sandbox(folder=tmp_path)
    (tmp_path / "mastodon.json").write_text('{"version": 99}')
    with pytest.raises(MemoryUnreadable, match="version 99"):
        create_sandbox(folder=tmp_path)


@pytest.mark.parametrize("flavour", [MASTODON, GOTOSOCIAL])
def test_what_is_written_reads_the_same(flavour: Flavour) -> None:
    world = World(flavour)
    copy = World(flavour)
    load(copy, dump(world, clean=True))
    assert dump(copy, clean=True) == dump(world, clean=True)
