"""A blog's feed as a stage of the contract test: what is said there is read, and nothing can be answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.core.clock import now
from tests.networks.adapters.feeds.blog import Blog, atom, entry
from tests.networks.stage import Ordinary
from tests.rude import Asked, answer, rude_server
from tests.threaded import Threaded


class FeedStage(Threaded, Ordinary):
    """What the contract test does with a feed; it is open to everybody, so that nobody signs in."""

    network = "feeds"
    token = ""
    tells_language = False
    names_people = False
    news = "/feed"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        self.blog = Blog()
        async with rude_server(self._handle) as blog:
            self.url = self.brand_id = f"{blog}/feed"
            yield

    def reset(self) -> None:
        self._said: list[str] = []
        self.blog.body = atom()
        self.mend()

    def brand(self) -> str:
        return self.token

    def fields(self) -> dict[str, str]:
        return {"server": self.url, "own": "acme"}

    def full_handle(self, name: str) -> str:
        return "127.0.0.1/feed" if name == "acme" else f"{name}@127.0.0.1"

    def post(self, author: str, text: str, **_more: Any) -> str:
        key = str(len(self._said) + 1)
        self._said.insert(0, entry(key, text, who=author, at=now().isoformat()))
        self.blog.body = atom(*self._said)
        return f"urn:{key}"

    async def post_as_brand(self, text: str) -> str:
        return self.post("acme", text)

    def react(self, who: str, post_id: str) -> None:
        """A feed holds no likes."""

    def posts_of_brand(self) -> list[dict[str, Any]]:
        return []

    def break_reads(self, fault: str) -> None:
        self._fault = fault

    def limit_rate(self, seconds: int) -> None:
        self._fault = f"rate_limit {seconds}"

    def mend(self) -> None:
        self._fault = ""

    def revoke(self) -> None:
        self._fault = "closed"

    async def _handle(self, asked: Asked) -> bytes | None:
        kind, _, seconds = self._fault.partition(" ")
        match kind:
            case "drop":
                asked.writer.transport.abort()
                return None
            case "error":
                return answer(b"", status="500 Oh")
            case "html":
                return answer(b"<html>Bad gateway", "Content-Type: text/html", status="502 Bad")
            case "broken":
                return answer(b'{"version": ')
            case "closed":
                return answer(b"", status="403 Forbidden")
            case "rate_limit":
                return answer(b"", f"Retry-After: {seconds}", status="429 Slow")
        return await self.blog.handle(asked)


STAGES = {"feeds": FeedStage}
NAME_IS_A_WORD: dict[str, str] = {}
