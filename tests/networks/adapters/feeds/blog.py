"""A blog on loopback whose feed, hub and manners a test decides."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

from tests.rude import Asked, answer, rude_server

SAMPLES = Path(__file__).parent / "samples"


def sample(number: str) -> bytes:
    return next(SAMPLES.glob(f"{number}_*")).read_bytes()


def atom(*entries: str, more: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Talk</title><id>urn:f</id>{more}{"".join(entries)}</feed>'.encode()


def entry(key: str, words: str, *, who: str = "Nora", at: str = "2026-11-01T10:00:00Z", link: str = "") -> str:
    address = link or f"https://blog.example/{key}"
    return (
        f"<entry><id>urn:{key}</id><title>{words}</title><link href='{address}'/><published>{at}</published>"
        f"<author><name>{who}</name></author><content type='html'>&lt;p&gt;{words}&lt;/p&gt;</content></entry>"
    )


@dataclass
class Blog:
    """What is served at /feed, by what rules, and what was asked."""

    url: str = ""
    body: bytes = field(default_factory=atom)
    headers: dict[str, str] = field(default_factory=dict)
    status: str = "200 OK"
    places: dict[str, bytes] = field(default_factory=dict)  # whole answers, by path
    asked: list[Asked] = field(default_factory=list)
    validates: bool = True

    async def handle(self, asked: Asked) -> bytes:
        self.asked.append(asked)
        if asked.path in self.places:
            return self.places[asked.path]
        etag = f'W/"{hash(self.body)}"'
        if self.validates and self.status.startswith("200") and asked.headers.get("if-none-match") == etag:
            return answer(b"", f"ETag: {etag}", status="304 Not Modified")
        lines = [f"{name}: {value}" for name, value in {"Content-Type": "application/xml", **self.headers}.items()]
        return answer(self.body, f"ETag: {etag}", *lines, status=self.status)

    @property
    def forms(self) -> list[dict[str, str]]:
        """What was posted to a hub."""
        posted = [asked for asked in self.asked if asked.method == "POST"]
        return [{name: values[0] for name, values in parse_qs(one.body.decode()).items()} for one in posted]


@asynccontextmanager
async def a_blog() -> AsyncIterator[Blog]:
    blog = Blog()
    async with rude_server(blog.handle) as url:
        blog.url = url
        yield blog
