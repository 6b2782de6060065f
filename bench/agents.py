"""Agents at work: each looks at the list, opens a ticket, notes, takes it and answers, over HTTP like the console."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import httpx2

_THINKS: Final = 2.0
"""Seconds an agent thinks before each request, on average."""
_NEW: Final = count()


@dataclass
class Shift:
    """What the agents of a shift waited for, and what they sent."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)

    def every(self) -> list[float]:
        """Seconds of every request, whatever it was."""
        return [wait for some in self.waits.values() for wait in some]


class Agent:
    """One agent's browser."""

    def __init__(self, port: int, cookie: str, agent_id: str, shift: Shift) -> None:
        """Signed in already."""
        self._http = httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/api/v1",
            headers={"cookie": cookie},
            timeout=60,
            trust_env=False,
            verify=False,  # it is plain HTTP: reading the world's certificates for each agent would stop the crowd
        )
        self._id = agent_id
        self._shift = shift

    async def work(self, until: float) -> None:
        """Go from ticket to ticket until then (seconds of the monotonic clock)."""
        async with self._http:
            await asyncio.sleep(random.random() * 3 * _THINKS)
            while time.monotonic() < until:
                listed = await self._ask("list", "GET", "/tickets", params={"view": "unassigned", "order": "newest"})
                if listed and listed["items"]:
                    await self._answer(random.choice(listed["items"][:30])["id"], until)

    async def _answer(self, ticket_id: str, until: float) -> None:
        opened = await self._ask("open", "GET", f"/tickets/{ticket_id}")
        if not opened or time.monotonic() > until:
            return
        key = f"bench-{next(_NEW)}-{ticket_id}"
        await self._ask("note", "POST", f"/tickets/{ticket_id}/notes", json={"text": "seen before"}, key=f"n{key}")
        ask = {"agent_id": self._id, "revision": None}
        await self._ask("assign", "POST", f"/tickets/{ticket_id}/assign", json=ask)
        text = f"We are looking into it. ({key})"
        ask = {"text": text, "lane": "public", "seen": opened["messages"][-1]["id"]}
        if await self._ask("reply", "POST", f"/tickets/{ticket_id}/replies", json=ask, key=f"r{key}"):
            self._shift.replies.append(text)

    async def _ask(self, what: str, method: str, path: str, *, key: str | None = None, **more: Any) -> Any:
        """Think, ask, and note how long it took; null when it was refused, as 409 is when a customer was faster."""
        await asyncio.sleep(random.uniform(0.5, 1.5) * _THINKS)
        headers = {"idempotency-key": key} if key else {}
        began = time.monotonic()
        answer = await self._http.request(method, path, headers=headers, **more)
        self._shift.waits.setdefault(what, []).append(time.monotonic() - began)
        if answer.is_success:
            return answer.json()
        if answer.status_code != 409:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        self._shift.refused[what] = self._shift.refused.get(what, 0) + 1
        return None


async def shift(ports: list[int], cookies: list[str], agent_ids: list[str], seconds: float) -> Shift:
    """Let these agents work for so long."""
    done = Shift()
    until = time.monotonic() + seconds
    agents = [
        Agent(ports[n % len(ports)], cookie, agent_id, done)
        for n, (cookie, agent_id) in enumerate(zip(cookies, agent_ids, strict=True))
    ]
    await asyncio.gather(*(agent.work(until) for agent in agents))
    return done
