"""Asking a network's server within a budget of time, and what it means when no answer comes, in words of networks.errors."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from app.core import client
from app.core.addresses import HostRefused, HostUnknown
from app.networks.errors import NetworkError, Rejected, Transient, Unknown


@contextmanager
def reaching(*, wrote: bool = False, too_large: type[NetworkError] = Transient) -> Iterator[None]:
    """Requests to a server are made in here.

    With `wrote` each has a connection of its own, so that none is settled by an answer to another one.

    Raises Rejected for an address that is not public, Transient when the server cannot be reached, `too_large` for an
    answer that is; with `wrote` Unknown, whenever what was asked may have been done.
    """
    try:
        with client.apart() if wrote else nullcontext():
            yield
    except HostRefused as refused:
        raise Rejected(refused.sentence) from refused
    except HostUnknown as unknown:
        raise Transient(unknown.sentence) from unknown
    except client.AnswerTooLarge as large:
        raise (Unknown if wrote else too_large)(large.sentence) from large
    except client.Unreachable as lost:
        raise (Unknown if wrote and lost.sent else Transient)(lost.sentence) from lost


class TimeLeft:
    """The seconds left of a budget that is for all requests of one call of the port together; ask it by calling it."""

    def __init__(self, budget: float = client.BUDGET) -> None:
        """`budget` in seconds, from now on."""
        self._until = asyncio.get_running_loop().time() + budget

    def __call__(self) -> float:
        """Seconds left, never less than a moment."""
        return max(self._until - asyncio.get_running_loop().time(), 0.001)
