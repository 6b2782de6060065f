"""The desk of a crisis: one brand's account on the sandbox, agents with their sign-ins, and customers who all write."""

import asyncio
import itertools
import random
import time
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from pydantic import SecretStr

from app.agents.invite import add_agent
from app.agents.password import PasswordHash
from app.agents.permit import Actor
from app.agents.queries import teams
from app.agents.sign_in import open_sign_in
from app.brands.begin import begin
from app.brands.connect import connect_account
from app.brands.queries import brands
from app.core.clock import now
from app.core.settings import settings
from app.core.transaction import transaction
from app.demo.neighbour import tell
from app.ingest.poll import poll_due
from app.wiring import wire
from bench.parts import KEY

HASH: Final = PasswordHash("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$not-a-real-hash")
_BURST_SECONDS: Final = 0.1
_SAID: Final = (
    "my order has not arrived and nobody tells me anything",
    "is it down again? I cannot sign in since this morning",
    "the app closes when I open my invoices, please look into it 😕",
    "why was I charged twice this month?",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works, and the cookies of their browsers: the lead's first, then the agents'."""

    lead: Actor
    brand_id: str
    cookies: list[str]
    agent_ids: list[str]


async def a_desk(address: str, *, agents: int) -> Desk:
    """A desk on the open database whose one account listens to the sandbox before anybody speaks."""
    settings().allow_private_networks = True
    settings().secret_key = SecretStr(KEY)
    wire()
    async with transaction() as tx:
        lead = await begin(tx, name="Lea", email="lea@bench.example", hashed=HASH, brand_name="Acme")
        team = (await teams(tx, lead))[0]
        brand_id = (await brands(tx, lead))[0].id
        made = [
            await add_agent(
                tx, name=f"Agent {n}", email=f"a{n}@bench.example", role="agent", hashed=HASH, team_ids=[team.id]
            )
            for n in range(agents)
        ]
    ids = [one.id for one in made]
    async with transaction() as tx:
        cookies = [(await open_sign_in(tx, who)).secret for who in [lead.agent_id, *ids]]
    token = (await asyncio.to_thread(tell, address, "brands", handle="acme", name="Acme"))["token"]
    fields = {"server": address, "token": token}
    await connect_account(lead, brand_id, "mastodon", fields, import_days=0, return_url=f"{address}/")
    await poll_due()
    return Desk(lead, brand_id, [f"mentiondesk={cookie}" for cookie in cookies], ids)


class Crowd:
    """Customers who write at a steady rate, in bursts ten times a second; every fifth says something more below."""

    def __init__(self, address: str, rate: int) -> None:
        """`rate` is in posts a second."""
        self._address = address
        self._each = max(1, round(rate * _BURST_SECONDS))
        self._numbers = itertools.count()
        self.said: list[str] = []
        self.slowest = 0.0

    async def speak(self, seconds: float) -> None:
        """Write for so long; what the network was late with is made up for."""
        async with httpx2.AsyncClient(base_url=self._address, timeout=60, trust_env=False) as http:
            began = time.monotonic()
            for burst in range(round(seconds / _BURST_SECONDS)):
                await asyncio.sleep(max(0.0, began + burst * _BURST_SECONDS - time.monotonic()))
                asked = time.monotonic()
                posts = [self._post() for _ in range(self._each)]
                answer = await http.post("/sandbox/replay", json={"posts": posts, "brand": "acme"})
                outcomes = {one["outcome"] for one in answer.raise_for_status().json()}
                if outcomes != {"posted"}:
                    raise RuntimeError(f"The sandbox did not take the posts: {outcomes}.")
                self.said += [one["id"] for one in posts]
                self.slowest = max(self.slowest, time.monotonic() - asked)

    def _post(self) -> dict[str, Any]:
        number = next(self._numbers)
        below = random.choice(self.said[-500:]) if self.said and number % 5 == 0 else None
        return {
            "id": str(7_000_000_000_000_000 + number),
            "author": f"customer{number % 4000}",
            "text": f"@acme {random.choice(_SAID)} ({number})",
            "in_reply_to": below,
            "at": now().isoformat(),
            "to_brand": True,
        }
