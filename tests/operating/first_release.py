"""How tests/operating/first_release.sql was made: the product at schema 0002, asked over HTTP, then dumped.

Run once, at the commit that had that schema: `python -m tests.operating.first_release`. The file stays as it is, since it
stands for the database of somebody who installed the first release.
"""

import asyncio
import base64
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from sqlalchemy import select

from app.brands.models import BrandAccount
from app.core.db import close_database, open_database
from app.core.migrate import newest
from app.core.transaction import transaction
from app.ingest.receive import set_aside
from app.networks.port import Reject
from tests.operating.programs import program
from tests.running import running
from tests.sandbox.live import LiveBrand, Sandbox, start_sandbox

DUMP = Path(__file__).parent / "first_release.sql"
KEY = "the key of the first release, thirty-two or more"
"""It sealed the credentials in the dump, which belong to a sandbox that is gone."""
PASSWORD = "a long enough password"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PEOPLE = ("nora", "omar", "lucie", "kenji", "tom", "zoe", "ines", "paul", "mia", "juan")
SAID = ("it is down again 😢", "الخدمة لا تعمل", "ma facture est fausse", "まだ届きません", "where is my order 2041?")


class Desk:
    """An installation of the first release, asked as a browser asks."""

    def __init__(self, address: str) -> None:
        self.http = httpx2.Client(base_url=f"{address}/api/v1", timeout=60, trust_env=False)

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = self.http.request(method, path, json=body, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def tickets(self, at_least: int) -> list[dict[str, Any]]:
        """The inbox, once it holds so many."""
        deadline = time.monotonic() + 120
        while True:
            items: list[dict[str, Any]] = self.ask("GET", "/tickets?limit=100")["items"]
            if len(items) >= at_least:
                return items
            assert time.monotonic() < deadline, len(items)
            time.sleep(0.1)

    def send(self, ticket_id: str, text: str, **more: Any) -> dict[str, Any]:
        seen = self.ask("GET", f"/tickets/{ticket_id}/reply-options")["newest_message_id"]
        body = {"text": text, "lane": "public", "seen": seen, **more}
        reply: dict[str, Any] = self.ask(
            "POST", f"/tickets/{ticket_id}/replies", body, headers={"Idempotency-Key": f"key-{ticket_id}"}
        )
        return reply


def people(desk: Desk) -> None:
    """A lead, two agents, a team, a second brand, a wrong password, a signature."""
    brand = {"name": "Lea Morel", "email": "lea@first.example", "password": PASSWORD, "brand_name": "Acme"}
    desk.ask("POST", "/setup", {**brand, "locale": "fr"})
    desk.ask("PATCH", "/me", {"signature": "Lea", "availability": "away"})
    ids = []
    for name in ("Ana", "Ben"):
        ask = {"name": name, "email": f"{name.lower()}@first.example", "role": "agent", "password": PASSWORD}
        ids.append(desk.ask("POST", "/agents", ask)["id"])
    team = desk.ask("POST", "/teams", {"name": "Night", "agent_ids": ids, "brand_ids": []})
    desk.ask("POST", "/brands", {"name": "Zeta", "colour": "#884400", "team_ids": [team["id"]]})
    wrong = desk.http.post("/session", json={"email": "ana@first.example", "password": "not this one"})
    assert wrong.status_code == 401, wrong.text


def promises(desk: Desk, brand_id: str) -> None:
    """A calendar with a holiday of its own and a policy on it."""
    calendar = {
        "name": "Paris",
        "tz": "Europe/Paris",
        "hours": {"Mon": [["09:00", "18:00"]], "Tue": [["09:00", "18:00"]]},
        "country": "FR",
        "by_hand": [{"day": "2026-12-24", "name": "Noël"}],
    }
    made = desk.ask("POST", "/calendars", calendar)
    targets = [{"metric": m, "seconds": 3600, "warn": {"percent": 80}} for m in ("first_reply", "next_reply")]
    policy = {"name": "Acme, an hour", "targets": [*targets, {"metric": "resolution", "seconds": 15}]}
    desk.ask("POST", "/policies", {**policy, "conditions": {"brands": [brand_id]}})
    desk.ask("POST", "/policies", {"name": "Paris", "calendar_id": made["id"], "targets": targets})


def connect(desk: Desk, brand_id: str, sandbox: Sandbox, brand: LiveBrand) -> None:
    """One account by its token with an import, one begun in a browser and left there."""
    ask = {"brand_id": brand_id, "network": "mastodon", "import_days": 7}
    token = {"server": sandbox.base_url, "token": brand.token}
    assert desk.ask("POST", "/accounts/connect", {**ask, "fields": token})["account"]
    begun = desk.ask("POST", "/accounts/connect", {**ask, "fields": {"server": sandbox.base_url}})
    assert begun["account"] is None, begun
    deadline = time.monotonic() + 120
    while (desk.ask("GET", "/accounts/health")[0]["backfill"] or {}).get("state") != "finished":
        assert time.monotonic() < deadline
        time.sleep(0.1)


def work(desk: Desk, tickets: list[dict[str, Any]]) -> None:
    """What agents do: notes, labels, moves, drafts with pictures, answers sent, refused and lost."""
    for n, card in enumerate(tickets):
        path = f"/tickets/{card['id']}"
        if n % 3 == 0:
            desk.ask("POST", f"{path}/labels", {"add": ["billing", f"l{n % 5}"], "remove": []})
        if n % 4 == 0:
            desk.ask("POST", f"{path}/notes", {"text": f"looked at it {n}"}, headers={"Idempotency-Key": f"note-{n}-k"})
        if n % 5 == 0:
            desk.ask("POST", f"{path}/priority", {"priority": "urgent"})
        if n % 7 == 1:
            desk.ask("POST", f"{path}/dismiss", {"reason": "spam"})
        elif n % 6 == 2:
            desk.ask("POST", f"{path}/move", {"to": "snoozed", "until": "2027-01-04T09:00:00Z"})
        elif n % 2 == 0:
            desk.send(card["id"], f"We are looking into it {n}", then="resolve" if n % 4 == 0 else None)
    drafted = tickets[3]["id"]
    files = {"file": ("pixel.png", PIXEL, "image/png")}
    picture = desk.ask("POST", f"/tickets/{drafted}/pictures", files=files, data={"alt": "a dot"})
    draft = {"text": "not yet", "lane": "public", "key": "draft-key-1", "picture_ids": [picture["id"]]}
    desk.ask("PUT", f"/tickets/{drafted}/draft", draft)
    customers = [card["customer"]["id"] for card in tickets]
    desk.ask("PATCH", f"/customers/{customers[0]}", {"note": "knows the chair", "revision": 1})


def make() -> None:
    """Fill an installation, stop it, and write the dump."""
    with tempfile.TemporaryDirectory() as folder, start_sandbox() as sandbox:
        Path(folder).chmod(0o755)
        brand = sandbox.brand("acme")
        for n in range(6):
            sandbox.post_as("early", f"@acme before you came {n}")
        settings = {"allow_private_networks": "true", "secret_key": KEY, "undo_seconds": "0"}
        with running(Path(folder) / "data", "serve", "--port", "0", wait_for="Ready:", settings=settings) as product:
            desk = Desk(product.console)
            people(desk)
            brand_id = desk.ask("GET", "/brands")[0]["id"]
            promises(desk, brand_id)
            connect(desk, brand_id, sandbox, brand)
            for n in range(20):
                who = PEOPLE[n % len(PEOPLE)]
                visibility = "direct" if n % 9 == 4 else "public"
                sandbox.post_as(f"{who}{n}", f"@acme {SAID[n % len(SAID)]}", visibility=visibility)
            tickets = [card for card in desk.tickets(20) if card["lane"] == "public"]
            sandbox.fault("error", path="/api/v1/statuses", method="POST", code=422, times=1)
            work(desk, tickets)
            time.sleep(20)  # the answers leave, and a promise of fifteen seconds is broken
            url = url_of(product.data)
            asyncio.run(unreadable(url))
            dump(url)


def url_of(data: Path) -> str:
    """The embedded database of a running installation."""
    socket = (data / "postgres/cluster/postmaster.pid").read_text().splitlines()[4]
    return f"postgresql://mentiondesk@/mentiondesk?host={socket}"


async def unreadable(url: str) -> None:
    """A post that no adapter can read, set aside by the verb that does it; the sandbox says nothing unreadable."""
    open_database(url)
    async with transaction() as tx:
        account_id = await tx.scalar(select(BrandAccount.id))
        assert account_id
        await set_aside(tx, account_id, [Reject("1", "no author", '{"id": "1", "text": "?"}')])
    await close_database()


def dump(url: str) -> None:
    """Write what every table holds, and print how much that is."""
    with psycopg.connect(url) as connection:
        for (table,) in connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1"):
            counted = connection.execute(f'select count(*) from "{table}"').fetchone()
            sys.stdout.write(f"{table} {counted and counted[0]}\n")
    arguments = [
        "--data-only",
        "--disable-triggers",
        "--exclude-table=alembic_version",
        "--no-owner",
        f"--dbname={url}",
    ]
    done = subprocess.run([program("pg_dump"), *arguments], capture_output=True, check=True)
    # \restrict carries a random word and means psql only
    lines = [line for line in done.stdout.splitlines(keepends=True) if not line.startswith((b"\\restrict", b"\\unres"))]
    DUMP.write_bytes(b"".join(lines))
    sys.stdout.write(f"{DUMP.stat().st_size} bytes at schema {newest()}\n")


if __name__ == "__main__":
    make()
