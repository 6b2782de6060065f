"""Secrets stay where they belong: a real process is used, and broken, and all that it says to anybody is searched for them."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import psycopg
import pytest

from app.core.migrated import DatabaseUnreachable, database
from app.core.settings import settings
from tests import postgres
from tests.running import running
from tests.sandbox.live import Sandbox, start_sandbox

PASSWORD = "canary-password-1f7a"
WRONG = "canary-wrong-2b8c"
CODE = "canary-code-3d9e"
BEARER = "canary-bearer-4e0f"
KEY = "canary-secret-key-5a1b-of-thirty-two-letters"
OLD_KEY = "canary-old-key-6c2d-of-thirty-two-letters-x"
DATABASE = "canary-database-7f3e"
DSN = "canarydsn8a4b"


@contextmanager
def a_sentry() -> Iterator[tuple[str, list[str]]]:
    """What Sentry hears, as text: its address, and the bodies of the envelopes."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            zipped = self.headers.get("content-encoding") == "gzip"
            heard.append((gzip.decompress(body) if zipped else body).decode())
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}", heard
        finally:
            server.shutdown()
            thread.join()


def wait_for(what: str, ask: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@contextmanager
def away(admin: "psycopg.Connection[Any]", table: str) -> Iterator[None]:
    """A table is not there for a while: whoever needs it crashes."""
    admin.execute(f'alter table "{table}" rename to "{table}_away"')  # type: ignore[call-overload]
    try:
        yield
    finally:
        admin.execute(f'alter table "{table}_away" rename to "{table}"')  # type: ignore[call-overload]


_ONCE = httpx2.Limits(max_keepalive_connections=0)  # a crash may cost its connection


class Use:
    """Somebody uses the product with all kinds of secrets, while things break; `said` is what it answers."""

    def __init__(self, address: str, url: str, sandbox: Sandbox) -> None:
        self.client = httpx2.Client(
            base_url=address, headers={"origin": address}, timeout=60, trust_env=False, limits=_ONCE
        )
        self.url, self.sandbox = url, sandbox
        self.said: list[str] = []
        self.key = ""
        self.secrets = [PASSWORD, WRONG, CODE, BEARER, KEY, OLD_KEY, DATABASE]

    def ask(self, method: str, path: str, status: set[int], **more: Any) -> httpx2.Response:
        answer = self.client.request(method, f"/api/v1/{path}", **more)
        assert answer.status_code in status, (method, path, answer.status_code, answer.text)
        self.said.append(answer.text + json.dumps([v for n, v in answer.headers.items() if n != "set-cookie"]))
        return answer

    def begin(self) -> None:
        first = {"name": "Lea", "email": "lea@acme.example", "password": PASSWORD, "brand_name": "Acme"}
        signed_in = self.ask("POST", "setup", {200}, json=first)
        self.secrets.append(signed_in.headers["set-cookie"].partition(";")[0].partition("=")[2])
        with httpx2.Client(base_url=self.client.base_url, trust_env=False) as other:
            wrong = other.post("/api/v1/session", json={"email": "lea@acme.example", "password": WRONG})
        assert wrong.status_code == 401
        self.said.append(wrong.text)
        wish = {"name": "Shop", "scopes": ["read"]}
        self.key = self.ask("POST", "keys", {201}, json=wish, headers={"idempotency-key": "k-1"}).json()["secret"]
        self.said.pop()  # it is told this once
        self.secrets.append(self.key)
        self.ask("POST", "agents", {422}, json={"name": WRONG * 40, "email": WRONG, "password": PASSWORD})
        self.ask("POST", "session", {422}, json={"email": [], "password": {"x": PASSWORD}})

    def connect(self) -> str:
        """By a token, and by signing in there, as far as a wrong code gets; answers the state of another sign-in there."""
        brand = self.ask("GET", "brands", {200}).json()[0]["id"]
        live = self.sandbox.brand("acme", "Acme")
        self.secrets.append(live.token)
        ask = {
            "brand_id": brand,
            "network": "mastodon",
            "fields": {"server": self.sandbox.base_url, "token": live.token},
        }
        self.ask("POST", "accounts/connect", {200}, json=ask)
        wrong = {**ask, "fields": {**ask["fields"], "token": BEARER}}
        self.ask("POST", "accounts/connect", {409, 422, 503}, json=wrong)
        going = self.ask("POST", "accounts/connect", {200}, json={**ask, "fields": {"server": self.sandbox.base_url}})
        state = parse_qs(urlsplit(going.json()["authorize_url"]).query)["state"][0]
        self.said.pop()  # the state is the browser's to bring back
        self.secrets.append(state)
        self.ask("GET", f"accounts/return?state={state}&code={CODE}", {303})
        again = self.client.post("/api/v1/accounts/connect", json={**ask, "fields": {"server": self.sandbox.base_url}})
        other = parse_qs(urlsplit(again.json()["authorize_url"]).query)["state"][0]
        self.secrets.append(other)
        wait_for("nobody reads the account", lambda: self.health()["asked_at"])
        self.sandbox.revoke(live.token)
        wait_for("the account is not broken", lambda: self.state() == "broken")
        return other

    def health(self) -> dict[str, Any]:
        return self.client.get("/api/v1/accounts/health").json()[0]

    def state(self) -> str:
        self.client.post(f"/api/v1/accounts/{self.health()['account_id']}/poll")
        return str(self.client.get("/api/v1/accounts").json()[0]["state"])

    def crash(self, state: str) -> None:
        heads = {"authorization": f"Basic {BEARER}", "x-api-key": BEARER}
        key = {"authorization": f"Bearer {self.key}"}
        with psycopg.connect(self.url, autocommit=True) as admin:
            with away(admin, "connecting"):
                self.ask("GET", f"accounts/return?state={state}&code={CODE}", {500}, headers=heads)
            with away(admin, "sign_in_attempts"):
                who = {"email": "lea@acme.example", "password": PASSWORD}
                self.ask("POST", "session", {500}, json=who, headers=heads)
                change = {"password": {"old": PASSWORD, "new": WRONG}}
                self.ask("PATCH", "me", {500}, json=change, headers=heads)
            with away(admin, "labels"):
                self.ask("GET", f"labels?key={self.key}", {500}, headers=key)
                self.client.get("/api/v1/tickets", params={"q": self.key}, headers=key)
            with away(admin, "polls"):
                time.sleep(2.5)  # the loops of the worker stumble over it
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                " and datname = current_database()"
            )
        self.client.get("/api/v1/session", headers=heads)


