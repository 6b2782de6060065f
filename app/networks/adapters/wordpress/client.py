"""The calls we make to one WordPress site, within one budget of time, and what its refusals mean."""

import base64
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from app.core import client
from app.core.clock import now
from app.networks.errors import Gone, NetworkError, RateLimited, Rejected, Transient, Unauthorized, Unknown
from app.networks.foreign import member, words
from app.networks.html import plain, read_html
from app.networks.port import Account
from app.networks.reach import TimeLeft, reaching
from app.networks.retry_after import retry_at

Params = Sequence[tuple[str, str]]

PAST_THE_END: Final = "rest_post_invalid_page_number"
_CLOSED: Final = frozenset(("rest_comment_closed", "rest_comment_invalid_post_id", "rest_comment_draft_post"))
_NOT_FOR_US: Final = ("rest_cannot_", "rest_forbidden")


class Unreadable(Transient):
    """The site's answer could not be read."""


class Walled(Transient):
    """Something in front of the site, such as a firewall, does not let us through to its REST interface."""


class Api:
    """One site as one account sees it, or as anybody does; made for one call of the port and its 20 seconds."""

    def __init__(self, root: str, credentials: dict[str, str] | None = None) -> None:
        """`root` is the REST address, "https://blog.example/wp-json/" or "https://blog.example/?rest_route=/"."""
        self._root = root
        self._credentials = credentials
        self._left = TimeLeft()

    @classmethod
    def of(cls, account: Account) -> "Api":
        """The site of an account, signed in as it."""
        return cls(str(account.traits.get("root") or f"{account.server}/wp-json/"), account.credentials)

    async def get(self, path: str, params: Params = (), *, one_post: bool = False) -> Any:
        """Read JSON. With `one_post`, what is not there or not for us is Gone."""
        answer = await self.ask("GET", path, params)
        if problem := failure(answer, wrote=False, one_post=one_post):
            raise problem
        return _json(answer)

    async def page(self, path: str, params: Params) -> list[Any]:
        """Read a list; past its end it is empty."""
        answer = await self.ask("GET", path, params)
        if answer.status == 400 and code(answer) == PAST_THE_END:
            return []
        if problem := failure(answer, wrote=False, one_post=False):
            raise problem
        found = _json(answer)
        if not isinstance(found, list):
            raise Unreadable
        return found

    async def write(self, path: str, content: dict[str, Any]) -> Any:
        """Send JSON that publishes, and read JSON. Raises Unknown whenever it may have been done."""
        answer = await self.ask("POST", path, (), content)
        if problem := failure(answer, wrote=True, one_post=True):
            raise problem
        try:
            return answer.json()
        except ValueError as unreadable:
            raise Unknown((Unreadable.__doc__ or "").strip()) from unreadable

    async def ask(self, method: str, path: str, params: Params = (), content: Any = None) -> client.Answer:
        """Ask once, whatever the answer. Raises Transient, Rejected (a refused address) or Unknown."""
        url = f"{self._root}{path}"
        if params:
            url += ("&" if "?" in self._root else "?") + urlencode(params)
        headers = {"accept": "application/json"}
        if self._credentials is not None:
            headers["authorization"] = basic(self._credentials)
        with reaching(wrote=content is not None):
            return await client.request(method, url, headers=headers, content=content, budget=self._left())


def basic(credentials: dict[str, str]) -> str:
    """The header of an application password; WordPress shows it in groups of four, which may be kept or not."""
    pair = f"{credentials.get('user', '')}:{credentials.get('token', '')}"
    return "Basic " + base64.b64encode(pair.encode("utf-8", "replace")).decode()


def failure(answer: client.Answer, *, wrote: bool, one_post: bool) -> NetworkError | None:
    """Name what went wrong, or None. A duplicate comment is Unknown: it is evidence that ours is there already."""
    status, kind = answer.status, code(answer)
    if 200 <= status < 300:
        return None
    said = sentence(answer)
    if kind == "comment_duplicate":
        return Unknown(said)
    if status == 429 or kind == "comment_flood" or (status == 503 and "retry-after" in answer.headers):
        return RateLimited(said, retry_at=retry_at(answer.headers, now()))
    if kind in _CLOSED:
        return Rejected(said)
    if status in {401, 403}:
        return _refused(status, kind, said, wrote=wrote, one_post=one_post)
    if one_post and status in {404, 410} and kind != "rest_no_route":
        return Gone(said)
    if status in {408, 425} or status >= 500:
        return Unknown(said) if wrote else Transient(said)
    return Rejected(said)


def _refused(status: int, kind: str | None, said: str, *, wrote: bool, one_post: bool) -> NetworkError:
    """What 401 and 403 mean: a comment that is not for us, a sign-in that is over, or a wall before the site."""
    if kind is not None and one_post and not wrote and kind.startswith(_NOT_FOR_US):
        return Gone(said)
    if kind is None and status == 403:
        return Walled()
    return Rejected(said) if status == 403 and wrote else Unauthorized(said)


def code(answer: client.Answer) -> str | None:
    """WordPress's own word for an error; None when the answer is not WordPress's."""
    try:
        return words(member(answer.json(), "code"), 100)
    except ValueError:
        return None


def sentence(answer: client.Answer) -> str:
    """WordPress's own words for an error, without its HTML; without any, the status code."""
    try:
        said = words(member(answer.json(), "message"), 500)
    except ValueError:
        said = None
    return plain(read_html(said))[:300] if said else f"The site answered {answer.status}."


def _json(answer: client.Answer) -> Any:
    try:
        return answer.json()
    except ValueError as unreadable:
        raise Unreadable from unreadable
