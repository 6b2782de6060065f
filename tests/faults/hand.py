"""Somebody's hand on the product's HTTP: asks until there is a final answer, under the same key, as the console does."""

import asyncio
import time
from collections import Counter
from typing import Any

import httpx2

from app.agents.current import COOKIE

PATIENCE_SECONDS = 240.0
_AGAIN = {502, 503, 504}
"""Answers that say: nothing was lost, come again."""


class Refused(Exception):
    """A final answer that is no success."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status} {body[:500]}")
        self.status = status


class Hand:
    """One signed-in person. `answers` counts the status codes; 0 stands for no answer at all."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: Counter[int] = Counter()
        self.waits: list[float] = []  # how long each request took that was answered at once
        self._http = httpx2.AsyncClient(
            base_url=address, headers={"Origin": address}, timeout=httpx2.Timeout(20), trust_env=False
        )

    @property
    def secret(self) -> str:
        return str(self._http.cookies[COOKIE])

    @property
    def cookies(self) -> httpx2.Cookies:
        return self._http.cookies

    async def ask(self, method: str, path: str, *, key: str | None = None, **body: Any) -> Any:
        """Ask until the answer is final. Raises Refused."""
        headers = {"Idempotency-Key": key} if key else {}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            began = time.monotonic()
            try:
                answer = await self._http.request(
                    method, f"/api/v1/{path}", headers=headers, **({"json": body} if body else {})
                )
            except httpx2.TransportError:
                self.answers[0] += 1
            else:
                self.answers[answer.status_code] += 1
                if answer.is_success:
                    self.waits.append(time.monotonic() - began)
                    return answer.json() if answer.content else None
                if answer.status_code not in _AGAIN:
                    raise Refused(answer.status_code, answer.text)
                assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
            assert time.monotonic() < deadline, f"{method} {path} had no final answer"
            await asyncio.sleep(0.2)

    async def close(self) -> None:
        await self._http.aclose()
