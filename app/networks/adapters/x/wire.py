"""One request to X within a budget of time, and what it means when no answer comes."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.core import client
from app.core.addresses import HostRefused, HostUnknown
from app.core.clock import now
from app.networks.adapters.x.failures import failure
from app.networks.errors import NetworkError, Rejected, Transient, Unknown

Params = Sequence[tuple[str, str]]

OFFICIAL: Final = "https://api.x.com"
"""Where the API is, unless a simulator stands in for it."""


class Unreadable(Transient):
    """The answer of X could not be read."""


class Wire:
    """A server with what is left of the time for one call of the port; signs nothing itself."""

    def __init__(self, server: str, *, budget: float = client.BUDGET) -> None:
        """`server` is its address without a trailing slash; `budget` in seconds is for all requests together."""
        self.server = server
        self._until = asyncio.get_running_loop().time() + budget

    def left(self) -> float:
        """Seconds left of the budget, never less than a moment."""
        return max(self._until - asyncio.get_running_loop().time(), 0.001)

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
        try:
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
        except HostRefused as refused:
            raise Rejected(refused.sentence) from refused
        except HostUnknown as unknown:
            raise Transient(unknown.sentence) from unknown
        except client.AnswerTooLarge as large:
            raise (Unknown if wrote else Transient)(large.sentence) from large
        except client.Unreachable as lost:
            raise (Unknown if wrote and lost.sent else Transient)(lost.sentence) from lost


def read(answer: client.Answer, *, wrote: bool = False, act: bool = False, secrets: Iterable[str] = ()) -> Any:
    """The JSON of an answer. Raises what failure() says of it, without a secret in it; Unreadable (or Unknown) for none."""
    problem = failure(answer, wrote=wrote, act=act, now=now())
    if problem is not None:
        raise without(problem, secrets)
    try:
        return answer.json()
    except ValueError as unreadable:
        raise (Unknown if wrote else Unreadable)((Unreadable.__doc__ or "").strip()) from unreadable


def without(problem: NetworkError, secrets: Iterable[str]) -> NetworkError:
    """The failure with every secret taken out of its sentence."""
    for secret in secrets:
        if len(secret) > 3 and secret in problem.sentence:
            problem.sentence = problem.sentence.replace(secret, "…")
            problem.args = (problem.sentence,)
    return problem
