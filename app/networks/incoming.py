"""Requests that a network makes to us: what the house hands over, and what the adapter makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came, before anything of it is believed; at most 1 MB of body."""

    method: str  # GET or POST
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes  # raw: signatures are over these bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer, and whether something may have happened to the account, so that it is read now."""

    status: int
    body: str = ""
    media_type: str = "text/plain"
    happened: bool = False
    about: tuple[
        str, ...
    ] = ()  # remote_ids of posts that were edited or deleted: their conversations are read again now
    problem: str | None = None  # for our log and metrics: "signature"; never what was in the request
    items: tuple[Any, ...] = ()
    """Posts (port.Inbound) that came with the request and that no reading would bring: taken in before it is answered."""
