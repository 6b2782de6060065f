"""What a request costs with another system's key, beside the same one with a session: the two take turns on one process."""

import statistics
import time
from typing import Final

import httpx2

from app.access.make_key import make_key
from app.agents.sign_in import open_sign_in
from app.brands.begin import begin
from app.core.transaction import transaction
from app.demo.neighbour import free_port
from app.wiring import wire
from bench.crowd import HASH
from bench.database import empty_database
from bench.figures import Figure, percentile, within
from bench.parts import processor_seconds, settings_for, started

_SECONDS: Final = 5.0
_TOGETHER: Final = 20
"""So many requests of one kind before those of the other."""
_ASKED: Final = "/api/v1/labels"


async def measure() -> list[Figure]:
    """Milliseconds of a request that reads little, and what it takes of the process's processor, by who asks."""
    port = free_port("127.0.0.1", 0)
    address = f"http://127.0.0.1:{port}"
    async with empty_database() as url:
        wire()
        async with transaction() as tx:
            lead = await begin(tx, name="Lea", email="lea@bench.example", hashed=HASH, brand_name="Acme")
        async with transaction() as tx:
            signed = await open_sign_in(tx, lead.agent_id)
            key = await make_key(
                tx, lead, name="Shop", scopes=["read"], brand_ids=None, expires_at=None, per_minute=60_000
            )
        who = {"session": {"cookie": f"mentiondesk={signed.secret}"}, "key": {"authorization": f"Bearer {key.secret}"}}
        async with (
            started("app.cli", "web", "--port", str(port), ready="Ready: ", settings=settings_for(url)) as pid,
            httpx2.AsyncClient(base_url=address, trust_env=False, timeout=30) as client,
        ):
            took: dict[str, list[float]] = {name: [] for name in who}
            spent = dict.fromkeys(who, 0.0)
            for headers in who.values():
                await _ask(client, headers)
            began = time.monotonic()
            while time.monotonic() - began < _SECONDS:
                for name, headers in who.items():
                    before = processor_seconds(pid)
                    took[name] += [await _ask(client, headers) for _ in range(_TOGETHER)]
                    spent[name] += processor_seconds(pid) - before
    middle = {name: statistics.median(values) * 1000 for name, values in took.items()}
    each = {name: spent[name] / len(took[name]) * 1000 for name in who}
    return [
        within("a request with a key, p50", middle["key"], "ms", middle["session"], 1.5),
        Figure("a request with a key, p95", percentile(took["key"], 95) * 1000, "ms"),
        within("processor of a request with a key", each["key"], "ms", each["session"], 1.5),
    ]


async def _ask(client: httpx2.AsyncClient, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    (await client.get(_ASKED, headers=headers)).raise_for_status()
    return time.perf_counter() - began
