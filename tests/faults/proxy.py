"""A server in front of the network that may be as rude as a test wants, on the wire itself."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from tests.rude import Asked, answer, rude_server

Rudeness = Callable[[Asked, bytes], Awaitable[bytes | None]]
NOTIFICATIONS = "/api/v1/notifications"
_YEAR = re.compile(rb"\d{4}-(\d\d-\d\dT\d\d:)")
_PASSED = ("authorization", "content-type", "idempotency-key", "accept")


class Proxy:
    """Passes on what is asked; `rude` gets each answer to a request for what is new and says what goes out instead."""

    def __init__(self, behind: str, news: str = NOTIFICATIONS) -> None:
        """`news` is how the path ends under which the network says what is new."""
        self.address, self._news = "", news
        self.rude: Rudeness | None = None
        self.struck = 0
        self._http = httpx2.AsyncClient(base_url=behind, trust_env=False, timeout=60)

    async def handle(self, asked: Asked) -> bytes | None:
        headers = {name: value for name, value in asked.headers.items() if name in _PASSED}
        query = [(name, value) for name, values in asked.query.items() for value in values]
        said = await self._http.request(
            asked.method, asked.path, params=query, headers=headers, content=asked.body or None
        )
        kind = said.headers.get("content-type", "application/json")
        whole = answer(said.content, f"Content-Type: {kind}", status=f"{said.status_code} Said")
        if self.rude is None or not asked.path.endswith(self._news):
            return whole
        self.struck += 1
        return await self.rude(asked, said.content)

    async def close(self) -> None:
        await self._http.aclose()


@asynccontextmanager
async def proxy(behind: str, news: str = NOTIFICATIONS) -> AsyncIterator[Proxy]:
    """A proxy on a free port."""
    made = Proxy(behind, news)
    try:
        async with rude_server(made.handle) as made.address:
            yield made
    finally:
        await made.close()


# --- ways to be rude ---------------------------------------------------------------------------------------------------


async def slow(_asked: Asked, body: bytes) -> bytes:
    """Right, after thirty seconds."""
    await asyncio.sleep(30)
    return answer(body)


async def wait_until(_asked: Asked, _body: bytes) -> bytes:
    """429 with a time."""
    when = (datetime.now(UTC) + timedelta(seconds=2)).isoformat().replace("+00:00", "Z")
    return answer({"error": "Too many requests"}, f"X-RateLimit-Reset: {when}", status="429 Too Many Requests")


async def wait(_asked: Asked, _body: bytes) -> bytes:
    """429 without a time."""
    return answer({"error": "Too many requests"}, status="429 Too Many Requests")


async def a_page_of_html(_asked: Asked, _body: bytes) -> bytes:
    """5xx with HTML."""
    return answer(b"<html><h1>502</h1>nginx</html>", "Content-Type: text/html", status="502 Bad Gateway")


async def cut(asked: Asked, body: bytes) -> None:
    """Cut in mid-body."""
    asked.writer.write(answer(body)[: -max(len(body) // 2, 1)])
    asked.writer.close()


async def twice(_asked: Asked, body: bytes) -> bytes:
    """The same answer two times."""
    return answer(body) * 2


async def ten_megabytes(_asked: Asked, _body: bytes) -> bytes:
    """Much more than anybody asked for."""
    return answer(b"[" + b" " * 10_000_000 + b"]")


async def broken(_asked: Asked, body: bytes) -> bytes:
    """Half of the JSON."""
    return answer(body[: len(body) // 2] or b"[{")


async def no_list(_asked: Asked, _body: bytes) -> bytes:
    """JSON of another shape."""
    return answer({"notifications": None})


def _changed(body: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    page = json.loads(body)
    for one in page:
        change(one["status"])
    return answer(page)


def _in(year: bytes, body: bytes) -> bytes:
    return answer(_YEAR.sub(year + rb"-\1", body))


async def year_one(_asked: Asked, body: bytes) -> bytes:
    """Posts from the year 0001."""
    return _in(b"0001", body)


async def year_9999(_asked: Asked, body: bytes) -> bytes:
    """Posts from the year 9999."""
    return _in(b"9999", body)


async def four_thousand_mentions(_asked: Asked, body: bytes) -> bytes:
    """A post that names four thousand others."""

    def name_them(status: dict[str, Any]) -> None:
        names = [f"somebody{n}" for n in range(4000)]
        status["mentions"] += [
            {"id": f"9{n:06}", "username": name, "acct": name, "url": f"https://far.example/@{name}"}
            for n, name in enumerate(names)
        ]
        status["content"] += "".join(f' <a class="mention" href="https://far.example/@{n}">@{n}</a>' for n in names)

    return _changed(body, name_them)


REFUSING: dict[str, Rudeness] = {
    "429 with a time": wait_until,
    "5xx with HTML": a_page_of_html,
    "cut in mid-body": cut,
    "10 MB": ten_megabytes,
    "broken JSON": broken,
    "JSON of another shape": no_list,
}
"""Nothing can be read while this lasts, and the account's health says so."""
SLOWLY_REFUSING: dict[str, Rudeness] = {"429 without a time": wait, "30 s for an answer": slow}
YEARS: dict[str, Rudeness] = {"the year 0001": year_one, "the year 9999": year_9999}
STRANGE: dict[str, Rudeness] = {"the answer twice": twice, **YEARS, "4,000 mentions of others": four_thousand_mentions}
"""What customers say is taken in all the same."""
