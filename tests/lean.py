"""Lean: a network in memory, quick and steerable, for tests whose subject is the house and not the wire."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.core.clock import now
from app.networks.answerable import YES, Answerable, Asked
from app.networks.cost import Price
from app.networks.errors import Gone, NetworkError, Rejected, Unknown
from app.networks.incoming import Answer, Request
from app.networks.port import (
    Account,
    Author,
    Authorization,
    Checked,
    Connected,
    ConnectField,
    Hint,
    Inbound,
    Limits,
    Outgoing,
    Page,
    Published,
    Reject,
    Role,
    Segment,
    Thread,
    Upload,
    Visibility,
)
from app.networks.words import Language, Words

SERVER = "https://lean.example"
BRAND = "acme"


def author(name: str) -> Author:
    return Author(f"id-{name}", f"{name}@lean.example", name.title())


def a_post(
    key: str,
    who: str,
    at: datetime,
    text: str = "",
    *,
    under: str | None = None,
    role: Role | None = None,
    visibility: Visibility = "public",
    language: str | None = "en",
    edited_at: datetime | None = None,
    facts: dict[str, Any] | None = None,
) -> Inbound:
    """A post of the lean network; its role follows from who wrote it unless it is said."""
    guessed: Role = "own" if who == BRAND else "direct" if visibility == "direct" else "mention"
    words = text or f"@{BRAND} {key}"
    return Inbound(
        uri=f"{SERVER}/posts/{key}",
        remote_id=key,
        author=author(who),
        role=role or guessed,
        segments=(Segment("text", words),),
        text=words,
        posted_at=at,
        visibility=visibility,
        in_reply_to=under,
        language=language,
        edited_at=edited_at,
        addressed=(BRAND,),
        facts=facts or {},
    )


@dataclass
class Out:
    """Something that was published, and under which key."""

    key: str
    outgoing: Outgoing
    published: Published


class Lean:
    """Posts in a list; what goes wrong is up to the test: `before_publish` and `after_publish` may raise or wait."""

    name = "lean"
    words: Mapping[Language, Words] = dict.fromkeys(
        ("en", "fr"), Words(label="Lean", connect={"token": "Token"}, answer={}, cost={}, trouble={})
    )
    mark = "M0 0h24v24H0z"
    connect_fields = (ConnectField("token", "connect.lean.token", "secret"),)
    prices: tuple[Price, ...]  # with prices, "mention.read" and "post.create" are counted

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.prices = ()
        self.can = frozenset(
            {"public", "private", "media", "content_warning", "edit", "backfill", "token", "reread", "late"}
        )
        self.rule: Callable[[Asked, datetime], Answerable] | None = None
        self.prepares: Callable[[Outgoing], Awaitable[dict[str, Any]]] | None = None
        self.answers: Callable[[Request], Awaitable[Answer]] | None = None
        self.doubt: str | None = None
        self.addressee: str | None = None
        self.posts: dict[str, Inbound] = {}
        self.feed: list[Inbound | Reject] = []
        self.failures: list[NetworkError] = []
        self.out: list[Out] = []
        self.keeps_keys: float | None = None
        self.asked: list[str] = []
        self.page_size = 80
        self.checked_at_once = 0
        self.answers_later = False
        self.known_as: str = BRAND
        self.while_reading: Callable[[], Awaitable[None]] | None = None
        self.before_publish: Callable[[Outgoing], Awaitable[None]] | None = None
        self.after_publish: Callable[[Outgoing], Awaitable[None]] | None = None

    # --- the test's hand -------------------------------------------------------------------------------------------

    def say(self, *posts: Inbound, quietly: bool = False) -> None:
        """Let posts be there; those that address the brand are told to it, unless they come quietly."""
        for post in posts:
            self.posts[post.remote_id] = post
            if post.role in {"mention", "quote", "direct"} and not quietly:
                self.feed.append(post)

    def _fail(self, what: str) -> None:
        self.asked.append(what)
        if self.failures:
            raise self.failures.pop(0)

    # --- the port --------------------------------------------------------------------------------------------------

    def limits(self, account: Account) -> Limits:
        return Limits(500, "graphemes", 23, True, True, 4, ("image/png",), 1_000_000, 1500)

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        raise NotImplementedError

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        return lean_account(fields["token"])

    async def refresh(self, account: Account) -> Connected:
        self._fail("refresh")
        present = lean_account(account.credentials["token"])
        return replace(present, account=replace(present.account, handle=self.known_as))

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        self._fail("mentions")
        if self.prices and cursor is not None:
            account.meter.add("mention.read", len(self.feed[int(cursor) :][: self.page_size]))
        if self.while_reading is not None:
            await self.while_reading()
        if cursor is None:
            return Page((), (), str(len(self.feed)), more=False)
        start = int(cursor)
        part = self.feed[start : start + self.page_size]
        end = start + len(part)
        return self._page(part, str(end), more=end < len(self.feed))

    async def older_mentions(
        self, account: Account, before: str | None, *, limit: int = 80, since: datetime | None = None
    ) -> Page:
        self._fail("older_mentions")
        end = len(self.feed) if before is None else int(before)
        start = max(end - self.page_size, 0)
        return self._page(self.feed[start:end], str(start), more=start > 0)

    def _page(self, part: Sequence[Inbound | Reject], cursor: str, *, more: bool) -> Page:
        items = tuple(self.posts[p.remote_id] for p in part if isinstance(p, Inbound))
        return Page(items, tuple(p for p in part if isinstance(p, Reject)), cursor, more)

    async def thread(self, account: Account, remote_id: str) -> Thread:
        self._fail(f"thread {remote_id}")
        post = await self.post(account, remote_id)
        above: list[Inbound] = []
        parent = self.posts.get(post.in_reply_to or "")
        while parent is not None:
            above.insert(0, parent)
            parent = self.posts.get(parent.in_reply_to or "")
        below: list[Inbound] = []
        level = {remote_id}
        while level:
            found = [p for p in self.posts.values() if p.in_reply_to in level]
            below += found
            level = {p.remote_id for p in found}
        return Thread(tuple(above), tuple(below), post)

    async def post(self, account: Account, remote_id: str) -> Inbound:
        if remote_id not in self.posts:
            raise Gone
        return self.posts[remote_id]

    def checks(self, account: Account) -> int:
        return self.checked_at_once

    async def vanished(self, account: Account, remote_ids: Sequence[str], job: str | None) -> Checked:
        self._fail(f"vanished {' '.join(remote_ids) or job}")
        if self.answers_later and job is None:
            return Checked(job=" ".join(remote_ids), again=5)
        return Checked(frozenset(set(job.split() if job else remote_ids) - self.posts.keys()))

    async def hints(self, account: Account) -> AsyncIterator[Hint]:
        await asyncio.sleep(3600)
        yield Hint()

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        if asked.vanished:
            return Answerable("no", "answer.vanished")
        return self.rule(asked, at) if self.rule is not None else YES

    async def incoming(self, account: Account, request: Request) -> Answer:
        if self.answers is None:
            raise Rejected
        return await self.answers(request)

    async def prepare(self, account: Account, outgoing: Outgoing) -> dict[str, Any]:
        return await self.prepares(outgoing) if self.prepares is not None else {}

    async def upload(self, account: Account, upload: Upload) -> str:
        self._fail("upload")
        return f"media-{len(self.asked)}"

    async def publish(self, account: Account, outgoing: Outgoing) -> Published:
        self._fail("publish")
        if self.before_publish is not None:
            await self.before_publish(outgoing)
        if self.prices:
            account.meter.add("post.create")
        published = self._put(outgoing)
        if self.after_publish is not None:
            await self.after_publish(outgoing)
        return published

    def _put(self, outgoing: Outgoing) -> Published:
        for out in self.out if self.keeps_keys is not None else ():
            if out.key == outgoing.key:
                return out.published
        key = f"out-{len(self.out)}"
        post = replace(
            a_post(key, BRAND, now(), outgoing.text, under=outgoing.in_reply_to, visibility=outgoing.visibility),
            content_warning=outgoing.content_warning,
        )
        self.posts[key] = post
        facts = {"root": outgoing.parent_facts.get("root", outgoing.in_reply_to)}
        published = Published(
            key,
            post.uri,
            post.uri,
            post.posted_at,
            post.segments,
            post.text,
            facts=facts,
            doubt=self.doubt,
            addressee=self.addressee,
        )
        self.posts[key] = replace(post, facts=facts)
        self.out.append(Out(outgoing.key, outgoing, published))
        return published

    def repeat_safe(self, account: Account, outgoing: Outgoing) -> float | None:
        return self.keeps_keys

    async def find(self, account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
        self._fail("find")
        for out in self.out:
            same = (out.outgoing.in_reply_to, out.outgoing.text) == (outgoing.in_reply_to, outgoing.text)
            if same and out.published.posted_at >= since:
                return out.published
        return None

    def compose(
        self, parent_handle: str, others: Sequence[str], text: str, visibility: Visibility, *, own: str = ""
    ) -> str:
        return f"@{parent_handle} {text}"


def lean_account(token: str = "secret-token") -> Connected:
    account = Account("lean", SERVER, f"id-{BRAND}", BRAND, {"token": token})
    return Connected(account, BRAND.title(), None, f"{SERVER}/@{BRAND}")


async def lost(_outgoing: Outgoing) -> None:
    """The answer does not arrive."""
    raise Unknown
