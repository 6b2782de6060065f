"""foresee_with(): whom thread_posts() asks what is promised for a ticket before its row is written, and what it tells them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.brands.models import Brand, BrandAccount
from app.core.db import Tx
from app.core.event import Event

Due = tuple[datetime | None, str | None, datetime | None]
"""When a ticket's earliest promise is due, which metric that is, and when it begins to warn."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A ticket about to be opened: the facts that will be recorded of it, but for the one that it was opened."""

    ticket_id: str
    language: str | None
    lane: str
    events: Sequence[Event]


Foresee = Callable[[Tx, Brand, BrandAccount, Sequence[Newcomer]], Awaitable[Mapping[str, Due]]]
"""What the inbox will sort newcomers by, by ticket id; who is left out has nothing due yet."""

_foresee: list[Foresee] = []


def foresee_with(foresee: Foresee) -> None:
    """Set whom to ask, who stands on a floor above; called once, by wiring."""
    _foresee[:] = [foresee]


async def foreseen(tx: Tx, brand: Brand, account: BrandAccount, coming: Sequence[Newcomer]) -> Mapping[str, Due]:
    """What these tickets will be sorted by; nothing where nobody is wired to know, and the commit says it later."""
    return await _foresee[0](tx, brand, account, coming) if _foresee and coming else {}