def kept(url: str) -> str:
    """What the log and the server's statistics hold."""
    with psycopg.connect(url) as admin:
        asked = (
            "select fact::text, card::text from events",
            "select encode(body, 'escape') from kept_answers",
            "select k::text from access_keys k",
            "select query, application_name from pg_stat_activity",
        )
        return "\n".join(str(row) for question in asked for row in admin.execute(question).fetchall())


def where_said(secrets: list[str], said: dict[str, str]) -> list[str]:
    """In which of the texts which secret stands, also in parts of URLs and as JSON writes it."""
    return [
        f"{place}: {secret} …{text[max(text.find(secret) - 200, 0) : text.find(secret) + 60]}"
        for place, text in said.items()
        for secret in secrets
        if secret in text
    ]


@pytest.fixture
def database_url(template: str) -> Iterator[str]:
    url = postgres.clone("leaks", template)
    yield url
    postgres.drop(url)


def test_no_secret_is_said_to_anybody(database_url: str, tmp_path: Path) -> None:
    begun = (postgres.FOLDER / "postgres" / "server.log").stat().st_size
    with a_sentry() as (sentry, heard), start_sandbox() as sandbox:
        given = {
            "database_url": database_url.replace("mentiondesk@", f"mentiondesk:{DATABASE}@"),
            "secret_key": KEY,
            "old_secret_keys": OLD_KEY,
            "sentry_dsn": f"http://{DSN}@{sentry}/1",
            "log_level": "debug",
            "log_json": "true",
            "allow_private_networks": "true",
            "poll_seconds": "1",
            "poll_seconds_live": "1",
        }
        with running(tmp_path, "serve", "--port", "0", wait_for="Ready: ", settings=given) as product:
            use = Use(product.console, database_url, sandbox)
            with use.client:
                use.begin()
                use.crash(use.connect())
                described = use.client.get("/api/v1/openapi.json").text
            wait_for("Sentry heard nothing", lambda: "".join(heard).count('"ProgrammingError"') >= 3)
            held = kept(database_url)
        reports, log = "\n".join(heard), "".join(product.said)
    with (postgres.FOLDER / "postgres" / "server.log").open(errors="replace") as file:
        file.seek(begun)
        server_log = file.read()
    assert '"request_crashed"' in log
    assert "UndefinedTable" in log
    assert "sign_in_attempts" in server_log
    said = {
        "the log": log,
        "Sentry": reports,
        "answers": "\n".join(use.said),
        "events": held,
        "OpenAPI": described,
        "PostgreSQL's log": server_log,
    }
    assert where_said(use.secrets, said) == []
    said.pop("Sentry")
    assert where_said([DSN], said) == []


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://nobody:{DATABASE}@127.0.0.1:1/nothing",
        f"postgresql://nobody:{DATABASE}/x@127.0.0.1/nothing",
        f"postgresql://nobody:x@{DATABASE}@127.0.0.1:port/nothing",
        f"postgresql://nobody:{DATABASE}%zz@[::1/nothing?x=y",
        f"nonsense {DATABASE}",
    ],
)
def test_an_address_of_a_database_that_cannot_be_used_is_a_sentence_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "database_url", url)
    with pytest.raises(DatabaseUnreachable, match="MENTIONDESK_DATABASE_URL") as said, database(lambda _: None):
        pass
    assert DATABASE not in said.value.sentence
