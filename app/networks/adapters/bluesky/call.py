"""One question to one server of this network, and how its failures map to networks.errors."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import client
from app.core.addresses import HostRefused, HostUnknown
from app.core.clock import now
from app.networks.adapters.bluesky.failures import failure
from app.networks.errors import NetworkError, Rejected, Transient, Unauthorized, Unknown

Params = Sequence[tuple[str, str]]


class Unreadable(Transient):
    """The server's answer could not be read."""


async def call(
    method: str,
    url: str,
    *,
    token: str | None,
    budget: float,
    params: Params = (),
    content: Any = None,
    data: tuple[bytes, str] | None = None,
    headers: Mapping[str, str] | None = None,
    wrote: bool = False,
    largest: int = client.LARGEST,
) -> Any:
    """Ask once and read the JSON of the answer. Raises what failure() says of it, Unreadable, or Unknown with `wrote`.

    `budget` in seconds; `data` goes out as it is, with its media type.
    """
    signed = {"accept": "application/json", **(headers or {})}
    if token is not None:
        signed["authorization"] = f"Bearer {_checked(token)}"
    try:
        answer = await client.request(
            method,
            url,
            headers=signed,
            params=params,
            content=content,
            data=data,
            budget=budget,
            largest=largest,
        )
    except HostRefused as refused:
        raise Rejected(refused.sentence) from refused
    except HostUnknown as unknown:
        raise Transient(unknown.sentence) from unknown
    except client.AnswerTooLarge as large:
        raise (Unknown if wrote else Transient)(large.sentence) from large
    except client.Unreachable as lost:
        raise (Unknown if wrote and lost.sent else Transient)(lost.sentence) from lost
    problem = failure(answer, wrote=wrote, now=now())
    if problem is not None:
        raise _without(token, problem)
    try:
        return answer.json() if answer.body else None
    except ValueError as unreadable:
        if wrote:
            raise Unknown((Unreadable.__doc__ or "").strip()) from unreadable
        raise Unreadable from unreadable


def _checked(token: str) -> str:
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Unauthorized
    return token


def _without(token: str | None, problem: NetworkError) -> NetworkError:
    if token and token in problem.sentence:
        problem.sentence = problem.sentence.replace(token, "…")
        problem.args = (problem.sentence,)
    return problem
