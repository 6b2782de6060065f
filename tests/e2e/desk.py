"""The product in a process of its own, on a database of its own, beside a network that the test can talk to."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from app.agents.current import COOKIE
from tests import postgres
from tests.running import Running, running
from tests.sandbox.live import LiveBrand, Sandbox

PASSWORD = "a password for tests"
PEOPLE = {"lea": "Lea Morel", "ana": "Ana Costa", "ben": "Ben Keller", "zoe": "Zoe Lang"}
ZETA_PEOPLE = "Zeta people"
UNDO_SECONDS = 4.0
_SETTINGS = {
    "allow_private_networks": "true",
    "undo_seconds": str(UNDO_SECONDS),
    "poll_seconds": "1",
    "poll_seconds_live": "5",
    "reread_pace_seconds": "0.2",
}
T = TypeVar("T")


@contextmanager
def product(data: Path, template: str, name: str) -> Iterator[Running]:
    """Web and worker in one process, on an empty database."""
    url = postgres.clone(name, template)
    try:
        with running(
            data, "serve", "--port", "0", wait_for="Ready: ", settings=_SETTINGS | {"database_url": url}
        ) as started:
            yield started
    finally:
        postgres.drop(url)


async def until(ask: Callable[[], T], what: str, seconds: float = 60) -> T:
    """Ask again and again until the answer is not empty; fail with what was waited for."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)
    return answer


def email(who: str) -> str:
    """What somebody signs in with."""
    return f"{who}@acme.example"


@dataclass
class Desk:
    """A desk in use: Lea leads, Ana and Ben answer for Acme, Zoe for Zeta; both brands are on the network."""

    address: str
    sandbox: Sandbox
    acme: LiveBrand
    zeta: LiveBrand
    http: dict[str, httpx2.Client] = field(default_factory=dict)
    _customers: Iterator[int] = field(default_factory=count)

    def customer(self, name: str, **more: Any) -> tuple[str, str]:
        """Somebody nobody has heard of, with a name of their own: handle and name."""
        number = next(self._customers)
        handle, full = f"{name.lower()}{number}", f"{name} No. {number}"
        self.sandbox.person(handle, full, **more)
        return handle, full

    def ask(self, who: str, method: str, path: str, **body: Any) -> Any:
        """Ask the product's API as one of the people, as their console would."""
        answer = self.http[who].request(method, f"/api/v1/{path}", **({"json": body} if body else {}))
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def colleague(self, name: str, role: str = "agent") -> str:
        """Invite somebody into Acme's team and answer what they sign in with; the password is PASSWORD."""
        address = email(f"{name.lower()}{next(self._customers)}")
        team = next(one for one in self.ask("lea", "GET", "teams") if one["name"] != ZETA_PEOPLE)
        self.ask("lea", "POST", "agents", name=name, email=address, role=role, password=PASSWORD, team_ids=[team["id"]])
        return address

    def cookie(self, who: str) -> Any:
        """The cookie of somebody who is signed in."""
        return {"name": COOKIE, "value": str(self.http[who].cookies[COOKIE]), "url": self.address}

    async def ticket_of(self, name: str, who: str = "lea") -> dict[str, Any]:
        """The ticket of a customer, once it is there."""

        def found() -> list[dict[str, Any]]:
            listed = self.ask(who, "GET", "tickets?view=all_open&order=newest&limit=100")["items"]
            return [card for card in listed if card["customer"]["name"] == name]

        return (await until(found, f"no ticket of {name}"))[0]

    async def answers(self, customer: str, how_many: int = 1, seconds: float = 60) -> list[dict[str, Any]]:
        """What Acme said to a customer on the network, once it is that much."""
        await until(lambda: len(self.said_to(customer)) >= how_many, f"no answer to {customer}", seconds)
        return self.said_to(customer)

    @staticmethod
    def at(customer: str) -> str:
        """A customer as an answer addresses them."""
        return f"@{customer}@sandbox.test"

    def said_to(self, customer: str) -> list[dict[str, Any]]:
        """What Acme said to a customer on the network so far."""
        return [one for one in self.sandbox.posts(author="acme") if self.at(customer) in one["text"]]


def sign_in(address: str, who: str) -> httpx2.Client:
    """A browser without a window, signed in."""
    client = httpx2.Client(base_url=address, headers={"Origin": address}, timeout=60, trust_env=False)
    answer = client.post("/api/v1/session", json={"email": email(who), "password": PASSWORD})
    assert answer.is_success, answer.text
    return client


@contextmanager
def desk_on(started: Running, sandbox: Sandbox) -> Iterator[Desk]:
    """Set an empty product up with people, two brands and their accounts."""
    address = started.console
    desk = Desk(address, sandbox, sandbox.brand("acme", "Acme"), sandbox.brand("zeta", "Zeta"))
    first = {"name": PEOPLE["lea"], "email": email("lea"), "password": PASSWORD, "brand_name": "Acme", "locale": "en"}
    with httpx2.Client(base_url=address, headers={"Origin": address}, timeout=60, trust_env=False) as client:
        assert client.post("/api/v1/setup", json=first).is_success
    desk.http["lea"] = sign_in(address, "lea")
    acme, team = desk.ask("lea", "GET", "brands")[0], desk.ask("lea", "GET", "teams")[0]
    other = desk.ask("lea", "POST", "teams", name=ZETA_PEOPLE, agent_ids=[])
    zeta = desk.ask("lea", "POST", "brands", name="Zeta", colour="#884400", team_ids=[other["id"]])
    for who, team_id in (("ana", team["id"]), ("ben", team["id"]), ("zoe", other["id"])):
        desk.ask("lea", "POST", "agents", name=PEOPLE[who], email=email(who), password=PASSWORD, team_ids=[team_id])
        desk.http[who] = sign_in(address, who)
    for brand, live in ((acme, desk.acme), (zeta, desk.zeta)):
        fields = {"server": sandbox.base_url, "token": live.token}
        desk.ask("lea", "POST", "accounts/connect", brand_id=brand["id"], network="mastodon", fields=fields)
    try:
        yield desk
    finally:
        for client in desk.http.values():
            client.close()
