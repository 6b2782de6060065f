"""Bluesky's own servers on loopback, started for the tests that are marked live_bluesky."""

import contextlib
import json
import os
import secrets
import string
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2

from app.core.clock import now
from tests import postgres
from tests.networks.adapters.bluesky.world import POST, iso

FOLDER = postgres.ROOT / ".run" / "live-bluesky"
_START_SECONDS = 180
"""Under load; alone they need four."""


@dataclass(frozen=True)
class Person:
    """An account there, with its own session."""

    did: str
    handle: str
    token: str


class Servers:
    """The running servers, and what people do on them."""

    def __init__(self, said: dict[str, str]) -> None:
        self.directory, self.home, self.control = said["directory"], said["pds"], said["control"]
        self.http = httpx2.Client(timeout=60, trust_env=False)

    def ask(self, method: str, name: str, token: str | None = None, **more: Any) -> Any:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        said = self.http.request(method, f"{self.home}/xrpc/{name}", headers=headers, **more)
        assert said.status_code == 200, said.text
        return said.json() if said.content else None

    def person(self, name: str) -> Person:
        """A new account, under the name and some letters of its own."""
        handle = f"{name}{''.join(secrets.choice(string.ascii_lowercase) for _ in range(6))}.test"
        wish = {"handle": handle, "email": f"{handle}@x.example", "password": "not-a-secret"}
        made = self.ask("POST", "com.atproto.server.createAccount", json=wish)
        return Person(made["did"], handle, made["accessJwt"])

    def app_password(self, who: Person) -> str:
        self.last_name = secrets.token_hex(4)
        made = self.ask("POST", "com.atproto.server.createAppPassword", who.token, json={"name": self.last_name})
        return str(made["password"])

    def create(self, who: Person, collection: str, record: dict[str, Any], **more: Any) -> dict[str, str]:
        whole = {"$type": collection, "createdAt": iso(now()), **record}
        wish = {"repo": who.did, "collection": collection, "record": whole, **more}
        made = self.ask("POST", "com.atproto.repo.createRecord", who.token, json=wish)
        return {"uri": made["uri"], "cid": made["cid"]}

    def delete(self, who: Person, uri: str) -> None:
        _, _, did, collection, key = uri.split("/")
        self.ask(
            "POST",
            "com.atproto.repo.deleteRecord",
            who.token,
            json={"repo": did, "collection": collection, "rkey": key},
        )

    def posts_of(self, did: str) -> list[dict[str, Any]]:
        """All of them, newest first."""
        where = {"repo": did, "collection": POST, "limit": 100}
        found: list[dict[str, Any]] = []
        while True:
            page = self.ask("GET", "com.atproto.repo.listRecords", params=where)
            found += page["records"]
            if not page.get("cursor") or not page["records"]:
                return found
            where["cursor"] = page["cursor"]

    def catch_up(self) -> None:
        """Wait until the AppView has seen everything."""
        assert self.http.post(self.control).status_code == 200


@contextlib.contextmanager
def start_servers() -> Iterator[Servers]:
    """Start them on the tests' own PostgreSQL; they end with us, however we end."""
    assert (FOLDER / "node_modules").exists(), "make live-bluesky installs the servers"
    schema = "bluesky_" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))
    database, place = postgres.clone("bluesky", "template0"), FOLDER / "tmp"
    place.mkdir(exist_ok=True)
    env = {
        **os.environ,
        "DB_POSTGRES_URL": database,
        "DB_POSTGRES_SCHEMA": schema,
        "TMPDIR": str(place),
        "LOG_ENABLED": "true",
        "LOG_LEVEL": "warn",
        "LOG_DESTINATION": str(FOLDER / "servers.log"),
        "NODE_NO_WARNINGS": "1",
    }
    script = postgres.ROOT / "tools" / "bluesky" / "network.mjs"
    with (FOLDER / "start.log").open("w") as log:
        process = subprocess.Popen(
            ["node", str(script)], cwd=FOLDER, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
    too_long = threading.Timer(_START_SECONDS, process.kill)
    too_long.start()
    try:
        assert process.stdout
        line = process.stdout.readline()
        too_long.cancel()
        assert line, (FOLDER / "start.log").read_text()[-2000:]
        servers = Servers(json.loads(line))
        yield servers
        servers.http.close()
    finally:
        too_long.cancel()
        assert process.stdin
        process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        process.stdout.close()
        postgres.drop(database)
