"""The calls we make to one server, within one budget of time, and how their failures map to networks.errors."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from app.core import client
from app.core.clock import now
from app.networks.adapters.mastodon.failures import failure
from app.networks.errors import Transient, Unauthorized, Unknown
from app.networks.port import Account
from app.networks.reach import TimeLeft, reaching
from app.networks.tokens import bearer, without

Params = Sequence[tuple[str, str]]

LARGE: Final = 32_000_000
"""Bytes of a thread at most: Mastodon answers up to 8,192 posts at once."""
ABSENT: Final = frozenset((400, 403, 404, 405, 406, 410, 422, 501))
"""Statuses that say: this server does not have what we asked for, or not for us."""


class Api:
    """One server as one account sees it, or nobody in particular; made for one call of the port and its 20 seconds."""

    def __init__(self, server: str, token: str | None = None, *, budget: float = client.BUDGET) -> None:
        """`server` is its address without a trailing slash; `budget` in seconds is for all requests together."""
        self.server = server
        self._token = token
        self.left = TimeLeft(budget)

    @classmethod
    def of(cls, account: Account) -> "Api":
        """The server of an account, signed in as it."""
        return cls(account.server, account.credentials.get("token", ""))

    async def get(
        self, path: str, params: Params = (), *, one_post: bool = False, largest: int = client.LARGEST
    ) -> Any:
        """Read JSON. Raises Transient when there is none to read, and what failure() says of other answers."""
        answer = await self.ask("GET", path, params=params, largest=largest)
        return self.read(answer, one_post=one_post)

    async def get_if_there(self, path: str, params: Params = ()) -> Any:
        """Read JSON from a place that not every server has: None when this one does not, or refuses."""
        answer = await self.ask("GET", path, params=params)
        if answer.status in ABSENT or 300 <= answer.status < 400:
            return None
        try:
            return self.read(answer)
        except (Transient, Unauthorized):
            return None

    async def send(
        self, method: str, path: str, content: Any, *, headers: Mapping[str, str] | None = None, wrote: bool = False
    ) -> Any:
        """Send JSON and read JSON. With `wrote`, an open fate is Unknown, and 404 says that the parent is Gone."""
        answer = await self.ask(method, path, content=content, headers=headers, wrote=wrote)
        return self.read(answer, wrote=wrote, one_post=wrote)

    async def form(self, path: str, form: Mapping[str, str]) -> Any:
        """Send a form and read JSON, as OAuth wants it."""
        return self.read(await self.ask("POST", path, form=form))

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Params = (),
        content: Any = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        wrote: bool = False,
        largest: int = client.LARGEST,
    ) -> client.Answer:
        """Ask once, whatever the answer. Raises Transient, Rejected (a refused address), Unauthorized or Unknown."""
        signed = {"accept": "application/json", **(headers or {})}
        if self._token is not None:
            signed["authorization"] = bearer(self._token)
        with reaching(wrote=wrote, too_large=TooLarge):
            return await client.request(
                method,
                self.server + path,
                headers=signed,
                params=params,
                content=content,
                form=form,
                files=files,
                budget=self.left(),
                largest=largest,
            )

    def read(self, answer: client.Answer, *, wrote: bool = False, one_post: bool = False) -> Any:
        """The JSON of an answer. Raises what failure() says of it; Unreadable, or with `wrote` Unknown, for no JSON."""
        problem = failure(answer, wrote=wrote, one_post=one_post, now=now())
        if problem is not None:
            raise without(problem, [self._token or ""])
        try:
            return answer.json()
        except ValueError as unreadable:
            if wrote:
                raise Unknown((Unreadable.__doc__ or "").strip()) from unreadable
            raise Unreadable from unreadable


class Unreadable(Transient):
    """The server's answer could not be read."""


class TooLarge(Transient):
    """The server's answer is too large to read."""


def segment(remote_id: str) -> str:
    """An id as one piece of a path, whatever characters it holds."""
    return quote(remote_id, safe="")
