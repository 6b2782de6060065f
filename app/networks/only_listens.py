"""OnlyListens: the half of the port that is the same wherever nothing can be answered from here."""

# ruff: noqa: ARG002 - the port gives everybody what only some of them need

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from app.networks.cost import Price
from app.networks.errors import Rejected
from app.networks.incoming import Answer, Request
from app.networks.port import (
    Account,
    Authorization,
    Checked,
    Hint,
    Limits,
    Outgoing,
    Page,
    Published,
    Thread,
    Upload,
    Visibility,
)
from app.networks.silence import no_hints


class NothingLeaves(Rejected):
    """Nothing can be answered there from here."""


class OnlyListens:
    """What is read and never answered."""

    prices: tuple[Price, ...] = ()

    def limits(self, account: Account) -> Limits:
        """Nothing may be sent."""
        return Limits(0, "graphemes", None, False, False, 0, (), 0, 0)

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        """Nobody signs in there. Raises NothingLeaves."""
        raise NothingLeaves

    async def older_mentions(
        self, account: Account, before: str | None, *, limit: int = 80, since: datetime | None = None
    ) -> Page:
        """Nothing: what there is, is in the newest page."""
        return Page((), (), before, more=False)

    async def thread(self, account: Account, remote_id: str) -> Thread:
        """Nothing: nobody there says what stands around a post."""
        return Thread((), ())

    def checks(self, account: Account) -> int:
        """None: nobody there says what became of a post."""
        return 0

    async def vanished(self, account: Account, remote_ids: Sequence[str], job: str | None) -> Checked:
        """None is known to have vanished."""
        return Checked()

    def hints(self, account: Account) -> AsyncIterator[Hint]:
        """Nothing to listen at."""
        return no_hints()

    async def incoming(self, account: Account, request: Request) -> Answer:
        """Nobody calls. Raises NothingLeaves."""
        raise NothingLeaves

    async def prepare(self, account: Account, outgoing: Outgoing) -> dict[str, Any]:
        """Raises NothingLeaves."""
        raise NothingLeaves

    async def upload(self, account: Account, upload: Upload) -> str:
        """Raises NothingLeaves."""
        raise NothingLeaves

    async def publish(self, account: Account, outgoing: Outgoing) -> Published:
        """Raises NothingLeaves."""
        raise NothingLeaves

    def repeat_safe(self, account: Account, outgoing: Outgoing) -> float | None:
        """Nothing is ever published."""
        return None

    async def find(self, account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
        """Nothing was ever published."""
        return None

    def compose(
        self, parent_handle: str, others: Sequence[str], text: str, visibility: Visibility, *, own: str = ""
    ) -> str:
        """The text as it is."""
        return text
