"""The promises of the port, kept for feeds: they are read, and whoever wants to answer follows the link."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.networks.adapters.feeds import connect as connecting
from app.networks.adapters.feeds import pages, websub
from app.networks.answerable import Answerable, Asked
from app.networks.cost import Price
from app.networks.errors import Rejected, Transient
from app.networks.incoming import Answer, Request
from app.networks.port import (
    Account,
    Authorization,
    Connected,
    ConnectField,
    Hint,
    Inbound,
    Limits,
    Outgoing,
    Page,
    Published,
    Thread,
    Upload,
    Visibility,
)
from app.networks.silence import no_hints
from app.networks.words import Language, Words, words_beside


class OnlyListens(Rejected):
    """A feed can only be read: nothing can be answered there from here."""


class Feeds:
    """RSS, Atom and JSON Feed."""

    name: str = "feeds"
    words: Mapping[Language, Words] = words_beside(__file__)
    mark: str = (
        "M5 3a16 16 0 0 1 16 16h-3A13 13 0 0 0 5 6V3Zm0 6a10 10 0 0 1 10 10h-3a7 7 0 0 0-7-7V9Zm2 6a2 2 0 1 1 0 4"
        " 2 2 0 0 1 0-4Z"
    )
    can: frozenset[str] = frozenset(("token", "incoming"))
    connect_fields: tuple[ConnectField, ...] = (
        ConnectField("server", "connect.feeds.server", "url", placeholder="blog.example/feed"),
        ConnectField("words", "connect.feeds.words", "text", required=False),
        ConnectField("own", "connect.feeds.own", "text", required=False),
    )
    prices: tuple[Price, ...] = ()

    def limits(self, account: Account) -> Limits:
        """Nothing may be sent."""
        return Limits(0, "graphemes", None, False, False, 0, (), 0, 0)

    async def authorize(self, fields: dict[str, str], return_url: str) -> Authorization:
        """Nobody signs in at a feed. Raises Rejected."""
        raise OnlyListens

    async def connect(
        self, fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str
    ) -> Connected:
        """Find the feed at the address, or the one that the page there names."""
        said = {name: fields.get(name, "") for name in ("server", "own", "words")}
        return await connecting.describe(said["server"], said["own"], said["words"], self.name)

    async def refresh(self, account: Account) -> Connected:
        """Read the feed's description again."""
        own, listens = (str(account.traits.get(name) or "") for name in ("own", "words"))
        return await connecting.describe(account.server, own, listens, self.name)

    async def mentions(self, account: Account, cursor: str | None, *, limit: int = 80) -> Page:
        """What was added or edited since the cursor; with None what the feed holds now."""
        return await pages.after(account, cursor, limit)

    async def older_mentions(self, account: Account, before: str | None, *, limit: int = 80) -> Page:
        """Nothing: a feed holds only its newest items, which the first reading takes in."""
        return Page((), (), before, more=False)

    async def thread(self, account: Account, remote_id: str) -> Thread:
        """Nothing: a feed does not say what stands around an item."""
        return Thread((), ())

    async def post(self, account: Account, remote_id: str) -> Inbound:
        """An item cannot be asked for; edits come with the next page. Raises Transient."""
        raise Transient("A feed cannot be asked for one of its items.")

    def hints(self, account: Account) -> AsyncIterator[Hint]:
        """Nothing to listen at; a hub calls us instead."""
        return no_hints()

    def answerable(self, account: Account, asked: Asked, at: datetime) -> Answerable:
        """Only by a person, where it was written."""
        return Answerable("by_hand", "answer.feeds.only_listens", url=asked.url)

    async def incoming(self, account: Account, request: Request) -> Answer:
        """A hub confirms a subscription or tells of news."""
        return websub.answered(account, request)

    async def prepare(self, account: Account, outgoing: Outgoing) -> dict[str, Any]:
        """Raises OnlyListens."""
        raise OnlyListens

    async def upload(self, account: Account, upload: Upload) -> str:
        """Raises OnlyListens."""
        raise OnlyListens

    async def publish(self, account: Account, outgoing: Outgoing) -> Published:
        """Raises OnlyListens."""
        raise OnlyListens

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
