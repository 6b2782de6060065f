"""One question to one server of this network, and how its failures map to networks.errors."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import client
from app.core.clock import now
from app.networks.adapters.bluesky.failures import failure
from app.networks.errors import Transient, Unknown
from app.networks.reach import reaching
from app.networks.tokens import bearer, without

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
        signed["authorization"] = bearer(token)
    with reaching(wrote=wrote):
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
    problem = failure(answer, wrote=wrote, now=now())
    if problem is not None:
        raise without(problem, [token or ""])
    try:
        return answer.json() if answer.body else None
    except ValueError as unreadable:
        if wrote:
            raise Unknown((Unreadable.__doc__ or "").strip()) from unreadable
        raise Unreadable from unreadable
