"""no_hints(): the live line of a network that has none."""

from collections.abc import AsyncIterator

from app.networks.port import Hint


async def no_hints() -> AsyncIterator[Hint]:
    """Ends at once."""
    nothing: tuple[Hint, ...] = ()
    for hint in nothing:
        yield hint
