"""One request to X within a budget of time, and what it means when no answer comes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.core import client
from app.core.clock import now
from app.networks.adapters.x.failures import failure
from app.networks.errors import Transient, Unknown
from app.networks.reach import TimeLeft, reaching
from app.networks.tokens import without

Params = Sequence[tuple[str, str]]

OFFICIAL: Final = "https://api.x.com"
"""Where the API is, unless a simulator stands in for it."""


_TOO_SHORT: Final = 3
"""Letters that may stand in any sentence: nothing is given away by them."""


class Unreadable(Transient):
    """The answer of X could not be read."""


class Wire:
    """A server with what is left of the time for one call of the port; signs nothing itself."""

    def __init__(self, server: str, *, budget: float = client.BUDGET) -> None:
        """`server` is its address without a trailing slash; `budget` in seconds is for all requests together."""
        self.server = server
        self.left = TimeLeft(budget)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Params = (),
        content: Any = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        authorization: str = "",
        wrote: bool = False,
    ) -> client.Answer:
        """Ask once, whatever the answer. Raises Transient, Rejected (a refused address) or, with `wrote`, Unknown."""
        headers = {"accept": "application/json", **({"authorization": authorization} if authorization else {})}
        with reaching(wrote=wrote):
            return await client.request(
                method,
                self.server + path,
                headers=headers,
                params=params,
                content=content,
                form=form,
                files=files,
                budget=self.left(),
            )


def read(answer: client.Answer, *, wrote: bool = False, act: bool = False, secrets: Iterable[str] = ()) -> Any:
    """The JSON of an answer. Raises what failure() says of it, without a secret in it; Unreadable (or Unknown) for none."""
    problem = failure(answer, wrote=wrote, act=act, now=now())
    if problem is not None:
        raise without(problem, (one for one in secrets if len(one) > _TOO_SHORT))
    try:
        return answer.json()
    except ValueError as unreadable:
        raise (Unknown if wrote else Unreadable)((Unreadable.__doc__ or "").strip()) from unreadable
